/** The Schedule that looks for anomalies, on a real server: what is unusual is in gold with its reason, once. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import type { DetectionResult } from '../../src/contracts/temporal/detect-anomalies.ts';
import { DETECT_ANOMALIES_ID } from '../../src/contracts/temporal/names.ts';
import { HOUR_MS, hourOf, isoMs } from '../../src/core/time.ts';
import { applyPart } from '../../src/transform/apply-part.ts';
import { replayRuns } from '../support/histories.ts';
import { commitEdits } from '../support/parts.ts';
import { startProcess } from '../support/processes.ts';
import { STREAM } from '../support/stream.ts';
import { triggered } from '../support/triggered.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const WEEK_MS = 7 * 24 * HOUR_MS;
const source = { url: 'https://stream.example/recentchange', simulated: true };

describe.each(['postgres', 's3'] as const)('the Schedule, with gold in %s', kind => {
  let world: World;
  let worker: Child | undefined;
  /** Everything before is known: a multiple of five minutes. */
  let knownMs: number;
  beforeEach(async () => {
    world = await openWorld({ gold: kind });
    knownMs = Math.floor(Date.now() / 300_000) * 300_000;
  });
  afterEach(async () => {
    await worker?.stop();
    await replayRuns(world, 'detect-anomalies');
    await world.close();
  });

  /** Four weeks with an edit a minute in the hours that today is compared with. */
  async function putPast(): Promise<void> {
    const { gold } = world;
    for (const weeks of [1, 2, 3, 4])
      for (const hours of [-3, -2, -1, 0, 1, 2]) {
        const startMs = Math.floor(knownMs / HOUR_MS) * HOUR_MS - weeks * WEEK_MS + hours * HOUR_MS;
        const hour = hourOf(startMs / 1000);
        const rows = Array.from({ length: 60 }, (_, i) => ({
          minute: startMs / 1000 + 60 * i,
          wiki: 'enwiki',
          isBot: false,
          edits: 1,
          bytesChange: 1,
        }));
        const key = `bronze/yyyy=${hour.slice(0, 4)}/mm=${hour.slice(5, 7)}/dd=${hour.slice(8, 10)}/hh=${hour.slice(11)}/part-api-x.ndjson.gz`;
        await gold.apply({ key, hour, rows, source });
      }
    const [from, to] = [isoMs(knownMs - 5 * WEEK_MS), isoMs(knownMs)];
    await gold.recordReads([{ attempt: 'a', sequence: 1, from, to, keys: [] }]);
  }

  const detect = async (): Promise<DetectionResult> =>
    (await triggered(world.client, DETECT_ANOMALIES_ID)) as DetectionResult;

  test('records what is unusual once, with the sentence that explains it', async () => {
    await putPast();
    const from = knownMs / 1000 - 300;
    const edits = Array.from({ length: 400 }, (_, i) => ({ timestamp: from + Math.floor((300 * i) / 400) }));
    const keys = await commitEdits(world, edits);
    const deps = { store: world.store, gold: world.gold, definition: STREAM };
    for (const key of keys) await applyPart(key, deps, new AbortController().signal);
    worker = await startProcess(world, 'worker');

    await detect();
    const range = { from: from - 3_600, to: from + 3_600 };
    // The Schedule may have run by itself before.
    const found = await untilHolds(async () => {
      const anomalies = await world.gold.anomalies(range);
      expect(anomalies).toMatchObject([
        { wiki: 'enwiki', account: 'human', from, to: null, edits: 400, reason: expect.anything() },
      ]);
      return anomalies;
    });
    expect(found[0]?.reason?.sentence).toMatch(/400 changes.*These are simulated edits\.$/);
    const again = await detect();
    expect(again).toMatchObject({ begun: 0 });
    expect(await world.gold.anomalies(range)).toEqual(found);
  });

  test('finds nothing where nothing is known, and leaves an operator’s Schedule as it is', async () => {
    worker = await startProcess(world, 'worker');
    expect(await detect()).toEqual({
      lookedAt: null,
      looks: 0,
      begun: 0,
      ended: 0,
      lasting: 0,
      judged: { hours: 0, quiet: [] },
    });
    const schedule = world.client.schedule.getHandle(DETECT_ANOMALIES_ID);
    await schedule.pause('by an operator');
    await worker.stop();
    worker = await startProcess(world, 'worker');
    expect((await schedule.describe()).state).toMatchObject({ paused: true, note: 'by an operator' });
  });
});
