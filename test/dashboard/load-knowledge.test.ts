/** ⑧ What the page learns of minutes, from the real API with a gold in memory. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import { loadKnowledge } from '../../src/dashboard/load-knowledge.ts';
import { MemoryGold } from '../api/memory-gold.ts';
import { answeredBy } from './answered-by.ts';

const HOUR_MS = 3_600_000;
const NOW_MS = Date.UTC(2026, 10, 20, 12, 30, 20);
const NOW_MINUTE = Math.floor(NOW_MS / 60_000);

let gold: MemoryGold;
let app: FastifyInstance;
let asked: readonly string[];

beforeEach(async () => {
  gold = new MemoryGold();
  app = await buildApp({ gold, dashboardDir: 'not-built', version: '1', now: () => NOW_MS });
  asked = answeredBy(app);
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await app.close();
});

/** The stream was read between two ages in minutes, the older one first. */
function read(...ranges: readonly (readonly [from: number, to: number])[]): void {
  const at = (back: number): number => (NOW_MINUTE - back) * 60_000;
  gold.setReads({ read: ranges.map(([from, to]) => ({ fromMs: at(from), toMs: at(to) })), pending: [] });
}

/** Standings by age in minutes, such as `unread 180-60`. */
async function ask(minutes: number, wiki = 'enwiki'): Promise<string[]> {
  const knowledge = await loadKnowledge({ wiki, minutes }, new AbortController().signal);
  if (knowledge.kind !== 'known') return [knowledge.kind];
  const age = (second: number): number => NOW_MINUTE - second / 60;
  return knowledge.segments.map(({ from, to, standing }) => `${standing.kind} ${age(from)}-${age(to)}`);
}

test('minutes are full up to the watermark, provisional up to where was read, and awaited after it', async () => {
  read([600, 4]);
  expect(await ask(60)).toEqual(['full 59-30', 'full 30-9', 'provisional 9-4', 'counting 4--1']);
  expect(asked).toHaveLength(1);
});

test('a hole does not make the minutes after it provisional', async () => {
  read([600, 50], [40, 4]);
  expect(await ask(60)).toEqual([
    'full 59-50',
    'unread 50-40',
    'full 40-30',
    'full 30-9',
    'provisional 9-4',
    'counting 4--1',
  ]);
  expect(asked).toHaveLength(2);
});

test('after a start a few minutes ago, nothing is full yet', async () => {
  read([3, 1]);
  expect(await ask(60)).toEqual(['unread 59-3', 'provisional 3-1', 'counting 1--1']);
});

test('what nobody has ever read is unread, and asked about once', async () => {
  expect(await ask(60)).toEqual(['counting 59--1']);
  expect(asked).toHaveLength(1);
});

test('parts that are not in gold yet are being counted', async () => {
  read([600, 10]);
  gold.setReads({
    read: [{ fromMs: NOW_MS - 10 * HOUR_MS, toMs: (NOW_MINUTE - 10) * 60_000 }],
    pending: [{ fromMs: (NOW_MINUTE - 10) * 60_000, toMs: (NOW_MINUTE - 4) * 60_000 }],
  });
  expect((await ask(60)).slice(-2)).toEqual(['counting 10-4', 'counting 4--1']);
});

test('a wiki that does not exist is no failure', async () => {
  expect(await ask(60, 'nosuchwiki')).toEqual(['no-such-wiki']);
});

test('a failure says why', async () => {
  gold.failure = new Error('gone');
  const knowledge = await loadKnowledge({ wiki: 'enwiki', minutes: 60 }, new AbortController().signal);
  expect(knowledge).toMatchObject({ kind: 'unavailable', message: /^the API responded with 500: / });
});

test('a question that is given up fails', async () => {
  const given = new AbortController();
  given.abort(new Error('superseded'));
  vi.stubGlobal('fetch', async () => {
    throw new Error('aborted');
  });
  await expect(loadKnowledge({ wiki: 'enwiki', minutes: 60 }, given.signal)).rejects.toThrow('superseded');
});
