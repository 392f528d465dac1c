/**
 * Invariant 8 on real parts: ingest after an outage longer than the retention of the source, and after one longer than our
 * own. Every missing range is known, and nothing counts twice.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSimulateOptions } from '../../dev/simulator/options.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { TASK_QUEUE } from '../../src/contracts/temporal/names.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import type { transformRange } from '../../src/workflows/index.ts';
import { bronzeEvents, goldRows, keysUnder, oracleRows } from '../support/exactness.ts';
import { replayRuns } from '../support/histories.ts';
import { startProcess } from '../support/processes.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const HOUR = 3_600_000;

describe('outages', () => {
  let world: World;
  const open: Wikimedia[] = [];
  const nowHour = Math.floor(Date.now() / HOUR) * HOUR;
  const iso = (hoursAgo: number): string => new Date(nowHour - hoursAgo * HOUR).toISOString();

  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(async () => {
    for (const wikimedia of open) await wikimedia.close();
    await replayRuns(world, 'gaps');
    await world.close();
  });

  /** The same simulated edits each time; the source serves those from `from` to `until` hours ago. */
  async function wikimediaOf(from: number, until: number): Promise<Wikimedia> {
    const range = { from: iso(from), until: iso(until) };
    const wikimedia = await startWikimedia(
      parseSimulateOptions({ port: '0', rate: '2', seed: '8', ...range }),
    );
    open.push(wikimedia);
    return wikimedia;
  }

  /** The last answer of the ingest workflow to `progress`. */
  let shown: unknown;

  /** Starts ingest with its default command, waits until gold equals the oracle for the given hours, and stops the worker. */
  async function readUntilExact(
    wikimedia: Wikimedia,
    from: number,
    until: number,
    since?: string,
  ): Promise<void> {
    const env = { EVENTSTREAMS_URL: wikimedia.streamUrl, FLUSH_MAX_SEC: '1' };
    const worker = await startProcess(world, 'worker', { env });
    await startIngest(world.client, INGEST_ID, since === undefined ? {} : { since });
    const expected = await oracleRows(wikimedia.url, iso(from), iso(until));
    expect(expected.length).toBeGreaterThan(500);
    await untilHolds(async () => expect(await goldRows(world, iso(from), iso(until))).toEqual(expected));
    shown = await world.client.workflow.getHandle(INGEST_ID).query('progress');
    await worker.stop();
  }

  test('longer than the source keeps: the missing range and its number of events are known', async () => {
    await readUntilExact(await wikimediaOf(12, 10), 12, 10, iso(12));
    expect(await world.gold.gaps(0)).toEqual([]);
    const later = await wikimediaOf(7, 6);
    await readUntilExact(later, 7, 6);
    const gaps = await untilHolds(async () => {
      const found = await world.gold.gaps(0);
      expect(found.length).toBeGreaterThan(0);
      return found;
    });
    for (const { cause, from, to, missing } of gaps) {
      expect(cause).toBe('retention');
      // The last event before the outage and the first one after it; the topic may have been quiet in between.
      expect(Date.parse(from)).toBeLessThanOrEqual(nowHour - 10 * HOUR);
      expect(Date.parse(to)).toBeGreaterThanOrEqual(nowHour - 7 * HOUR);
      expect(missing).toBeGreaterThan(0);
    }
    const missing = gaps.reduce((sum, gap) => sum + (gap.missing ?? 0), 0);
    // Three hours at two events a second, more or less, depending on the time of day.
    expect(missing).toBeGreaterThan(3 * 3_600);
    expect(missing).toBeLessThan(12 * 3_600);
    const { gaps: listed } = shown as { gaps: object[] };
    expect(listed).toHaveLength(gaps.length);
    expect(listed).toEqual(expect.arrayContaining(gaps));
  });

  test('longer than we keep: without log and bronze, gold says where to resume, and nothing counts twice', async () => {
    for (const key of await keysUnder(world, 'bronze/')) await world.store.remove(key);
    const wikimedia = await wikimediaOf(12, 4);
    // Reading everything again counts nothing twice.
    await readUntilExact(wikimedia, 5, 4, iso(12));
    const most = new Map((await oracleRows(wikimedia.url, iso(12), iso(4))).map(countOf));
    const counted = (await goldRows(world, iso(12), iso(4))).map(countOf);
    expect(counted.filter(([name, edits]) => edits > (most.get(name) ?? 0))).toEqual([]);
    await untilHolds(async () =>
      expect(await world.gold.gaps(0)).toContainEqual(
        expect.objectContaining({ cause: 'log_lost', from: iso(7), to: iso(6) }),
      ),
    );
    const ids = (await bronzeEvents(world)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('gaps of the log are restored after gold was lost', async () => {
    await world.sql.query('drop schema gold cascade');
    const worker = await startProcess(world, 'worker');
    const result = await world.client.workflow.execute<typeof transformRange>('transformRange', {
      taskQueue: TASK_QUEUE,
      workflowId: 'restore',
      args: [{ from: iso(12), to: iso(4) }],
    });
    expect(result).toMatchObject({ gaps: 1, failed: [] });
    expect(await world.gold.gaps(0)).toMatchObject([{ cause: 'log_lost', from: iso(7), to: iso(6) }]);
    const { rows } = await world.sql.query(`select gaps from gold.hours where hour = $1`, [iso(6)]);
    expect(rows).toEqual([{ gaps: 0 }]);
    await worker.stop();
  });
});

/** Minute, wiki and bot flag of a row, and its edits. */
function countOf(row: string): [name: string, edits: number] {
  const [minute, wiki, isBot, edits] = row.split(' ');
  return [`${minute} ${wiki} ${isBot}`, Number(edits)];
}
