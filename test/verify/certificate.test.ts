/** `verify` checks the certificates of hours: what was counted against bronze, the ledger and the rows. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import type { HourEvidence } from '../../src/contracts/storage/hour-evidence.ts';
import { backfillPartKey, flushOfKey, goldHourKey } from '../../src/contracts/storage/object-keys.ts';
import { hourOf } from '../../src/core/time.ts';
import { readHour, writeHour } from '../../src/gold/parquet/hour-object.ts';
import type { GoldHour } from '../../src/gold/parquet/hour-state.ts';
import { openS3Gold } from '../../src/gold/parquet/parquet-gold.ts';
import { openS3Snapshots } from '../../src/gold/parquet/snapshot.ts';
import { applyPart } from '../../src/transform/apply-part.ts';
import { rebuildHour } from '../../src/transform/rebuild-hour.ts';
import { CHECKS } from '../../src/verify/findings.ts';
import { hoursOf } from '../../src/verify/range.ts';
import { verify } from '../../src/verify/verify.ts';
import type { Verification } from '../../src/verify/verify.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { commitEdits, editLine } from '../support/parts.ts';
import { LOG_KEYS, STREAM } from '../support/stream.ts';

const NOW_MS = Date.now();
const HOUR_MS = 3_600_000;
/** The hour that has just ended. */
const START = Math.floor(NOW_MS / HOUR_MS - 1) * 3_600;
const HOUR = hourOf(START);
const DAY_MS = 24 * HOUR_MS;
const API = backfillPartKey(HOUR, { source: 'api', wiki: 'enwiki', window: '0000-6000' });
const GZIP = {
  contentType: 'application/gzip',
  metadata: { source: 'https://x.example/', simulated: 'true' },
};

let store: MemoryObjectStore;
let streamed: string;
beforeEach(async () => {
  store = new MemoryObjectStore();
  [streamed = ''] = await commitEdits({ store }, [
    { timestamp: START, bytes: 5 },
    { timestamp: START + 60, bot: true },
    { timestamp: START + 60, wiki: 'dewiki' },
  ]);
  await store.putIfAbsent(API, gzipSync(`${editLine({ timestamp: START + 120 })}\n`), GZIP);
  await rebuild();
});

const gold = () => openS3Gold(store);
const deps = () => ({ store, gold: gold(), definition: STREAM, latenessMs: 0 });
const rebuild = () =>
  rebuildHour({ hour: HOUR, isSealed: true }, deps(), {
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
const verified = (nowMs = NOW_MS): Promise<Verification> =>
  verify(hoursOf({ fromMs: START * 1000, toMs: (START + 3_600) * 1000 }), {
    store,
    gold: openS3Snapshots(store),
    definition: STREAM,
    nowMs,
    pauseMs: 0,
  });
const found = ({ findings }: Verification) => CHECKS.flatMap(check => findings.of(check));
const errorsIn = (verification: Verification): string[] =>
  found(verification)
    .filter(({ severity }) => severity === 'error')
    .map(({ check, kind, count }) => `${check} ${kind} ${count}`);
const messageOf = (verification: Verification, kind: string): string =>
  found(verification).find(group => group.kind === kind)?.kept[0]?.message ?? '';

const linesOf = async (key: string): Promise<string> =>
  gunzipSync((await store.get(key))?.body ?? Buffer.alloc(0)).toString('utf8');
/** Replaces an object, as somebody who may write to the bucket can. */
const put = async (key: string, body: Uint8Array): Promise<void> => {
  await store.remove(key);
  await store.putIfAbsent(key, body, GZIP);
};
/** Changes what gold has of the hour. */
const changeGold = async (change: (hour: GoldHour) => GoldHour): Promise<void> => {
  const { etag, hour } = await readHour(store, HOUR);
  await writeHour(store, HOUR, etag, change(hour));
};
const withEvidence = (change: (evidence: HourEvidence) => HourEvidence) => (hour: GoldHour) => ({
  ...hour,
  ...(hour.evidence !== undefined && { evidence: change(hour.evidence) }),
});
/** Bronze and its log, as after a week. */
const expireBronze = async (): Promise<void> => {
  // Ingest goes on: the log is not empty.
  await commitEdits({ store }, [{ timestamp: START + 3_600 }]);
  const last = flushOfKey(streamed)?.sequence ?? 0;
  const records = store.keys.filter(key => (LOG_KEYS.sequenceOf(key) ?? Infinity) <= last);
  for (const key of [streamed, API, ...records]) await store.remove(key);
};

describe('an hour with a certificate', () => {
  test('has no findings, and the report says how many digests were compared', async () => {
    const verification = await verified();
    expect(found(verification)).toEqual([]);
    expect(verification.summaries.sums).toBe('1 audits, 1 certificates with digests of 2 parts');
  });

  test('names a part whose lines have changed, although nothing that is counted has', async () => {
    const changed = (await linesOf(API)).replace('x.org', 'y.org');
    await put(API, gzipSync(changed));
    const verification = await verified();
    expect(errorsIn(verification)).toEqual(['bronze digest_differs 1']);
    expect(messageOf(verification, 'digest_differs')).toContain(`${API} is no longer what was counted at`);
  });

  test('names a part of the stream whose lines have changed within its sizes', async () => {
    const text = await linesOf(streamed);
    await put(streamed, gzipSync(text.replace('x.org', 'y.org')));
    expect(errorsIn(await verified())).toContain('bronze digest_differs 1');
  });

  test('stays the same when a part is compressed again, which is noted', async () => {
    await put(streamed, gzipSync(await linesOf(streamed), { level: 0 }));
    await put(API, gzipSync(await linesOf(API), { level: 0 }));
    const verification = await verified();
    expect(found(verification).map(({ severity, kind }) => [severity, kind])).toEqual([
      ['note', 'compressed_again'],
    ]);
    expect(messageOf(verification, 'compressed_again')).toContain(streamed);
  });

  test('finds a row that was removed, also when bronze has expired', async () => {
    await changeGold(hour => ({ ...hour, rows: hour.rows.slice(1) }));
    expect(errorsIn(await verified())).toEqual(['gold rows_differ 1', 'sums audit_differs 1']);
    await expireBronze();
    const verification = await verified(NOW_MS + 8 * DAY_MS);
    expect(errorsIn(verification)).toEqual(['gold rows_differ 1']);
    expect(messageOf(verification, 'rows_differ')).toMatch(/its rows \(3 with 3 edits,.* \(4 with 4 edits,/);
  });

  test('has no findings when bronze has expired and the rows are the same', async () => {
    await expireBronze();
    expect(errorsIn(await verified(NOW_MS + 8 * DAY_MS))).toEqual([]);
  });

  test('does not claim the rows after a backfill has filled the hour, or a part was added', async () => {
    await expireBronze();
    const later = backfillPartKey(HOUR, { source: 'api', wiki: 'frwiki', window: '0000-6000' });
    await store.putIfAbsent(later, gzipSync(`${editLine({ timestamp: START + 9, wiki: 'frwiki' })}\n`), GZIP);
    await rebuild();
    expect(errorsIn(await verified(NOW_MS + 8 * DAY_MS))).toEqual([]);
  });

  test('names a part in the ledger that the rebuild has not counted', async () => {
    const uncounted = backfillPartKey(HOUR, { source: 'dump', window: '0000-6000' });
    const name = uncounted.slice(uncounted.lastIndexOf('/') + 1);
    await expireBronze();
    await changeGold(hour => ({ ...hour, counted: [...hour.counted, name] }));
    const verification = await verified(NOW_MS + 8 * DAY_MS);
    expect(errorsIn(verification)).toEqual(['gold part_not_counted 1']);
    expect(messageOf(verification, 'part_not_counted')).toContain(`${uncounted} is in gold’s ledger`);
  });

  test('misses a part that was counted and is neither in the ledger nor in bronze', async () => {
    await expireBronze();
    await changeGold(hour => ({ ...hour, counted: hour.counted.slice(1) }));
    const verification = await verified(NOW_MS + 8 * DAY_MS);
    expect(errorsIn(verification)).toEqual(['sums certificate_differs 1']);
    expect(messageOf(verification, 'certificate_differs')).toContain('lacks 1 parts that were counted');
  });

  test('is itself wrong when the rows are those of bronze, and it says otherwise', async () => {
    await changeGold(
      withEvidence(({ rows, ...evidence }) => ({
        ...evidence,
        ...(rows !== undefined && { rows: { ...rows, sha256: 'ab'.repeat(32) } }),
      })),
    );
    const verification = await verified();
    expect(errorsIn(verification)).toEqual(['sums certificate_differs 1']);
    await rebuild();
    expect(errorsIn(await verified())).toEqual([]);
  });

  test('that an earlier version has rebuilt is checked without', async () => {
    await changeGold(({ rows, counted, added, audit }) => ({
      rows,
      counted,
      added,
      ...(audit !== undefined && { audit }),
    }));
    await put(API, gzipSync((await linesOf(API)).replace('x.org', 'y.org')));
    const verification = await verified();
    expect(found(verification)).toEqual([]);
    expect(verification.summaries.sums).toBe('1 audits, 0 certificates with digests of 0 parts');
  });
});

describe('bronze that gold lacks', () => {
  test('is an error once it has waited for six hours, also in an hour that was never rebuilt', async () => {
    await store.remove(goldHourKey(HOUR));
    await store.remove(API);
    const waiting = await verified(NOW_MS + 5 * HOUR_MS);
    expect(errorsIn(waiting)).toEqual([]);
    const verification = await verified(NOW_MS + 7 * HOUR_MS);
    expect(errorsIn(verification)).toEqual(['gold part_not_counted 1']);
    expect(messageOf(verification, 'part_not_counted')).toContain(
      `${streamed}, committed by record ${flushOfKey(streamed)?.sequence} at`,
    );
    await applyPart(streamed, deps(), new AbortController().signal);
    expect(errorsIn(await verified(NOW_MS + 7 * HOUR_MS))).toEqual([]);
  });
});
