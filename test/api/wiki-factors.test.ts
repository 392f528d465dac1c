import { beforeEach, describe, expect, test } from 'vitest';
import { buildApp } from '../../src/api/app.ts';
import type { WikiList } from '../../src/api/schemas/wiki-list.ts';
import { wikiFactors } from '../../src/api/wiki-factors.ts';
import { MONDAY, steady } from '../core/usual/hours.ts';
import { MemoryGold } from './memory-gold.ts';

const NOW = MONDAY + 60 * 3_600;
const FROM = NOW - 3_600;

describe('how many times the usual', () => {
  let gold: MemoryGold;
  const factors = async (wikis: readonly string[], hourly = 60) =>
    Object.fromEntries(
      await wikiFactors(wikis, [FROM, NOW], {
        gold,
        usual: { of: async () => ({ human: steady(hourly, NOW), bot: steady(hourly, NOW) }) },
      }),
    );
  const knownTo = (second: number): void =>
    gold.setReads({ read: [{ fromMs: (FROM - 3_600) * 1000, toMs: second * 1000 }], pending: [] });
  beforeEach(() => {
    gold = new MemoryGold();
    for (let minute = FROM; minute < NOW; minute += 60) gold.put('enwiki', minute, 4, 2);
    knownTo(NOW);
  });

  test('is the edits of people and bots against both expectations', async () => {
    expect(await factors(['enwiki', 'dewiki'])).toEqual({ enwiki: expect.closeTo(3, 5), dewiki: 0 });
  });

  test('leaves out the newest minutes, of which not all is known', async () => {
    for (let minute = NOW - 600; minute < NOW; minute += 60) gold.put('enwiki', minute, 0, 0);
    knownTo(NOW - 570);
    expect(await factors(['enwiki'])).toEqual({ enwiki: expect.closeTo(3, 5) });
  });

  test.each([
    ['nothing is known', () => gold.setReads({ read: [], pending: [] })],
    ['nothing of the window is known', () => knownTo(FROM)],
    [
      'the stream lost some of it',
      () =>
        gold.setGaps({
          id: 'a',
          cause: 'offsets',
          from: new Date((FROM + 60) * 1000).toISOString(),
          to: new Date((FROM + 90) * 1000).toISOString(),
        }),
    ],
  ])('is not said where %s', async (_, make) => {
    make();
    expect(await factors(['enwiki'])).toEqual({});
  });

  test('is not said where one edit would be many times the usual', async () => {
    expect(await factors(['enwiki'], 1)).toEqual({});
  });

  test('is said for the first hundred of a list', async () => {
    const wikis = Array.from({ length: 150 }, (_, i) => `w${i}wiki`);
    expect(Object.keys(await factors(wikis))).toEqual(wikis.slice(0, 100));
  });

  test('stands in the list of wikis', async () => {
    const week = 7 * 86_400;
    gold.setReads({ read: [{ fromMs: (NOW - 9 * week) * 1000, toMs: NOW * 1000 }], pending: [] });
    for (let weeks = 1; weeks <= 8; weeks += 1)
      for (let minute = NOW - 5 * 3_600; minute < NOW + 3_600; minute += 60)
        gold.put('enwiki', minute - weeks * week, 2, 1);
    // As busy as the hours before on other weeks, so that today is an ordinary day.
    for (let minute = NOW - 5 * 3_600; minute < FROM; minute += 60) gold.put('enwiki', minute, 2, 1);
    const app = await buildApp({ gold, dashboardDir: 'x', version: '1', now: () => NOW * 1000 - 1 });
    const [english] = (await app.inject('/api/v1/wikis?limit=1')).json<WikiList>();
    expect(english).toMatchObject({ wiki: 'enwiki', edits: 360, factor: 2 });
    await app.close();
  });
});
