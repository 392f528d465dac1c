/** The workflow of an hour on a real server: it applies each part once, reports what it did, and can be started by hand. */
import type { WorkflowHandle } from '@temporalio/client';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { TASK_QUEUE, transformHourId } from '../../src/contracts/temporal/names.ts';
import { hourPrefix } from '../../src/contracts/storage/object-keys.ts';
import { hourStartMs } from '../../src/core/time.ts';
import type { transformHour } from '../../src/workflows/index.ts';
import { untilHolds } from '../support/until.ts';
import { goldRows } from '../support/exactness.ts';
import { replayRuns } from '../support/histories.ts';
import { commitEdits } from '../support/parts.ts';
import { startProcess } from '../support/processes.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

describe('transformHour', () => {
  let world: World;
  let worker: Child;
  beforeAll(async () => {
    world = await openWorld();
    worker = await startProcess(world, 'worker');
  });
  afterAll(async () => {
    await worker.stop();
    await replayRuns(world, 'hours');
    await world.close();
  });

  const start = (input: { hour: string; parts?: string[] }): Promise<WorkflowHandle<typeof transformHour>> =>
    world.client.workflow.start<typeof transformHour>('transformHour', {
      taskQueue: TASK_QUEUE,
      workflowId: transformHourId(input.hour),
      args: [input],
    });
  const secondOf = (hour: string): number => (hourStartMs(hour) ?? 0) / 1000;
  const rowsOf = (hour: string) =>
    goldRows(world, `${hour}:00:00Z`, new Date((hourStartMs(hour) ?? 0) + 3_600_000).toISOString());

  test('applies parts as they arrive, and ends when the hour is sealed', async () => {
    const hour = '2026-11-20T10';
    const at = secondOf(hour);
    const [first = ''] = await commitEdits(world, [
      { timestamp: at, bytes: 5 },
      { timestamp: at + 59, bot: true },
    ]);
    const [second = ''] = await commitEdits(world, [{ timestamp: at + 1, bytes: -7 }]);
    const handle = await start({ hour, parts: [first] });
    await handle.signal('addPart', second);
    // Ingest repeats a notice after a crash: nothing counts twice.
    await handle.signal('addPart', [{ key: first }, { key: second }]);
    await untilHolds(async () =>
      expect(await handle.query('progress')).toMatchObject({ parts: 2, outstanding: 0 }),
    );
    expect(await handle.query('progress')).toMatchObject({
      hour,
      edits: 3,
      sealed: false,
      state: 'collecting',
      waitingFor: 'more parts, or the seal of the hour',
    });
    await handle.signal('seal');
    expect(await handle.result()).toEqual({
      hour,
      parts: 2,
      events: 3,
      edits: 3,
      distinct: 3,
      duplicates: 0,
      late: 0,
      unusable: 0,
      rows: 2,
      // The rows that were applied part by part were right.
      changedRows: 0,
      gaps: 0,
      applied: { parts: 2, repeated: 0, events: 3, edits: 3, unusable: 0 },
      endedBy: 'seal',
    });
    expect(await rowsOf(hour)).toEqual([
      `${hour}:00:00Z enwiki false 2 -2`,
      `${hour}:00:00Z enwiki true 1 1`,
    ]);
  });

  test('a revision that two events mention counts once when the hour is sealed, and the audit is kept', async () => {
    const hour = '2026-11-20T15';
    const at = secondOf(hour);
    const [first = ''] = await commitEdits(world, [{ timestamp: at, revision: 77 }, { timestamp: at + 1 }]);
    const [again = ''] = await commitEdits(world, [
      { timestamp: at + 60, revision: 77 },
      { timestamp: at + 61, wiki: 'dewiki', revision: 77 },
    ]);
    const handle = await start({ hour, parts: [first, again] });
    await handle.signal('seal');
    const counts = { parts: 2, events: 4, edits: 4, distinct: 3, duplicates: 1, late: 0 };
    expect(await handle.result()).toMatchObject({ ...counts, changedRows: 1 });
    expect(await rowsOf(hour)).toEqual([
      `${hour}:00:00Z enwiki false 2 2`,
      `${hour}:01:00Z dewiki false 1 1`,
    ]);
    const { rows } = await world.sql.query(
      `select parts, events::int, edits::int, distinct_edits::int as distinct, duplicates::int, late::int,
              changed_rows as "changedRows", sealed, gaps from gold.hours where hour = $1`,
      [`${hour}:00:00Z`],
    );
    expect(rows).toEqual([{ ...counts, changedRows: 1, sealed: true, gaps: 0 }]);
  });

  test('started by hand without parts, it rebuilds from the parts in the log and ignores other objects', async () => {
    const hour = '2026-11-20T11';
    const keys = await commitEdits(world, [{ timestamp: secondOf(hour) }]);
    const stray = `${hourPrefix(hour)}part-000000009999-abcdef.ndjson.gz`;
    const copy = await world.store.get(keys[0] ?? '');
    await world.store.putIfAbsent(stray, copy?.body ?? Buffer.alloc(0), { contentType: 'application/gzip' });
    const found = { parts: 1, edits: 1, endedBy: 'rebuild' };
    const pending = { changedRows: 0, pendingParts: 1, pendingRows: 1 };
    expect(await (await start({ hour })).result()).toMatchObject({ ...found, ...pending });
    // Once more, as an operator might: nothing changes.
    expect(await (await start({ hour })).result()).toMatchObject({ ...found, changedRows: 0 });
    expect(await rowsOf(hour)).toEqual([`${hour}:00:00Z enwiki false 1 1`]);
    // A part that is announced after the rebuild is already in the ledger.
    expect(await world.gold.unapplied(keys)).toEqual([]);
  });

  test('a row that was changed by hand is corrected, in the rebuilt hour only', async () => {
    const hour = '2026-11-20T16';
    await commitEdits(world, [{ timestamp: secondOf(hour) }, { timestamp: secondOf(hour) + 3_600 }]);
    for (const part of [hour, '2026-11-20T17']) await (await start({ hour: part })).result();
    await world.sql.query(
      `insert into gold.edits_per_min values ($1, 'nowiki', true, 5, 5)
       on conflict do nothing`,
      [`${hour}:30:00Z`],
    );
    await world.sql.query(`update gold.edits_per_min set edits = 9 where ts_minute >= $1`, [
      `${hour}:00:00Z`,
    ]);
    expect(await (await start({ hour })).result()).toMatchObject({ changedRows: 2 });
    expect(await rowsOf(hour)).toEqual([`${hour}:00:00Z enwiki false 1 1`]);
    expect(await rowsOf('2026-11-20T17')).toEqual(['2026-11-20T17:00:00Z enwiki false 9 1']);
  });

  test('an hour keeps its rows when bronze has lost a part that was counted', async () => {
    const hour = '2026-11-20T18';
    const [gone = ''] = await commitEdits(world, [{ timestamp: secondOf(hour) }]);
    await commitEdits(world, [{ timestamp: secondOf(hour) }]);
    await (await start({ hour })).result();
    await world.store.remove(gone);
    const failure = await (await start({ hour })).result().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      cause: { cause: { type: 'BronzeExpired', message: expect.stringContaining(gone) } },
    });
    expect(await rowsOf(hour)).toEqual([`${hour}:00:00Z enwiki false 2 2`]);
  });

  test('a seal that arrives during a rebuild is in the audit', async () => {
    const hour = '2026-11-20T19';
    await commitEdits(world, [{ timestamp: secondOf(hour) }]);
    const holder = new Client({ connectionString: world.env['PG_DSN'] });
    await holder.connect();
    await holder.query('begin');
    await holder.query('lock table gold.hours in access exclusive mode');
    const handle = await start({ hour });
    await untilHolds(async () => {
      const { rowCount } = await world.sql.query(
        `select from pg_stat_activity where application_name = 'wikigauge worker' and wait_event_type = 'Lock'`,
      );
      expect(rowCount).toBe(1);
    });
    await handle.signal('seal');
    await untilHolds(async () => expect(await handle.query('progress')).toMatchObject({ sealed: true }));
    await holder.end();
    expect(await handle.result()).toMatchObject({ endedBy: 'seal' });
    expect(await world.gold.unsealed([hour])).toEqual([]);
  });

  test('a damaged part fails the run, which names it, and the other parts are still applied', async () => {
    const hour = '2026-11-20T12';
    const [good = ''] = await commitEdits(world, [{ timestamp: secondOf(hour) }]);
    const damaged = `${hourPrefix(hour)}part-by-hand.ndjson.gz`;
    await world.store.putIfAbsent(damaged, Buffer.from('no gzip'), { contentType: 'application/gzip' });
    const gone = `${hourPrefix(hour)}part-gone.ndjson.gz`;
    const handle = await start({ hour, parts: [damaged, gone, good] });
    await handle.signal('seal');
    const failure = await handle.result().catch((error: unknown) => error);
    expect(failure).toMatchObject({
      cause: {
        type: 'PartsFailed',
        message: expect.stringMatching(
          new RegExp(
            `^2 parts of ${hour} could not be applied.*--workflow-id transform-${hour} --input`,
            's',
          ),
        ),
        details: [
          {
            parts: 1,
            failed: expect.arrayContaining([
              { key: damaged, reason: expect.stringContaining('cannot be decompressed') },
              { key: gone, reason: expect.stringContaining('is not in the bucket') },
            ]),
          },
        ],
      },
    });
    expect(await rowsOf(hour)).toEqual([`${hour}:00:00Z enwiki false 1 1`]);
  });

  test('started by hand with a part, as a failed hour is started again, rebuilds the whole hour by itself', async () => {
    const hour = '2026-11-20T20';
    const [first = ''] = await commitEdits(world, [{ timestamp: secondOf(hour) }]);
    await commitEdits(world, [{ timestamp: secondOf(hour) + 1 }]);
    const handle = await start({ hour, parts: [first] });
    expect(await handle.result()).toMatchObject({ parts: 2, edits: 2, endedBy: 'idle' });
    expect(await rowsOf(hour)).toEqual([`${hour}:00:00Z enwiki false 2 2`]);
  }, 150_000);

  test('a malformed signal is ignored', async () => {
    const hour = '2026-11-20T13';
    const [key = ''] = await commitEdits(world, [{ timestamp: secondOf(hour) }]);
    const handle = await start({ hour, parts: [] });
    for (const payload of [null, 5, {}, 'bronze/', key.replace('hh=13', 'hh=14'), [key, 7]]) {
      await handle.signal('addPart', payload);
    }
    await handle.signal('addPart', key);
    await handle.signal('seal');
    expect(await handle.result()).toMatchObject({ parts: 1, edits: 1 });
  });

  test('can be found by its hour', async () => {
    const hour = '2026-11-20T14';
    const handle = await start({ hour, parts: [] });
    const query = `WikigaugeHour = '${hour}' and WikigaugeStage = 'applying'`;
    await untilHolds(async () => {
      const found: string[] = [];
      for await (const run of world.client.workflow.list({ query })) found.push(run.workflowId);
      expect(found).toEqual([transformHourId(hour)]);
    });
    await handle.signal('seal');
    await handle.result();
  });
});
