import { beforeEach, describe, expect, test } from 'vitest';
import type { Coverage } from '../../src/core/backfill.ts';
import { hourNumber } from '../../src/core/usual/past-hours.ts';
import { knownFromStream, pastHours, readStreamHours, readStreamKnown } from '../../src/gold/stream-hours.ts';
import { UsualOfWikis } from '../../src/gold/usual-of-wikis.ts';
import { MemoryGold } from '../api/memory-gold.ts';

const HOUR = 3_600;
const START = Date.parse('2026-11-20T00:00:00Z') / 1000;
const never = new AbortController().signal;
const iso = (second: number): string => new Date(second * 1000).toISOString();
const span = (from: number, to: number) => ({ fromMs: from * 1000, toMs: to * 1000 });

describe('what is known from the stream', () => {
  let gold: MemoryGold;
  beforeEach(() => {
    gold = new MemoryGold();
  });
  const known = async (wiki?: string) =>
    knownFromStream(wiki, await readStreamKnown([START, START + 6 * HOUR], gold));
  const filled = (source: Coverage['source'], from: number, to: number): Coverage => ({
    id: `${source} ${from}`,
    source,
    from: iso(from),
    to: iso(to),
  });

  test('is what was read and what was filled from it, without what it lost', async () => {
    gold.setReads({ read: [span(START, START + 2 * HOUR)], pending: [span(START, START + 5 * HOUR)] });
    gold.setCoverage(filled('stream', START + 3 * HOUR, START + 4 * HOUR));
    gold.setGaps({
      id: 'a',
      cause: 'offsets',
      from: iso(START + HOUR + 30),
      to: iso(START + HOUR + 90),
    });
    expect(await known('enwiki')).toEqual([
      span(START, START + HOUR),
      span(START + HOUR + 120, START + 2 * HOUR),
      span(START + 3 * HOUR, START + 4 * HOUR),
    ]);
  });

  test('is not what was filled from the Action API or the dumps, whose bot flags differ', async () => {
    gold.setReads({ read: [span(START, START + HOUR)], pending: [] });
    gold.setCoverage(filled('api', START, START + 2 * HOUR), filled('dump', START, START + 4 * HOUR));
    gold.setGaps({ id: 'a', cause: 'offsets', from: iso(START), to: iso(START + HOUR / 2) });
    expect(await known('enwiki')).toEqual([span(START + HOUR / 2, START + HOUR)]);
  });

  test('is less where only some wikis were kept', async () => {
    const some = { ...span(START, START + HOUR), wikis: ['enwiki'] };
    gold.setReads({ read: [some, span(START + HOUR, START + 2 * HOUR)], pending: [] });
    expect(await known('enwiki')).toEqual([span(START, START + 2 * HOUR)]);
    expect(await known('dewiki')).toEqual([span(START + HOUR, START + 2 * HOUR)]);
    expect(await known()).toEqual([span(START + HOUR, START + 2 * HOUR)]);
  });
});

describe('past hours', () => {
  const range = [START, START + 3 * HOUR] as const;

  test.each([
    ['by their minutes', []],
    ['by their sums', [START, START + HOUR, START + 2 * HOUR]],
    ['by both', [START + HOUR]],
  ])('are read %s', async (_, summedUp) => {
    const gold = new MemoryGold();
    gold.summedUp = summedUp;
    for (let minute = START; minute < START + 3 * HOUR; minute += 60) gold.put('enwiki', minute, 2, 1);
    // Of the second hour 40 minutes are known, and a fourth hour lies outside.
    const spans = [span(START, START + HOUR + 40 * 60), span(START + 2 * HOUR, START + 9 * HOUR)];
    const hours = await readStreamHours('enwiki', range, spans, gold, never);
    const at = (kind: 'human' | 'bot', hour: number): number =>
      pastHours(kind, [hours]).at(hourNumber(START) + hour);
    expect([0, 1, 2, 3].map(hour => at('human', hour))).toEqual([120, 180, 120, NaN]);
    expect([0, 2].map(hour => at('bot', hour))).toEqual([60, 60]);
  });

  test('are 0 where they are known and have no rows, and unknown elsewhere', async () => {
    const known = [span(START, START + HOUR)];
    const hours = await readStreamHours('enwiki', range, known, new MemoryGold(), never);
    const past = pastHours('bot', [hours]);
    expect([0, 1].map(hour => past.at(hourNumber(START) + hour))).toEqual([0, NaN]);
  });
});

describe('what is usual of wikis', () => {
  test('of a simulated stream is made from hours until there are weeks, of a real one it is not', async () => {
    const gold = new MemoryGold();
    gold.setReads({ read: [span(START - 5 * HOUR, START)], pending: [] });
    for (let minute = START - 5 * HOUR; minute < START; minute += 60) gold.put('enwiki', minute, 2, 0);
    const hour = async () =>
      (await new UsualOfWikis(gold).of('enwiki', START + 600)).human.hour(hourNumber(START));
    gold.setSources({ url: 'https://stream.wikimedia.org', simulated: false });
    expect(await hour()).toEqual({ kind: 'not_enough_history', weeks: 0 });
    gold.setSources({ url: 'http://127.0.0.1:5001', simulated: true });
    expect(await hour()).toMatchObject({ kind: 'usual', mean: 120 });
  });

  test('does not rise with an anomaly that lasts', async () => {
    const gold = new MemoryGold();
    gold.setReads({ read: [span(START - 70 * 86_400, START)], pending: [] });
    const since = START - 3 * HOUR;
    for (let week = 0; week <= 8; week += 1)
      for (let minute = START - 4 * HOUR; minute < START + (week > 0 ? HOUR : 0); minute += 60)
        gold.put('enwiki', minute - week * 7 * 86_400, week === 0 && minute >= since ? 8 : 2, 0);
    const mean = async () => {
      const { human } = await new UsualOfWikis(gold).of('enwiki', START + 600);
      const found = human.hour(hourNumber(START));
      return found.kind === 'usual' ? found.mean : undefined;
    };
    expect(await mean()).toBeCloseTo(240);
    gold.setAnomalies({
      id: 'a',
      wiki: 'enwiki',
      account: 'human',
      from: since,
      to: null,
      noticedAt: since + 300,
      countedTo: START,
      edits: 1_440,
      expected: 360,
      peak: { from: since, to: since + 300, edits: 40, expected: 10 },
      lookedAt: START,
    });
    expect(await mean()).toBeCloseTo(120);
  });

  test('is read once an hour, when the last one is known, and again after a failure', async () => {
    const gold = new MemoryGold();
    gold.setReads({ read: [span(START - 100 * 86_400, START + 10 * HOUR)], pending: [] });
    for (let week = 1; week <= 8; week += 1)
      for (let minute = 0; minute < 60; minute += 1)
        gold.put('enwiki', START - week * 7 * 86_400 + minute * 60, 2, 0);
    const usual = new UsualOfWikis(gold);
    gold.failure = new Error('away');
    await expect(usual.of('enwiki', START)).rejects.toThrow('away');
    gold.failure = undefined;
    const first = await usual.of('enwiki', START);
    expect(first.human.hour(hourNumber(START))).toMatchObject({ kind: 'usual', mean: 120 });
    expect(await usual.of('enwiki', START + 599)).toBe(first);
    const asked = gold.totalsAsked;
    const second = await usual.of('enwiki', START + 600);
    expect(second).not.toBe(first);
    expect(gold.totalsAsked).toBeGreaterThan(asked);
  });

  test('reads what lies before yesterday once a day', async () => {
    const ranges: (readonly [number, number])[] = [];
    class AskedGold extends MemoryGold {
      override async hourTotals(...asked: Parameters<MemoryGold['hourTotals']>) {
        ranges.push([asked[1], asked[2]]);
        return super.hourTotals(...asked);
      }
    }
    const usual = new UsualOfWikis(new AskedGold());
    const days = (hours: number): number => Math.round(hours / 24);
    for (const later of [600, HOUR + 600, 24 * HOUR + 600]) {
      ranges.length = 0;
      await usual.of('enwiki', START + later);
      const lengths = ranges.map(([from, to]) => days((to - from) / HOUR));
      expect(lengths).toEqual(later === HOUR + 600 ? [1] : [92, 1]);
    }
  });
});
