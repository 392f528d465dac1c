/** ⑦ `GET /api/v1/series`: its buckets, its formats, its bounds, and what it says of questions that it does not answer. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import { STATE_LETTERS } from '../../src/core/coverage/standing.ts';
import { MemoryGold } from './memory-gold.ts';

const NOW_MS = Date.parse('2026-11-20T10:05:42Z');
const at = (text: string): number => Date.parse(`2026-11-20T${text}:00Z`) / 1000;

let gold: MemoryGold;
let app: FastifyInstance;

async function serve(keptWikis: readonly string[] = []): Promise<FastifyInstance> {
  return buildApp({ gold, dashboardDir: 'not-built', version: '1', keptWikis, now: () => NOW_MS });
}

beforeEach(async () => {
  gold = new MemoryGold();
  app = await serve();
  return () => app.close();
});

async function get(query: string, headers: Readonly<Record<string, string>> = {}) {
  return app.inject({ url: `/api/v1/series?${query}`, headers });
}

interface Columns {
  readonly human: readonly (number | null)[];
  readonly known: readonly number[];
  readonly state: string;
}

async function columnsOf(query: string): Promise<Columns> {
  const [columns] = (await get(query)).json<{ wikis: Columns[] }>().wikis;
  return columns ?? { human: [], known: [], state: '' };
}

describe('a series', () => {
  test('has a column for each number, in the order of the question', async () => {
    gold.put('enwiki', at('10:00'), 9, 3, 120);
    gold.put('enwiki', at('10:02'), 1, 0, -500);
    gold.put('dewiki', at('10:05'), 2, 2, 7);
    const response = await get(
      'wiki=enwiki,dewiki&from=2026-11-20T10:00:00Z&to=2026-11-20T10:10:00Z&step=5m',
    );
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(response.json()).toEqual({
      from: '2026-11-20T10:00:00Z',
      to: '2026-11-20T10:10:00Z',
      stepSec: 300,
      completeThrough: null,
      version: expect.stringMatching(/^[0-9a-f]{16}$/),
      wikis: [
        {
          wiki: 'enwiki',
          human: [10, null],
          bot: [3, null],
          bytes: [-380, null],
          min: [1, null],
          max: [12, null],
          known: [2, 0],
          state: 'uu',
        },
        {
          wiki: 'dewiki',
          human: [null, 2],
          bot: [null, 2],
          bytes: [null, 7],
          min: [null, 4],
          max: [null, 4],
          known: [0, 1],
          state: 'uu',
        },
      ],
    });
  });

  test('of all wikis adds them up', async () => {
    gold.put('enwiki', at('10:00'), 9, 3, 120);
    gold.put('dewiki', at('10:00'), 2, 2, 7);
    expect((await get('wiki=all&minutes=6&step=1m')).json()).toMatchObject({
      wikis: [
        { wiki: 'all', human: [11, null, null, null, null, null], bot: [5, null, null, null, null, null] },
      ],
    });
  });

  test('has 0 only in minutes that a backfill has covered for the wiki', async () => {
    const range = { from: '2026-11-20T10:01:00.000Z', to: '2026-11-20T10:03:00.000Z' };
    gold.setCoverage({ id: 'a', source: 'api', wikis: ['enwiki'], ...range });
    const minutes = 'minutes=6&step=1m';
    expect((await columnsOf(`wiki=enwiki&${minutes}`)).human).toEqual([null, 0, 0, null, null, null]);
    expect((await columnsOf(`wiki=dewiki&${minutes}`)).known).toEqual([0, 0, 0, 0, 0, 0]);
    expect((await columnsOf(`wiki=all&${minutes}`)).known).toEqual([0, 0, 0, 0, 0, 0]);
    gold.setCoverage({ id: 'b', source: 'stream', ...range });
    expect((await columnsOf(`wiki=dewiki&${minutes}`)).human).toEqual([null, 0, 0, null, null, null]);
    expect((await columnsOf(`wiki=all&${minutes}`)).human).toEqual([null, 0, 0, null, null, null]);
  });

  test('does not call a wiki known that the filter leaves out', async () => {
    const range = { from: '2026-11-20T10:01:00.000Z', to: '2026-11-20T10:03:00.000Z' };
    gold.setCoverage({ id: 'b', source: 'stream', ...range });
    await app.close();
    app = await serve(['enwiki']);
    expect((await columnsOf('wiki=dewiki&minutes=6&step=1m')).known).toEqual([0, 0, 0, 0, 0, 0]);
    expect((await columnsOf('wiki=enwiki&minutes=6&step=1m')).known).toEqual([0, 1, 1, 0, 0, 0]);
  });

  test('ends with the bucket of the current minute, whose later minutes do not count', async () => {
    gold.put('enwiki', at('10:05'), 1, 0);
    gold.put('enwiki', at('10:06'), 100, 0);
    const range = { from: '2026-11-20T10:00:00.000Z', to: '2026-11-20T11:00:00.000Z' };
    gold.setCoverage({ id: 'b', source: 'stream', ...range });
    const query = 'wiki=enwiki&from=2026-11-20T10:00:00Z&to=2026-11-21T00:00:00Z&step=1h';
    expect(await columnsOf(query)).toMatchObject({ human: [1], known: [6] });
    const later = 'wiki=enwiki&from=2026-11-20T12:07:00Z&to=2026-11-21T00:00:00Z&step=5m';
    expect((await columnsOf(later)).known).toEqual([]);
  });

  test('has 180 minutes, and the finest step of at most 600 buckets, if nothing else is asked', async () => {
    const body = (await get('wiki=enwiki')).json<{ from: string; stepSec: number }>();
    expect(body).toMatchObject({ from: '2026-11-20T07:06:00Z', to: '2026-11-20T10:06:00Z', stepSec: 60 });
    expect((await get('wiki=enwiki&minutes=601')).json()).toMatchObject({ stepSec: 300 });
  });

  test('has the same values over any pieces that it was read in', async () => {
    for (let day = 0; day < 100; day += 1) gold.put('enwiki', at('10:00') - day * 86_400, 1, 0);
    const { human } = await columnsOf('wiki=enwiki&minutes=146880&step=1d');
    expect(human).toHaveLength(103);
    expect(human.slice(3)).toEqual(Array.from({ length: 100 }, () => 1));
    expect(gold.totalsAsked).toBeGreaterThan(1);
  });

  test('has each wiki once', async () => {
    const { wikis } = (await get('wiki=enwiki,enwiki')).json<{ wikis: object[] }>();
    expect(wikis).toHaveLength(1);
  });
});

describe('what is known of its minutes', () => {
  const MINUTE = 60_000;
  const span = (from: string, to: string, wikis?: readonly string[]) => ({
    fromMs: at(from) * 1000,
    toMs: at(to) * 1000,
    ...(wikis !== undefined && { wikis }),
  });
  const HOURS = [{ hourMs: at('08:00') * 1000, rebuiltAtMs: at('09:06') * 1000, hasAddedSince: false }];
  const RANGE = 'from=2026-11-20T07:30:00Z&to=2026-11-20T12:00:00Z';

  test('is a letter a bucket, that of its worst minute, and a minute that was read is 0 without edits', async () => {
    gold.put('enwiki', at('08:10'), 2, 1);
    gold.setReads({ read: [span('08:00', '09:50')], pending: [span('09:50', '10:02')] }, HOURS);
    gold.setGaps({ id: 'g', cause: 'offsets', from: '2026-11-20T09:10:00Z', to: '2026-11-20T09:12:00Z' });
    const { human, known, state } = await columnsOf(`wiki=enwiki&${RANGE}&step=15m`);
    expect(state).toBe('uuffffgppnu');
    expect(human).toEqual([null, null, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
    // Two minutes of the gap, and all that nobody has read.
    expect(known).toEqual([0, 0, 15, 15, 15, 15, 13, 15, 15, 15, 2]);
  });

  test('does not hide edits of a minute that nobody is known to have read, or in which events were lost', async () => {
    gold.setReads({ read: [span('09:00', '09:30')], pending: [] });
    gold.setGaps({ id: 'g', cause: 'offsets', from: '2026-11-20T09:10:00Z', to: '2026-11-20T09:12:00Z' });
    for (const minute of ['08:58', '09:10', '09:15']) gold.put('enwiki', at(minute), 7, 0);
    const question = 'wiki=enwiki&from=2026-11-20T08:57:00Z&to=2026-11-20T09:16:00Z&step=1m';
    const { human, known, state } = await columnsOf(question);
    expect(state).toBe('uuuppppppppppggpppp');
    expect(human.map(count => count ?? '-').join('')).toBe('-7-00000000007-0007');
    expect(known.join('')).toBe('0101111111111101111');
  });

  test('is complete up to where it is for each of the wikis', async () => {
    const through = async (wiki: string): Promise<unknown> =>
      (await get(`wiki=${wiki}&from=2026-11-20T08:00:00Z&to=2026-11-20T10:00:00Z`)).json<{
        completeThrough: unknown;
      }>().completeThrough;
    gold.setReads({ read: [span('08:00', '09:00'), span('09:00', '09:30', ['enwiki'])], pending: [] }, HOURS);
    expect(await through('enwiki')).toBe('2026-11-20T09:25:00Z');
    expect(await through('dewiki')).toBe('2026-11-20T09:00:00Z');
    expect(await through('enwiki,dewiki')).toBe('2026-11-20T09:00:00Z');
    gold.setReads({ read: [span('08:00', '09:00', ['enwiki'])], pending: [] }, HOURS);
    expect(await through('enwiki,dewiki')).toBeNull();
  });

  test('of all wikis is that of every wiki that is kept', async () => {
    const state = async (): Promise<string> =>
      (await columnsOf('wiki=all&from=2026-11-20T09:00:00Z&to=2026-11-20T09:04:00Z&step=1m')).state;
    const read = [
      span('09:00', '09:01'),
      span('09:01', '09:03', ['enwiki', 'dewiki', 'frwiki']),
      span('09:03', '09:04', ['enwiki']),
    ];
    gold.setReads({ read, pending: [] });
    gold.setCoverage({
      id: 'c',
      source: 'api',
      wikis: ['dewiki'],
      from: '2026-11-20T09:03:00Z',
      to: '2026-11-20T09:04:00Z',
    });
    expect(await state()).toBe('puuu');
    await app.close();
    app = await serve(['enwiki', 'dewiki']);
    expect(await state()).toBe('pppp');
    await app.close();
    app = await serve(['enwiki', 'dewiki', 'frwiki']);
    expect(await state()).toBe('pppu');
  });

  test.each(['enwiki', 'dewiki', 'all'])(
    'is what the coverage of %s says, and the rows are the edits',
    async wiki => {
      await app.close();
      app = await serve(['enwiki']);
      gold.put('enwiki', at('08:10'), 2, 1);
      gold.put('enwiki', at('10:04'), 4, 0);
      gold.setReads({ read: [span('08:00', '09:50', ['enwiki'])], pending: [span('09:50', '10:02')] }, HOURS);
      gold.setGaps({ id: 'g', cause: 'offsets', from: '2026-11-20T09:10:30Z', to: '2026-11-20T09:12:00Z' });
      gold.setCoverage({
        id: 'c',
        source: 'stream',
        from: '2026-11-20T07:40:00Z',
        to: '2026-11-20T07:50:00Z',
      });
      const { state, human } = await columnsOf(`wiki=${wiki}&${RANGE}&step=1m`);
      const coverage = (await app.inject(`/api/v1/coverage?wiki=${wiki}&${RANGE}`)).json<{
        segments: { from: string; to: string; state: keyof typeof STATE_LETTERS }[];
      }>();
      const letters = coverage.segments.map(({ from, to, state: of }) =>
        STATE_LETTERS[of].repeat((Date.parse(to) - Date.parse(from)) / MINUTE),
      );
      expect(state).toBe(letters.join(''));
      if (wiki === 'all') return;
      const edits = (await app.inject(`/edits?wiki=${wiki}&minutes=180`)).json<
        { ts: string; human: number }[]
      >();
      const first = Date.parse('2026-11-20T07:30:00Z');
      const counts = new Map(edits.map(({ ts, human: count }) => [(Date.parse(ts) - first) / MINUTE, count]));
      const expected = state
        .split('')
        .map((letter, n) => counts.get(n) ?? ('fpn'.includes(letter) ? 0 : null));
      expect(human).toEqual(expected);
    },
  );
});

describe('formats', () => {
  beforeEach(() => {
    gold.put('enwiki', at('10:04'), 9, 3, -12);
  });

  test('csv has a header, a line for each bucket, and nothing where nothing is known', async () => {
    const { headers, body } = await get('wiki=enwiki&minutes=2&step=1m&format=csv');
    expect(headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    expect(body).toBe(
      'ts,wiki,human,bot,bytes,min,max,known,state\r\n' +
        '2026-11-20T10:04:00Z,enwiki,9,3,-12,12,12,1,u\r\n' +
        '2026-11-20T10:05:00Z,enwiki,,,,,,0,u\r\n',
    );
  });

  test('ndjson has an object for each bucket of each wiki', async () => {
    const { headers, body } = await get('wiki=enwiki,dewiki&minutes=1&step=5m&format=ndjson');
    expect(headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    expect(body).toBe(
      '{"ts":"2026-11-20T10:05:00Z","wiki":"enwiki","human":null,"bot":null,"bytes":null,"min":null,"max":null,"known":0,"state":"u"}\n' +
        '{"ts":"2026-11-20T10:05:00Z","wiki":"dewiki","human":null,"bot":null,"bytes":null,"min":null,"max":null,"known":0,"state":"u"}\n',
    );
  });
});

describe('a version', () => {
  test('is not sent again to who has it', async () => {
    gold.put('enwiki', at('10:04'), 9, 3, -12);
    const first = await get('wiki=enwiki');
    const etag = String(first.headers['etag']);
    expect(etag).toBe(`"${first.json<{ version: string }>().version}-json"`);
    expect(first.headers['cache-control']).toBe('no-cache');
    for (const seen of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await get('wiki=enwiki', { 'if-none-match': seen });
      expect([again.statusCode, again.body, again.headers['etag']]).toEqual([304, '', etag]);
    }
    gold.put('enwiki', at('10:04'), 9, 3, -13);
    const changed = await get('wiki=enwiki', { 'if-none-match': etag });
    expect(changed.statusCode).toBe(200);
    expect(changed.headers['etag']).not.toBe(etag);
    expect((await get('wiki=enwiki&format=csv', { 'if-none-match': etag })).statusCode).toBe(200);
  });
});

describe('a question that is not answered', () => {
  const HALF_YEAR = 'from=2026-05-20T00:00:00Z&to=2026-11-20T00:00:00Z';

  test.each([
    ['', 'wiki', 'wiki=enwiki,dewiki'],
    ['wiki=', 'wiki', 'wiki=enwiki,dewiki'],
    ['wiki=EN', 'wiki', 'wiki=enwiki,dewiki'],
    ['wiki=a,b,c,d,e,f', 'wiki', 'wiki=enwiki,dewiki'],
    ['wiki=all,enwiki', 'wiki', 'wiki=all'],
    ['wiki=enwiki&minutes=0', 'minutes', 'minutes=180'],
    ['wiki=enwiki&step=2m', 'step', 'step=auto'],
    ['wiki=enwiki&format=xml', 'format', 'format=json'],
    ['wiki=enwiki&from=yesterday&to=today', 'from', 'from=2026-11-20T10:00:00Z'],
    ['wiki=enwiki&from=2026-11-20T10:00:00', 'from', 'from=2026-11-20T10:00:00Z'],
    ['wiki=enwiki&to=2026-11-20T10:00:00Z', 'from', 'from=2026-11-20T10:00:00Z'],
    ['wiki=enwiki&from=2026-11-20T10:00:00Z', 'to', 'to=2026-11-20T12:00:00Z'],
    ['wiki=enwiki&from=2026-11-20T10:00:00Z&to=2026-11-20T10:00:00Z', 'to', 'to=2026-11-20T12:00:00Z'],
    [`wiki=enwiki&${HALF_YEAR}&minutes=5`, 'minutes', 'minutes=180'],
    [`wiki=enwiki&${HALF_YEAR}&step=1m`, 'step', 'step=1h', 5_000],
    [`wiki=enwiki&${HALF_YEAR}&step=15m`, 'step', 'step=1h', 5_000],
    ['wiki=enwiki&from=2020-01-01T00:00:00Z&to=2026-11-20T00:00:00Z', 'step', 'step=1d', 600],
    [
      'wiki=enwiki&from=2001-01-15T00:00:00Z&to=2026-11-20T00:00:00Z',
      'from',
      'from=2026-11-20T10:00:00Z',
      5_000,
    ],
    ['wiki=enwiki&until=now', 'until', 'wiki=enwiki,dewiki'],
  ])('%s says what is wrong, and what to ask instead', async (query, parameter, example, limit = 1) => {
    const response = await get(query);
    expect(response.statusCode).toBe(400);
    const [error] = response.json<{ errors: { parameter: string; example: string; expected: string }[] }>()
      .errors;
    expect(error).toMatchObject({ parameter, example });
    expect(error?.expected).toContain(limit === 1 ? '' : String(limit));
    expect(gold.totalsAsked).toBe(0);
  });

  test('of as many buckets as are allowed is answered', async () => {
    const { known } = await columnsOf(
      'wiki=enwiki&from=2026-11-01T00:00:00Z&to=2026-11-04T11:20:00Z&step=1m',
    );
    expect(known).toHaveLength(5_000);
    expect(
      (await get('wiki=enwiki&from=2026-11-01T00:00:00Z&to=2026-11-04T11:20:01Z&step=1m')).statusCode,
    ).toBe(400);
  });

  test('is about a wiki that nobody knows', async () => {
    const response = await get('wiki=enwiki,zz_newwiki');
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ detail: expect.stringContaining('zz_newwiki') });
    gold.put('zz_newwiki', at('10:00') - 86_400, 1, 0);
    expect((await get('wiki=enwiki,zz_newwiki')).statusCode).toBe(200);
  });
});
