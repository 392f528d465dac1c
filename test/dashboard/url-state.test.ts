/** The permalink: views survive a round trip, and any address gives a view. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { AVERAGES, TABS, readMinutes, readView, writeView } from '../../src/dashboard/url-state.ts';

test('an address without a query shows the default view', () => {
  expect(readView('')).toEqual({
    wiki: undefined,
    minutes: 180,
    end: undefined,
    selected: undefined,
    compare: [],
    indexed: false,
    weekAgo: false,
    average: 0,
    zone: 'utc',
    tab: 'wikis',
    human: true,
    bot: true,
  });
});

test('reads and writes the documented parameters', () => {
  const search = '?wiki=enwiki&minutes=1440&ma=5&human=1&bot=0';
  const view = {
    wiki: 'enwiki',
    minutes: 1_440,
    end: undefined,
    selected: undefined,
    compare: [],
    indexed: false,
    weekAgo: false,
    average: 5,
    zone: 'utc',
    tab: 'wikis',
    human: true,
    bot: false,
  } as const;
  expect(readView(search)).toEqual(view);
  expect(writeView(view)).toBe(search);
});

test('every view survives a round trip', () => {
  const views = fc.record({
    wiki: fc.option(fc.stringMatching(/^[a-z0-9_]{1,64}$/), { nil: undefined }),
    minutes: fc.integer({ min: 1, max: 527_040 }),
    // From 2001 on.
    end: fc.option(
      fc.integer({ min: 17_000_000, max: 34_000_000 }).map(minute => minute * 60),
      { nil: undefined },
    ),
    selected: fc.option(
      fc
        .record({
          minute: fc.integer({ min: 17_000_000, max: 34_000_000 }),
          minutes: fc.integer({ min: 1, max: 90 }),
        })
        .map(({ minute, minutes }) => ({ from: minute * 60, to: (minute + minutes) * 60 })),
      { nil: undefined },
    ),
    compare: fc.uniqueArray(fc.constantFrom('dewiki', 'frwiki', 'itwiki', 'jawiki'), { maxLength: 4 }),
    indexed: fc.boolean(),
    weekAgo: fc.boolean(),
    average: fc.constantFrom(...AVERAGES),
    zone: fc.constantFrom('utc' as const, 'local' as const),
    tab: fc.constantFrom(...TABS),
    human: fc.boolean(),
    bot: fc.boolean(),
  });
  fc.assert(
    fc.property(views, view => {
      expect(readView(writeView(view))).toEqual(view);
    }),
  );
});

test('a range between two times is whole minutes that do not move, and a wrong one is ignored', () => {
  const to = Date.UTC(2026, 10, 20, 12) / 1000;
  expect(readView('?from=2026-11-20T10:00:30Z&to=2026-11-20T11:59:30Z')).toMatchObject({
    minutes: 120,
    end: to,
  });
  expect(readView('?from=2026-11-20T12:00:00%2B02:00&to=2026-11-20T12:00:00Z')).toMatchObject({
    minutes: 120,
    end: to,
  });
  for (const wrong of [
    'from=2026-11-20T12:00:00Z&to=2026-11-20T10:00:00Z',
    'from=2026-11-20T10:00:00Z',
    'from=x&to=y',
  ]) {
    expect(readView(`?minutes=60&${wrong}`)).toMatchObject({ minutes: 60, end: undefined });
  }
});

test('any address gives a valid view', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.webQueryParameters().map(query => `?${query}`),
  );
  fc.assert(
    fc.property(texts, fc.string(), (search, value) => {
      for (const address of [search, `?wiki=${value}&minutes=${value}&ma=${value}&human=${value}`]) {
        const { minutes, average, wiki } = readView(address);
        expect(Number.isInteger(minutes) && minutes >= 1 && minutes <= 527_040).toBe(true);
        expect(AVERAGES).toContain(average);
        expect(wiki?.length ?? 1).toBeGreaterThan(0);
      }
    }),
  );
});

test.each([
  ['60', 60],
  [' 60 ', 60],
  ['0', 1],
  ['999999999', 527_040],
  ['', undefined],
  ['1.5', undefined],
  ['-5', undefined],
  ['1e3', undefined],
  [null, undefined],
])('%j means %j minutes', (text, minutes) => {
  expect(readMinutes(text)).toBe(minutes);
});

test('compares up to four wikis with the first, each once, and ignores what is no wiki', () => {
  const read = (names: string) => readView(`?wiki=enwiki&compare=${names}`).compare;
  expect(read('dewiki, frwiki,dewiki,enwiki,all,No Wiki,')).toEqual(['dewiki', 'frwiki']);
  expect(read('a,b,c,d,e,f')).toEqual(['a', 'b', 'c', 'd']);
  expect(readView('?compare=dewiki').compare).toEqual(['dewiki']);
});

test('selects minutes, one by default, and nothing where the time is wrong', () => {
  const from = Date.UTC(2026, 10, 20, 10, 5) / 1000;
  expect(readView('?at=2026-11-20T10:05:30Z').selected).toEqual({ from, to: from + 60 });
  expect(readView('?at=2026-11-20T10:05:00Z&for=45').selected).toEqual({ from, to: from + 2_700 });
  expect(readView('?at=yesterday&for=45').selected).toBeUndefined();
  expect(readView('?at=2026-11-20T10:05:00Z&for=ever').selected).toBeUndefined();
  expect(readView('?for=45').selected).toBeUndefined();
});
