/** ⑧ Counts and what is known of them, in an order that never shows a new minute as one without edits. */
import { beforeEach, expect, test } from 'vitest';
import type { Asked, RangeQuery } from '../../src/dashboard/api-client.ts';
import type { Knowledge } from '../../src/dashboard/knowledge.ts';
import { createMinutesLoader, rowsOf } from '../../src/dashboard/load-minutes.ts';
import type { MinuteRow, Minutes } from '../../src/dashboard/load-minutes.ts';

const QUERY: RangeQuery = { wiki: 'enwiki', minutes: 180, step: '1m', within: 195 };
const ROW = { ts: '2026-11-20T10:05:00Z', total: 3, human: 2, bot: 1 };
const LATER = { ...ROW, ts: '2026-11-20T10:06:00Z' };
const KNOWN: Knowledge = { kind: 'known', segments: [] };
const FAILED: Knowledge = { kind: 'unavailable', message: 'x' };

let asked: string[];
let nowMs: number;
let rows: readonly MinuteRow[];
let questions: Asked[];
let knowledge: Knowledge;
let load: (query: RangeQuery) => Promise<Minutes>;

beforeEach(() => {
  [asked, questions, nowMs, rows, knowledge] = [[], [], 0, [ROW], KNOWN];
  const loader = createMinutesLoader({
    loadBuckets: async () => undefined,
    loadRows: async question => {
      asked.push('edits');
      questions.push(question);
      return rows;
    },
    loadKnowledge: async () => {
      asked.push('knowledge');
      return knowledge;
    },
    keepMs: () => 10_000,
    nowMs: () => nowMs,
  });
  load = query => loader(query, new AbortController().signal);
});

test('asks what is known before it asks for the counts', async () => {
  expect(await load(QUERY)).toEqual({ rows, knowledge });
  expect(asked).toEqual(['knowledge', 'edits']);
});

test('asks what is known again after a while, after a new minute, and for another question', async () => {
  await load(QUERY);
  nowMs = 9_000;
  asked = [];
  await load(QUERY);
  expect(asked).toEqual(['edits']);
  rows = [ROW, LATER];
  await load(QUERY);
  asked = [];
  await load(QUERY);
  expect(asked).toEqual(['knowledge', 'edits']);
  nowMs = 19_000;
  asked = [];
  await load(QUERY);
  expect(asked).toEqual(['knowledge', 'edits']);
  asked = [];
  await load({ ...QUERY, wiki: 'dewiki' });
  expect(asked).toEqual(['knowledge', 'edits']);
});

test('uses what it knew while a new answer fails, but not for long', async () => {
  await load(QUERY);
  knowledge = FAILED;
  nowMs = 11_000;
  expect((await load(QUERY)).knowledge).toEqual(KNOWN);
  nowMs = 61_000;
  expect((await load(QUERY)).knowledge).toEqual(FAILED);
  expect((await load({ ...QUERY, wiki: 'dewiki' })).knowledge).toEqual(FAILED);
  knowledge = KNOWN;
  expect((await load(QUERY)).knowledge).toEqual(KNOWN);
});

test('asks for minutes before the range too, which averages need, also where the range is frozen', async () => {
  await load(QUERY);
  const end = Date.UTC(2026, 10, 20, 12) / 1000;
  await load({ ...QUERY, end });
  expect(questions).toEqual([
    { wiki: 'enwiki', minutes: 195 },
    { wiki: 'enwiki', from: '2026-11-20T08:45:00Z', to: '2026-11-20T12:00:00Z' },
  ]);
});

test('rows are the minutes with edits', () => {
  const columns = {
    wiki: 'enwiki',
    human: [2, 0, null, 3],
    bot: [1, 0, null, 0],
    bytes: [],
    min: [],
    max: [],
  };
  const answer = {
    from: '2026-11-20T10:05:00Z',
    to: '2026-11-20T10:09:00Z',
    stepSec: 60,
    completeThrough: null,
    version: '',
    wikis: [{ ...columns, known: [1, 1, 0, 1], state: 'ffuf' }],
  };
  expect(rowsOf(answer)).toEqual([ROW, { ts: '2026-11-20T10:08:00Z', total: 3, human: 3, bot: 0 }]);
});
