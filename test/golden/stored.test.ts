/** What lies in the bucket, by the names that later versions and outside readers know. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { Coverage } from '../../src/core/backfill.ts';
import type { Gap } from '../../src/core/gaps.ts';
import { hourPrefix, replayPartKey } from '../../src/contracts/storage/object-keys.ts';
import { gapsOf } from '../../src/contracts/storage/log-record.ts';
import type { HourExpectation, QuietWiki } from '../../src/contracts/storage/hour-expectation.ts';
import type { AnomalyReason, RecordedAnomaly } from '../../src/contracts/storage/recorded-anomaly.ts';
import type { StoredRead } from '../../src/contracts/storage/stored-read.ts';
import type {
  CommitRecord,
  FenceRecord,
  PartEntry,
  StoredEvents,
  Writer,
} from '../../src/contracts/storage/log-record.ts';
import type { DeadLetter } from '../../src/bronze/part-buffer.ts';
import type { StreamCursor } from '../../src/core/stream-cursor.ts';
import { GrowingPart, putBackfillPart } from '../../src/backfill/parts.ts';
import { withReplayLock } from '../../src/gold/replay-lock.ts';
import { openS3Gold } from '../../src/gold/parquet/parquet-gold.ts';
import type { DayFooter } from '../../src/contracts/storage/gold-footers.ts';
import type {
  Correction,
  CountedPart,
  HourEvidence,
  OffsetRange,
  RowsDigest,
} from '../../src/contracts/storage/hour-evidence.ts';
import type { StoredAudit } from '../../src/contracts/storage/hour-audit.ts';
import type { GoldSource } from '../../src/contracts/storage/gold-source.ts';
import { Findings, errorOf, noteOf } from '../../src/verify/findings.ts';
import { verificationJson } from '../../src/verify/report.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { HOUR, NOW_MS, contentsOf, filledBucket, persistence } from './bucket.ts';
import { asJson, golden } from './golden.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW_MS });
  return () => vi.useRealTimers();
});

/** The names of all fields of a type: one that is renamed, added or removed does not compile. */
type Fields<T> = { readonly [K in keyof Required<T>]: true };

test('bronze, its log and dead letters', async () => {
  const { store, record } = await filledBucket();
  const contents = { ...(await contentsOf(store)), gapsOfTheRecord: gapsOf(record) };
  const seen = asJson(contents, ['storedBytes']);
  expect(seen).toEqual(golden('bronze', seen));
});

test('fields of records, letters and notes', () => {
  const fields = {
    writer: { attempt: true, workflowId: true, runId: true } satisfies Fields<Writer>,
    fence: {
      version: true,
      sequence: true,
      epoch: true,
      kind: true,
      previousEpoch: true,
      writer: true,
      at: true,
      cursor: true,
      storedToMs: true,
      readTo: true,
      wikis: true,
    } satisfies Fields<FenceRecord>,
    commit: {
      version: true,
      sequence: true,
      epoch: true,
      kind: true,
      writer: true,
      at: true,
      cursor: true,
      storedToMs: true,
      parts: true,
      deadLetters: true,
      skipped: true,
      gaps: true,
      readTo: true,
      wikis: true,
    } satisfies Fields<CommitRecord>,
    skipped: { canaries: true, duplicates: true, filtered: true } satisfies Fields<CommitRecord['skipped']>,
    foundGap: {
      cause: true,
      topic: true,
      partition: true,
      fromMs: true,
      toMs: true,
      missing: true,
    } satisfies Fields<NonNullable<CommitRecord['gaps']>[number]>,
    cursor: { startMs: true, floorMs: true, topics: true, partitions: true } satisfies Fields<StreamCursor>,
    topic: { partition: true, timestampMs: true, offset: true } satisfies Fields<
      StreamCursor['topics'][string]
    >,
    stored: { key: true, events: true, sent: true } satisfies Fields<StoredEvents>,
    part: {
      key: true,
      events: true,
      sent: true,
      hour: true,
      edits: true,
      bytes: true,
      storedBytes: true,
      firstAt: true,
      lastAt: true,
    } satisfies Fields<PartEntry>,
    letter: {
      reason: true,
      raw: true,
      rawBase64: true,
      eventId: true,
      receivedAt: true,
      identity: true,
      sentAt: true,
    } satisfies Fields<DeadLetter>,
    gap: { id: true, cause: true, topic: true, from: true, to: true, missing: true } satisfies Fields<Gap>,
    coverage: { id: true, source: true, from: true, to: true, wikis: true } satisfies Fields<Coverage>,
    read: {
      attempt: true,
      sequence: true,
      from: true,
      to: true,
      wikis: true,
      keys: true,
    } satisfies Fields<StoredRead>,
    anomaly: {
      id: true,
      wiki: true,
      account: true,
      from: true,
      to: true,
      noticedAt: true,
      countedTo: true,
      edits: true,
      expected: true,
      peak: true,
      lookedAt: true,
      reason: true,
    } satisfies Fields<RecordedAnomaly>,
    anomalyReason: { kind: true, sentence: true } satisfies Fields<AnomalyReason>,
    anomalyPeak: { from: true, to: true, edits: true, expected: true } satisfies Fields<
      RecordedAnomaly['peak']
    >,
    hourExpectation: {
      hour: true,
      judgedAt: true,
      all: true,
      wikis: true,
      quiet: true,
    } satisfies Fields<HourExpectation>,
    quietWiki: { wiki: true, edits: true, expected: true, factor: true } satisfies Fields<QuietWiki>,
    source: { url: true, simulated: true } satisfies Fields<GoldSource>,
    day: {
      version: true,
      day: true,
      hours: true,
      latest: true,
      rebuilt: true,
      reads: true,
      sums: true,
    } satisfies Fields<DayFooter>,
    audit: {
      isSealed: true,
      parts: true,
      events: true,
      edits: true,
      distinct: true,
      duplicates: true,
      unusable: true,
      rebuiltAtMs: true,
      late: true,
      changedRows: true,
      gaps: true,
      covered: true,
      keptBefore: true,
    } satisfies Fields<StoredAudit>,
    evidence: {
      at: true,
      isSealed: true,
      changedRows: true,
      parts: true,
      offsets: true,
      rows: true,
      correctionsSince: true,
    } satisfies Fields<HourEvidence>,
    countedPart: {
      key: true,
      url: true,
      simulated: true,
      lines: true,
      bytes: true,
      sha256: true,
    } satisfies Fields<CountedPart>,
    offsets: {
      topic: true,
      partition: true,
      first: true,
      last: true,
      events: true,
    } satisfies Fields<OffsetRange>,
    rowsDigest: { rows: true, edits: true, bytesChange: true, sha256: true } satisfies Fields<RowsDigest>,
    correction: {
      nth: true,
      at: true,
      kind: true,
      changedRows: true,
      parts: true,
      reasons: true,
    } satisfies Fields<Correction>,
  };
  expect(asJson(fields)).toEqual(golden('stored-fields', fields));
});

test('parts of a backfill', async () => {
  const store = new MemoryObjectStore();
  for (const source of ['stream', 'api', 'dump'] as const) {
    const part = new GrowingPart();
    await part.add(Buffer.from('{"line":1}'), true);
    const key = `${hourPrefix(HOUR)}part-${source}-x.ndjson.gz`;
    await putBackfillPart(
      store,
      key,
      await part.finish(),
      { url: 'url', simulated: false, source },
      persistence,
    );
  }
  const contents = await contentsOf(store);
  expect(asJson(contents)).toEqual(golden('backfill-parts', contents));
});

test('gold: hours, a day, sources, gaps, coverage and records', async () => {
  const store = new MemoryObjectStore();
  const gold = openS3Gold(store, () => NOW_MS);
  const minute = Date.parse(`${HOUR}:05:00Z`) / 1000;
  const rows = [{ minute, wiki: 'enwiki', isBot: true, edits: 2, bytesChange: -20 }];
  const source = { url: 'http://stream/', simulated: true };
  const key = `${hourPrefix(HOUR)}part-000000000002-abc.ndjson.gz`;
  const stretch = { from: `${HOUR}:01:00.000Z`, to: `${HOUR}:02:00.000Z` };
  await gold.recordGap({ id: 'offsets a topic', cause: 'offsets', topic: 'a topic', missing: 3, ...stretch });
  await gold.recordCoverage({ id: 'api-enwiki', source: 'api', wikis: ['enwiki'], ...stretch });
  await gold.recordAnomalies([
    {
      id: '0123456789abcdef',
      wiki: 'enwiki',
      account: 'human',
      from: 1_795_168_800,
      to: null,
      noticedAt: 1_795_169_100,
      countedTo: 1_795_169_100,
      edits: 120,
      expected: 10.25,
      peak: { from: 1_795_168_800, to: 1_795_169_100, edits: 120, expected: 10.25 },
      lookedAt: 1_795_169_100,
      reason: { kind: 'news_burst', sentence: 'a sentence' },
    },
  ]);
  await gold.recordExpectations([
    {
      hour: HOUR,
      judgedAt: 1_795_169_400,
      all: { kind: 'as_usual', edits: 300, expected: 280.5, factor: 300 / 280.5 },
      wikis: 2,
      quiet: [{ wiki: 'dewiki', edits: 1, expected: 128, factor: 1 / 128 }],
    },
  ]);
  await gold.recordReads([{ attempt: 'abc', sequence: 2, wikis: ['enwiki'], keys: [key], ...stretch }]);
  await gold.replaceHour({
    hour: HOUR,
    keys: [key],
    counts: { rows, events: 5, edits: 3, distinct: 2, late: 1, unusable: 1 },
    sources: [source],
    isSealed: true,
    covered: [Date.parse(`${HOUR}:00:00Z`), Date.parse(`${HOUR}:15:00Z`)],
    content: {
      at: `${HOUR}:59:59.000Z`,
      parts: [{ key, ...source, lines: 6, bytes: 60, sha256: 'ab'.repeat(32) }],
      offsets: [{ topic: 'a topic', partition: 0, first: 1, last: 9, events: 5 }],
    },
  });
  const replayed = replayPartKey(HOUR, { sequence: 2, attempt: 'abc' }, '0123456789abcdef');
  await gold.apply({ key: replayed, hour: HOUR, rows, source });
  await gold.days?.compact('2026-11-20');
  const contents = await contentsOf(store);
  expect(asJson(contents)).toEqual(golden('gold', contents));
});

test('the lease of a replay', async () => {
  const store = new MemoryObjectStore();
  let held: object = {};
  await withReplayLock({ places: [{ kind: 's3' }], store, onWait: () => undefined }, async () => {
    held = await contentsOf(store);
  });
  const seen = asJson({ held, free: await contentsOf(store) }, ['holder', 'renewal']);
  expect(seen).toEqual(golden('lease', seen));
});

test('verify --json', () => {
  const findings = new Findings();
  findings.add(
    errorOf(['gold', 'rows_differ'], 'a row', 'a message', 'an advice'),
    noteOf(['offsets', 'gaps_known'], 'a topic', 'a message'),
  );
  const summaries = { log: 'a', bronze: 'b', offsets: 'c', gold: 'd', sums: 'e' };
  const range = { from: '2026-11-20T10:00:00Z', to: '2026-11-20T11:00:00Z', hours: 1 };
  const counts = { parts: 1, events: 5, edits: 3, uncompared: 1 };
  const verification = verificationJson({ findings, summaries, range, ...counts });
  const seen = asJson(verification, ['verdict']);
  expect(seen).toEqual(golden('verification', seen));
});
