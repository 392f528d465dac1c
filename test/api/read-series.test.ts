/** A series over any range, compared with what one says of its minutes one by one who knows everything at once. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSeries } from '../../src/api/read-series.ts';
import type { Coverage } from '../../src/core/backfill.ts';
import type { HourRebuilt, Known } from '../../src/core/coverage/known.ts';
import { readRanges } from '../../src/core/coverage/read-ranges.ts';
import type { ReadRecord } from '../../src/core/coverage/read-ranges.ts';
import { segmentsOf } from '../../src/core/coverage/segments.ts';
import type { Gap } from '../../src/core/gaps.ts';
import { STEPS, STEP_SECONDS, bucketsOf } from '../../src/core/steps.ts';
import { isoMs } from '../../src/core/time.ts';
import { MemoryGold } from './memory-gold.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Gold is asked for 31 days at a time. What differs lies around the border. */
const START = Date.parse('2026-10-01T00:00:00Z');
const BORDER = START + 31 * DAY;
const NEAR = 5 * HOUR;
const WIKIS = ['enwiki', 'dewiki'] as const;

/** As the stores do it: gives the records of the asked range only. */
class RecordedGold extends MemoryGold {
  records: readonly ReadRecord[] = [];
  hours: readonly HourRebuilt[] = [];

  override async reads(from: number, to = Infinity) {
    return readRanges(this.records.filter(({ fromMs, toMs }) => toMs > from * 1000 && fromMs < to * 1000));
  }

  override async rebuilt(from: number, to: number) {
    return this.hours.filter(({ hourMs }) => hourMs >= from * 1000 && hourMs < to * 1000);
  }
}

const kept = fc.constantFrom(undefined, undefined, undefined, ['enwiki'], ['enwiki', 'dewiki'], ['frwiki']);
const record = fc.record({
  minutes: fc.nat({ max: 60 }),
  seconds: fc.nat({ max: 59 }),
  isMissing: fc.constantFrom(false, false, false, false, false, false, true),
  isComplete: fc.constantFrom(true, true, true, true, false),
  isNewLog: fc.constantFrom(false, false, false, false, false, false, false, true),
  wikis: kept,
});
/** Minutes after `BORDER - NEAR`. */
const minute = fc.nat({ max: (2 * NEAR) / MINUTE - 1 });
const stretch = fc.tuple(minute, fc.nat({ max: 150 })).map(([from, length]) => ({
  from: isoMs(BORDER - NEAR + from * MINUTE),
  to: isoMs(BORDER - NEAR + (from + length) * MINUTE),
}));
const scene = fc.record({
  before: fc.nat({ max: 120 }),
  records: fc.array(record, { minLength: 12, maxLength: 40 }),
  coverage: fc.array(fc.record({ at: stretch, wikis: kept }), { maxLength: 3 }),
  gaps: fc.array(stretch, { maxLength: 3 }),
  hours: fc.uniqueArray(
    fc.record({ hour: fc.nat({ max: 9 }), late: fc.nat({ max: 3 }), hasAddedSince: fc.boolean() }),
    { selector: ({ hour }) => hour, maxLength: 10 },
  ),
  rows: fc.uniqueArray(
    fc.record({
      wiki: fc.constantFrom(...WIKIS),
      minute,
      human: fc.nat(9),
      bot: fc.integer({ min: 1, max: 9 }),
      bytes: fc.integer({ min: -99, max: 99 }),
    }),
    { selector: ({ wiki, minute: at }) => `${wiki} ${at}`, maxLength: 40 },
  ),
  step: fc.constantFrom(...STEPS.filter(step => step !== '1d')),
  startMinute: fc.nat({ max: 59 }),
  nowMinute: fc.integer({ min: 60, max: (2 * NEAR) / MINUTE }),
  keptWikis: fc.constantFrom<readonly string[]>([], ['enwiki'], ['enwiki', 'dewiki']),
});

function recordsOf(
  given: readonly (typeof record extends fc.Arbitrary<infer T> ? T : never)[],
  before: number,
): ReadRecord[] {
  let [sequence, ms] = [5, BORDER - NEAR - before * MINUTE];
  return given.map(({ minutes, seconds, isMissing, isComplete, isNewLog, wikis }) => {
    sequence = isNewLog ? 1 : sequence + (isMissing ? 2 : 1);
    const toMs = ms + minutes * MINUTE + seconds * 1000;
    const fromMs = isMissing ? toMs : ms;
    ms = toMs;
    return { sequence, fromMs, toMs, isComplete, ...(wikis !== undefined && { wikis }) };
  });
}

test('says of each bucket what its minutes are, one by one, also where a long range is read in pieces', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(scene, async given => {
      const nowMs = BORDER - NEAR + given.nowMinute * MINUTE - 1;
      const gold = new RecordedGold();
      gold.records = recordsOf(given.records, given.before);
      const coverage = given.coverage.map(({ at, wikis }, n): Coverage => ({
        id: String(n),
        source: 'stream',
        ...at,
        ...(wikis !== undefined && { wikis }),
      }));
      const gaps = given.gaps.map((at, n): Gap => ({ id: String(n), cause: 'offsets', ...at }));
      gold.hours = given.hours.map(({ hour, late, hasAddedSince }) => {
        const hourMs = BORDER - NEAR + hour * HOUR;
        return { hourMs, rebuiltAtMs: hourMs + HOUR + (late - 1) * MINUTE, hasAddedSince };
      });
      gold.setCoverage(...coverage);
      gold.setGaps(...gaps);
      for (const { wiki, minute: at, human, bot, bytes } of given.rows)
        gold.put(wiki, (BORDER - NEAR + at * MINUTE) / 1000, human, bot, bytes);

      const fromMs = START + given.startMinute * MINUTE;
      const buckets = bucketsOf(fromMs / 1000, (BORDER + NEAR) / 1000, given.step);
      const end = Math.ceil(nowMs / MINUTE) * 60;
      const cut = { ...buckets, ...bucketsOf(fromMs / 1000, Math.min(buckets.to, end), given.step) };
      const deps = {
        gold,
        keptWikis: given.keptWikis,
        latenessMs: 300_000,
        nowMs,
        end,
        stopSignal: new AbortController().signal,
      };
      const { wikis: series } = await readSeries([...WIKIS], cut, deps);
      const { wikis: together } = await readSeries(['all'], cut, deps);

      const known: Known = {
        ...readRanges(gold.records),
        live: [],
        coverage: coverage.map(one =>
          one.wikis === undefined && given.keptWikis.length > 0 ? { ...one, wikis: given.keptWikis } : one,
        ),
        gaps,
        hours: gold.hours,
      };
      const firstNear = BORDER - NEAR - 2 * HOUR;
      const states = new Map<string | undefined, string[]>(
        [undefined, ...WIKIS].map(wiki => [
          wiki,
          segmentsOf(wiki, known, { fromMs: firstNear, toMs: BORDER + NEAR }, nowMs).flatMap(segment =>
            Array.from({ length: (segment.toMs - segment.fromMs) / MINUTE }, () => segment.state),
          ),
        ]),
      );
      const stateAt = (wiki: string | undefined, ms: number): string =>
        states.get(wiki)?.[(ms - firstNear) / MINUTE] ?? 'none';
      const worst = (of: readonly string[]): string =>
        ['unread', 'gap', 'pending', 'provisional', 'final'].find(state => of.includes(state)) ?? 'none';
      const stateOf = (wiki: string, ms: number): string => {
        if (wiki !== 'all') return stateAt(wiki, ms);
        if (given.keptWikis.length === 0) return stateAt(undefined, ms);
        return worst(given.keptWikis.map(one => stateAt(one, ms)));
      };
      const step = STEP_SECONDS[given.step] * 1000;
      for (const columns of [...series, ...together]) {
        const rows = given.rows.filter(({ wiki }) => columns.wiki === 'all' || wiki === columns.wiki);
        const byMinute = new Map<number, (typeof rows)[number][]>();
        for (const row of rows) {
          const ms = BORDER - NEAR + row.minute * MINUTE;
          byMinute.set(ms, [...(byMinute.get(ms) ?? []), row]);
        }
        const shown: unknown[] = [];
        const expected: unknown[] = [];
        expect(columns.state).toHaveLength(cut.count);
        const first = Math.max(0, Math.ceil((firstNear - cut.from * 1000) / step));
        for (let at = first; at < cut.count; at += 1) {
          const firstMs = cut.from * 1000 + at * step;
          const inBucket: string[] = [];
          let [sum, minutes] = [0, 0];
          for (let ms = firstMs; ms < firstMs + step && ms < end * 1000; ms += MINUTE) {
            const inMinute = byMinute.get(ms) ?? [];
            const state = stateOf(columns.wiki, ms);
            inBucket.push(state);
            if (['final', 'provisional', 'pending'].includes(state) || inMinute.length > 0) minutes += 1;
            sum += inMinute.reduce((total, { human }) => total + human, 0);
          }
          seen.add(worst(inBucket));
          const letter = { unread: 'u', gap: 'g', pending: 'n', provisional: 'p', final: 'f' }[
            worst(inBucket)
          ];
          shown.push([at, columns.state[at], columns.known[at], columns.human[at]]);
          expected.push([at, letter, minutes, minutes === 0 ? null : sum]);
        }
        expect(shown).toEqual(expected);
      }
    }),
    { numRuns: 100 },
  );
  // Otherwise the scenes would not show what they are meant to.
  expect([...seen].sort()).toEqual(['final', 'gap', 'pending', 'provisional', 'unread']);
});

test('is the same whichever hours gold has summed up, of wikis and of all of them together', async () => {
  const hours = Array.from({ length: (2 * NEAR) / HOUR }, (_, nth) => BORDER / 1000 + nth * 3_600);
  await fc.assert(
    fc.asyncProperty(scene, fc.subarray(hours), async (given, summedUp) => {
      const gold = new RecordedGold();
      gold.records = recordsOf(given.records, given.before).map(one => ({
        ...one,
        fromMs: one.fromMs + NEAR,
        toMs: one.toMs + NEAR,
      }));
      gold.setGaps(...given.gaps.map((at, n): Gap => ({ id: String(n), cause: 'offsets', ...at })));
      for (const { wiki, minute: at, human, bot, bytes } of given.rows)
        gold.put(wiki, BORDER / 1000 + at * 60, human, bot, bytes);
      const nowMs = BORDER + given.nowMinute * MINUTE - 1;
      const end = Math.ceil(nowMs / MINUTE) * 60;
      const stopSignal = new AbortController().signal;
      const deps = { gold, keptWikis: given.keptWikis, latenessMs: 300_000, nowMs, end, stopSignal };
      for (const step of ['1h', '1d'] as const) {
        const buckets = bucketsOf(BORDER / 1000, end, step);
        for (const wikis of [WIKIS, ['all']]) {
          gold.summedUp = [];
          const byMinute = await readSeries(wikis, buckets, deps);
          gold.summedUp = summedUp;
          expect(await readSeries(wikis, buckets, deps)).toEqual(byMinute);
        }
      }
    }),
    { numRuns: 50 },
  );
});

test('reads minutes where hours are not summed up, in the hour that has not ended, and for shorter steps', async () => {
  const gold = new MemoryGold();
  gold.put('enwiki', START / 1000 + 60, 3, 0);
  gold.summedUp = [0, 1, 3].map(nth => START / 1000 + nth * 3_600);
  const nowMs = START + 4.5 * HOUR;
  const deps = {
    gold,
    keptWikis: [],
    latenessMs: 300_000,
    nowMs,
    end: nowMs / 1000,
    stopSignal: new AbortController().signal,
  };
  const asked: unknown[] = [];
  for (const step of ['1h', '1d', '15m'] as const) {
    const before = gold.totalsAsked;
    const { wikis } = await readSeries(['enwiki'], bucketsOf(START / 1000, nowMs / 1000, step), deps);
    asked.push([step, gold.totalsAsked - before, wikis[0]?.human[0]]);
  }
  expect(asked).toEqual([
    ['1h', 2, 3],
    ['1d', 2, 3],
    ['15m', 1, 3],
  ]);
});
