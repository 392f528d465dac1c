/** ⑧ Finding a wiki by whatever a reader types, against the names of the real API. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import type { WikiRow } from '../../src/dashboard/api-client.ts';
import { ranked, searchText } from '../../src/dashboard/wiki-search.ts';
import { MemoryGold } from '../api/memory-gold.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 12, 30);
let app: FastifyInstance;

beforeAll(async () => {
  const gold = new MemoryGold();
  const busy = ['enwiki', 'commonswiki', 'dewiki', 'frwiki', 'eswiki', 'dewiktionary', 'ruwiki', 'jawiki'];
  for (const [at, wiki] of busy.entries()) gold.put(wiki, NOW_MS / 1000 - 600, 100 - at, 0);
  app = await buildApp({ gold, dashboardDir: 'not-built', version: '1', now: () => NOW_MS });
});
afterAll(() => app.close());

async function find(typed: string): Promise<string[]> {
  const text = searchText(typed);
  const { body } = await app.inject(
    `/api/v1/wikis?${new URLSearchParams({ q: text, limit: '100' }).toString()}`,
  );
  return ranked(JSON.parse(body) as WikiRow[], text).map(({ wiki }) => wiki);
}

describe('the first one found', () => {
  test.each([
    ['a name in its own language', 'Deutsch', 'dewiki'],
    ['a name with accents, typed without', 'espanol', 'eswiki'],
    ['another script', 'русский', 'ruwiki'],
    ['an English name', 'german', 'dewiki'],
    ['a code', 'de', 'dewiki'],
    ['the code of a small wiki that is a part of other names', 'als', 'alswiki'],
    ['a database name', 'dewiktionary', 'dewiktionary'],
    ['a domain', 'en.wikipedia.org', 'enwiki'],
    ['the address of a page', 'https://fr.wikipedia.org/wiki/Banane?veaction=edit#top', 'frwiki'],
    ['the address of a mobile page', 'ja.m.wikipedia.org/wiki/X', 'jawiki'],
    ['the address of a project without languages', 'https://commons.wikimedia.org/', 'commonswiki'],
  ])('by %s', async (_, typed, wiki) => {
    expect((await find(typed))[0]).toBe(wiki);
  });
});

test('nothing is found by what no wiki is called', async () => {
  expect(await find('banana')).toEqual([]);
});

test('of equally good ones, the busiest is first', async () => {
  const found = await find('german');
  expect(found.indexOf('dewiki')).toBeLessThan(found.indexOf('dewiktionary'));
});

test('a text is no address because it has a dot', () => {
  expect(searchText(' a.b c ')).toBe('a.b c');
  expect(searchText('x'.repeat(300))).toHaveLength(100);
});
