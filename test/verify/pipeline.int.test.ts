/** `verify` finds nothing wrong beside a real worker on a simulated stream with garbage, duplicates and cuts, nor after it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { parseSimulateOptions } from '../../dev/simulator/options.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import type { CommitRecord } from '../../src/contracts/storage/log-record.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { untilExact } from '../support/exactness.ts';
import { startProcess } from '../support/processes.ts';
import { verifyWorld } from '../support/verify.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { LOG_KEYS } from '../support/stream.ts';

const MINUTE = 60_000;
const EVENTS = 9_000;

describe('verify beside the pipeline', () => {
  let world: World;
  let worker: Child;
  let wikimedia: Wikimedia;
  const until = Math.floor(Date.now() / MINUTE) * MINUTE;
  // Across the start of an hour, so that one hour is sealed.
  const from = Math.min(until - 5 * MINUTE, Math.floor(until / 3_600_000) * 3_600_000 - 2 * MINUTE);
  const iso = (ms: number): string => new Date(ms).toISOString();

  beforeAll(async () => {
    world = await openWorld();
    wikimedia = await startWikimedia(
      parseSimulateOptions({
        port: '0',
        rate: String(EVENTS / ((until - from) / 1000)),
        from: iso(from),
        until: iso(until),
        replayRate: '1500',
        faults: 'garbage=0.01,duplicate=0.02,cut=2s,redelivery=3s',
      }),
    );
    worker = await startProcess(world, 'worker', {
      env: { EVENTSTREAMS_URL: wikimedia.streamUrl, FLUSH_MIN_LINES: '300', FLUSH_MAX_SEC: '1' },
    });
  });
  afterAll(async () => {
    await worker.stop();
    await wikimedia.close();
    await world.close();
  });

  const look = () => verifyWorld(world, { hours: '4' }, { pauseMs: 3_000 });
  const expectExact = async (): Promise<void> => {
    const { code, output } = await look();
    expect(output).toMatch(/^exact: 4 hours, [\d,]+ parts, [\d,]+ events, [\d,]+ edits; /m);
    expect(code).toBe(0);
  };

  test('nothing that is committed, applied or sealed meanwhile is reported as an error', async () => {
    await startIngest(world.client, INGEST_ID, { since: iso(from) });
    const pipeline = { isDone: false };
    const done = untilExact(world, wikimedia.url, iso(from), iso(until)).finally(
      () => (pipeline.isDone = true),
    );
    done.catch(() => undefined);
    let looks = 0;
    do {
      await expectExact();
      looks += 1;
    } while (!pipeline.isDone || looks < 3);
    await done;
  });

  test('at rest every offset is stored or explained, and garbage is in dead letters', async () => {
    await worker.stop();
    const { output } = await look();
    expect(output).toMatch(
      /^✔ bronze {3}\d+ parts of [1-9][\d,]* events, [1-9]\d* dead letters in \d+ objects$/m,
    );
    expect(output).toMatch(/^✔ offsets {2}[1-9][\d,]* offsets of \d topics?/m);
    expect(output).not.toContain(' ✘ ');
    await expectExact();
  });

  test('events missing from all parts leave a hole in the offsets, which is named', async () => {
    const { record, part } = await someRecord();
    // Remove the part and every mention of it, so that only the offsets show the loss.
    const { key } = part;
    const body = { ...record, parts: record.parts.filter(other => other !== part), skipped: NONE_SKIPPED };
    await world.store.remove(key);
    await world.store.remove(LOG_KEYS.keyOf(record.sequence));
    const bytes = Buffer.from(JSON.stringify(body));
    await world.store.putIfAbsent(LOG_KEYS.keyOf(record.sequence), bytes, {
      contentType: 'application/json',
    });
    await world.sql.query('delete from gold.processed_keys where s3_key = $1', [key]);
    const { output, code } = await look();
    expect(output).toContain(`✘ record ${record.sequence} passed `);
    expect(output).toMatch(/offsets that are not stored; .*mediawiki\.recentchange\/0: \d+/);
    expect(code).toBe(1);

    // A recorded gap explains the hole. The rows still have the edits, and are reported as too many.
    const time = { from: iso(part.firstAt * 1000), to: iso(part.lastAt * 1000) };
    const [, missing] = /passed (\d+) offsets/.exec(output) ?? [];
    await world.gold.recordGap({ id: 'known', cause: 'offsets', missing: Number(missing), ...time });
    const known = await look();
    expect(known.output).toMatch(/· [1-9]\d* missing messages lie in known gaps/);
    expect(known.output).toContain('✔ offsets');
    expect(known.output).toContain('rows differ from bronze');
    expect(known.code).toBe(1);
  });

  /** A record in the middle of the log with at least one part. */
  const someRecord = async () => {
    const sequences: CommitRecord[] = [];
    for await (const keys of world.store.list(LOG_KEYS.prefix)) {
      for (const key of keys) {
        const object = await world.store.get(key);
        const record = JSON.parse(Buffer.from(object?.body ?? []).toString()) as CommitRecord;
        if (record.kind === 'commit' && record.parts.length > 0) sequences.push(record);
      }
    }
    const record = sequences.at(Math.floor(sequences.length / 2));
    const part = record?.parts.toSorted((a, b) => b.events - a.events)[0];
    if (record === undefined || part === undefined) throw new Error('the log has no record with a part');
    return { record, part };
  };
});

const NONE_SKIPPED = { canaries: 0, duplicates: 0, filtered: 0 };
