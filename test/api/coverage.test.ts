/** ⑦ `GET /api/v1/coverage`: what it says of each minute, its bounds, and what it refuses. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import type { ReadRange } from '../../src/core/coverage/read-ranges.ts';
import { MemoryGold } from './memory-gold.ts';
import { expectationOf } from './recorded.ts';

const NOW_MS = Date.parse('2026-11-20T12:29:30Z');
const ms = (time: string): number => Date.parse(`2026-11-20T${time}:00Z`);
const span = (from: string, to: string): ReadRange => ({ fromMs: ms(from), toMs: ms(to) });
const time = (text: string): string => `2026-11-20T${text}:00Z`;

let gold: MemoryGold;
let app: FastifyInstance;
beforeEach(async () => {
  gold = new MemoryGold();
  app = await buildApp({ gold, dashboardDir: 'not-built', version: '1', now: () => NOW_MS });
  return () => app.close();
});

const get = async (query: string) => app.inject(`/api/v1/coverage?${query}`);
interface Answer {
  readonly completeThrough: string | null;
  readonly segments: readonly { from: string; to: string; state: string; reason: string }[];
}
const shown = async (query: string): Promise<readonly string[]> =>
  (await get(query))
    .json<Answer>()
    .segments.map(({ from, to, state, reason }) =>
      [from.slice(11, 16), to.slice(11, 16), state, reason].join(' '),
    );

describe('coverage', () => {
  test('names the hours that were quiet, of a wiki or of all together', async () => {
    const all = { kind: 'quiet', edits: 9, expected: 1_000, factor: 0.009 } as const;
    gold.setExpectations(
      expectationOf('2026-11-20T09', { all }),
      expectationOf('2026-11-20T10', { all, quiet: [] }),
      expectationOf('2026-11-20T11'),
    );
    gold.put('dewiki', ms('10:30') / 1000, 1, 0);
    const quiet = async (wiki: string) =>
      (await get(`wiki=${wiki}&from=${time('10:30')}&to=${time('12:00')}`)).json<{ quiet: object[] }>().quiet;
    expect(await quiet('all')).toEqual([{ hour: '2026-11-20T10', edits: 9, expected: 1_000, factor: 0.01 }]);
    expect(await quiet('dewiki')).toEqual([{ hour: '2026-11-20T11', edits: 3, expected: 812.41, factor: 0 }]);
    expect(await quiet('enwiki')).toEqual([]);
  });

  test('tells what was read, what is complete and what nobody looked at', async () => {
    gold.setReads({ read: [span('10:00', '12:25')], pending: [span('12:25', '12:27')] }, [
      { hourMs: ms('10:00'), rebuiltAtMs: ms('11:06'), hasAddedSince: false },
      { hourMs: ms('11:00'), rebuiltAtMs: ms('12:06'), hasAddedSince: true },
    ]);
    const response = await get(`wiki=enwiki&from=${time('09:30')}&to=${time('13:00')}`);
    expect(response.json()).toEqual({
      wiki: 'enwiki',
      from: time('09:30'),
      to: time('12:30'),
      completeThrough: null,
      segments: [
        { from: time('09:30'), to: time('10:00'), state: 'unread', reason: 'never' },
        { from: time('10:00'), to: time('11:00'), state: 'final', reason: 'rebuilt' },
        { from: time('11:00'), to: time('12:00'), state: 'provisional', reason: 'added' },
        { from: time('12:00'), to: time('12:25'), state: 'provisional', reason: 'open' },
        { from: time('12:25'), to: time('12:27'), state: 'pending', reason: 'parts' },
        { from: time('12:27'), to: time('12:30'), state: 'unread', reason: 'not_yet' },
      ],
      quiet: [],
    });
    // Five minutes behind what was read, because events may still come so late.
    expect((await get('wiki=enwiki&minutes=60')).json()).toMatchObject({ completeThrough: time('12:22') });
  });

  test('tells the wikis that were left out, gaps, and what gold has dropped', async () => {
    gold.setReads(
      { read: [{ ...span('10:00', '12:00'), wikis: ['enwiki'] }], pending: [] },
      [],
      ms('10:30') / 1000,
    );
    gold.setGaps({ id: 'one', cause: 'offsets', from: time('11:00'), to: time('11:05'), missing: 9 });
    const range = `from=${time('10:20')}&to=${time('11:10')}`;
    expect(await shown(`wiki=enwiki&${range}`)).toEqual([
      '10:20 10:30 unread retention',
      '10:30 11:00 provisional not_rebuilt',
      '11:00 11:05 gap offsets',
      '11:05 11:10 provisional not_rebuilt',
    ]);
    expect(await shown(`wiki=dewiki&${range}`)).toEqual([
      '10:20 10:30 unread retention',
      '10:30 11:00 unread filter',
      '11:00 11:05 gap offsets',
      '11:05 11:10 unread filter',
    ]);
  });

  test('knows that reading went on after a range in which nobody looked', async () => {
    gold.put('enwiki', ms('12:00') / 1000, 1, 0);
    expect(await shown(`wiki=enwiki&from=${time('08:00')}&to=${time('08:10')}`)).toEqual([
      '08:00 08:10 unread never',
    ]);
  });
});

describe('a question that it does not answer', () => {
  test.each([
    ['wiki=enwiki&minutes=10081', 'minutes'],
    ['wiki=enwiki&from=2026-11-01T00:00:00Z&to=2026-11-20T00:00:00Z', 'from'],
    ['wiki=enwiki&from=2026-11-01T00:00:00Z', 'to'],
    ['wiki=enwiki,dewiki', 'wiki'],
    ['minutes=60', 'wiki'],
    ['wiki=enwiki&hours=2', 'hours'],
  ])('%s: 400 that names the parameter', async (query, parameter) => {
    const response = await get(query);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ errors: [{ parameter }] });
  });

  test('a name that no wiki has: 404', async () => {
    expect((await get('wiki=nosuchwiki')).statusCode).toBe(404);
  });
});
