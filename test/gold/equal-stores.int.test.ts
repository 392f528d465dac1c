/**
 * Postgres and Parquet are the same gold: any sequence of writes to one hour gets the same answers from both, and leaves
 * the same rows, audit, ledger and seal.
 */
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HourContent } from '../../src/contracts/storage/hour-evidence.ts';
import { readSeries } from '../../src/api/read-series.ts';
import type { ReadSeries } from '../../src/api/series-text.ts';
import { hourPrefix } from '../../src/contracts/storage/object-keys.ts';
import type { HourCounts, MinuteRow } from '../../src/core/minute-counts.ts';
import { bucketsOf } from '../../src/core/steps.ts';
import { HOUR_MS, hourOf, isoMs } from '../../src/core/time.ts';
import type { GoldStore } from '../../src/gold/gold-store.ts';
import { openSnapshots } from '../../src/gold/open-gold.ts';
import { openS3Gold } from '../../src/gold/parquet/parquet-gold.ts';
import { openPostgresGold } from '../../src/gold/postgres/postgres-gold.ts';
import type { GoldSnapshots, SnapshotAudit } from '../../src/gold/snapshot.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const source = { url: 'https://stream.example/recentchange', simulated: true };
const NAMES = ['000000000001-a', '000000000002-a', '000000000003-a', 'api-w1-0000-6000'];

let world: World;
let stores: readonly { readonly gold: GoldStore; readonly snapshots: GoldSnapshots }[];
beforeAll(async () => {
  world = await openWorld({ gold: 'postgres,s3' });
  const dsn = world.env['PG_DSN'] ?? '';
  const settings = { dsn, maxConnections: 2, applicationName: 'equal', statementTimeoutMs: 30_000 };
  stores = [
    {
      gold: openPostgresGold(settings),
      snapshots: openSnapshots([{ kind: 'postgres', dsn }], world.store),
    },
    { gold: openS3Gold(world.store), snapshots: openSnapshots([{ kind: 's3' }], world.store) },
  ];
});
afterAll(async () => {
  for (const { gold, snapshots } of stores) await Promise.all([gold.close(), snapshots.close()]);
  await world.close();
});

/** `minute` counts from the start of the hour. */
const row = fc.record({
  minute: fc.integer({ min: 0, max: 11 }).map(nth => nth * 5),
  wiki: fc.constantFrom('w1', 'w2', 'W3', 'a_b'),
  isBot: fc.boolean(),
  edits: fc.integer({ min: 1, max: 9 }),
  bytesChange: fc.oneof(fc.integer({ min: -99, max: 99 }), fc.constantFrom(2 ** 31 - 1, -(2 ** 31))),
});
const rows = fc.uniqueArray(row, {
  maxLength: 12,
  selector: ({ minute, wiki, isBot }) => `${minute} ${wiki} ${isBot}`,
});
const range = fc.tuple(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 1, max: 60 }));
const names = fc.subarray(NAMES);
/** What parts held; absent from a worker of an earlier version. */
function contentOf(names: readonly string[], of: HourOf, lines: number, second: number): HourContent {
  return {
    at: isoMs(of.startMs + HOUR_MS + second * 1_000),
    parts: names.map((name, at) => ({
      key: of.keyOf(name),
      url: source.url,
      simulated: source.simulated,
      lines: at === 0 ? lines : 0,
      bytes: 10,
      sha256: 'ab'.repeat(32),
    })),
    offsets: [{ topic: 'a topic', partition: 0, first: 1, last: lines, events: lines }],
  };
}
/** What happens to one hour: a function of the store, so that both stores go through the same. */
type Step = (gold: GoldStore, of: HourOf) => Promise<unknown>;

interface HourOf {
  readonly hour: string;
  readonly startMs: number;
  readonly keyOf: (name: string) => string;
  /** Moves rows into the hour. */
  readonly inHour: (rows: readonly MinuteRow[]) => MinuteRow[];
}

const apply = fc.record({ name: fc.constantFrom(...NAMES), rows }).map(
  ({ name, rows }): Step =>
    (gold, { hour, keyOf, inHour }) =>
      gold.apply({ key: keyOf(name), hour, rows: inHour(rows), source }),
);
const replace = fc
  .record({
    names: fc.oneof(fc.constant(NAMES), names),
    rows,
    pending: fc.array(fc.record({ name: fc.constantFrom(...NAMES), rows }), { maxLength: 2 }),
    isSealed: fc.boolean(),
    covered: fc.option(range, { nil: undefined }),
    unusable: fc.nat({ max: 3 }),
    second: fc.option(fc.nat({ max: 9 }), { nil: undefined }),
  })
  .map(({ names, rows, pending, isSealed, covered, unusable, second }): Step => async (gold, of) => {
    const edits = rows.reduce((sum, each) => sum + each.edits, 0);
    const counts: HourCounts = {
      rows: of.inHour(rows),
      events: edits + 5,
      edits: edits + 2,
      distinct: edits,
      late: 1,
      unusable,
    };
    const [from, to] = covered ?? [];
    const outcome = await gold.replaceHour({
      hour: of.hour,
      keys: names.map(of.keyOf),
      pending: pending
        .filter(({ name }) => names.includes(name))
        .map(({ name, rows }) => ({ key: of.keyOf(name), rows: of.inHour(rows) })),
      counts,
      sources: [source],
      isSealed,
      covered:
        from === undefined || to === undefined
          ? undefined
          : [of.startMs + from * 60_000, of.startMs + to * 60_000],
      ...(second !== undefined &&
        names.length > 0 && { content: contentOf(names, of, counts.events + unusable, second) }),
    });
    return outcome.kind === 'stale' ? { ...outcome, uncounted: [...outcome.uncounted].sort() } : outcome;
  });
const fill = fc
  .record({ names, rows, wikis: fc.subarray(['w1', 'w2', 'W3']), areRowsExact: fc.boolean() })
  .map(
    ({ names, rows, wikis, areRowsExact }): Step =>
      (gold, { hour, keyOf, inHour }) =>
        gold.fillHour({
          hour,
          keys: names.map(keyOf),
          rows: inHour(rows),
          wikis,
          areRowsExact,
          sources: [source],
        }),
  );
const gap = range.map(
  ([from, length]): Step =>
    (gold, { hour, startMs }) =>
      gold.recordGap({
        id: `${hour} ${from} ${length}`,
        cause: 'offsets',
        from: isoMs(startMs + from * 60_000),
        to: isoMs(startMs + (from + length) * 60_000),
      }),
);
/** What the log says was read, in parts that may not be in gold yet. */
const read = fc
  .record({ range, names, wikis: fc.constantFrom(undefined, undefined, ['w1'], ['w1', 'w2']) })
  .map(
    ({ range: [from, length], names, wikis }): Step =>
      (gold, { hour, startMs, keyOf }) =>
        gold.recordReads([
          {
            attempt: hour,
            sequence: 100 + from,
            from: isoMs(startMs + from * 60_000),
            to: isoMs(startMs + (from + length) * 60_000),
            keys: names.map(keyOf),
            ...(wikis !== undefined && { wikis }),
          },
        ]),
  );
const covering = range.map(
  ([from, length]): Step =>
    (gold, { hour, startMs }) =>
      gold.recordCoverage({
        id: `${hour} ${from} ${length}`,
        source: 'api',
        wikis: ['w2'],
        from: isoMs(startMs + from * 60_000),
        to: isoMs(startMs + (from + length) * 60_000),
      }),
);
const steps = fc.array(fc.oneof(apply, replace, fill, gap, read, covering), { minLength: 2, maxLength: 8 });

/** The counts that `verify` relies on, without the time of the rebuild. */
function comparable({ isSealed, parts, events, edits, distinct, duplicates, unusable }: SnapshotAudit) {
  return { isSealed, parts, events, edits, distinct, duplicates, unusable };
}

let hours = 0;
function freshHour(): HourOf {
  hours += 1;
  // Two hours apart, so that a gap of one never reaches into the next.
  const startMs = Date.parse('2026-11-01T00:00:00Z') + hours * 2 * HOUR_MS;
  const hour = hourOf(startMs / 1000);
  return {
    hour,
    startMs,
    keyOf: name => `${hourPrefix(hour)}part-${name}.ndjson.gz`,
    inHour: given => given.map(each => ({ ...each, minute: startMs / 1000 + each.minute * 60 })),
  };
}

/** The series of the hour and its neighbours, by the minute and by the hour. */
async function seriesOf(gold: GoldStore, { startMs }: HourOf): Promise<ReadSeries[][]> {
  const nowMs = startMs + 3 * HOUR_MS;
  const deps = {
    gold,
    keptWikis: [],
    latenessMs: 300_000,
    nowMs,
    end: nowMs / 1000,
    stopSignal: new AbortController().signal,
  };
  return Promise.all(
    (['1m', '1h'] as const).map(async step => {
      const buckets = bucketsOf(startMs / 1000 - 3_600, startMs / 1000 + 7_200, step);
      return [await readSeries(['w1', 'w2'], buckets, deps), await readSeries(['all'], buckets, deps)];
    }),
  );
}

test('both stores answer the same and end with the same hour', async () => {
  const seen = { replaced: 0, stale: 0, filled: 0 };
  const states = new Set<string>();
  await fc.assert(
    fc.asyncProperty(steps, async steps => {
      const of = freshHour();
      const [postgres, s3] = await Promise.all(
        stores.map(async ({ gold, snapshots }) => {
          const answers: unknown[] = [];
          for (const step of steps) answers.push(await step(gold, of));
          const { rows, ledger, audit, evidence, corrections = [] } = await snapshots.hour(of.hour);
          return {
            answers,
            rows,
            ledger: ledger.map(({ key }) => key),
            audit: audit && comparable(audit),
            evidence,
            // Where the caller does not say when it counted, each store asks its own clock.
            corrections: corrections.map(correction => ({ ...correction, at: undefined })),
            unsealed: await gold.unsealed([of.hour]),
            series: await seriesOf(gold, of),
          };
        }),
      );
      expect(s3).toEqual(postgres);
      for (const { wikis } of postgres?.series.flat() ?? [])
        for (const { state } of wikis) for (const letter of state.split('')) states.add(letter);
      for (const answer of postgres?.answers ?? []) {
        if (typeof answer === 'number' && answer > 0) seen.filled += 1;
        else if (typeof answer === 'object' && answer !== null && 'kind' in answer)
          seen[answer.kind === 'stale' ? 'stale' : 'replaced'] += 1;
      }
    }),
    { numRuns: 80 },
  );
  // Otherwise the steps would not show what they are meant to.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
  expect([...states]).toEqual(expect.arrayContaining(['u', 'g', 'n', 'p']));
});
