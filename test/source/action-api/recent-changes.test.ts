/** ① Pages of a window of changes: what is requested, what is cut off, where it continues and where it ends. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ActionApi } from '../../../src/source/action-api/client.ts';
import type { Continuation } from '../../../src/source/action-api/continuation.ts';
import { oldestChange, readChanges } from '../../../src/source/action-api/recent-changes.ts';
import type { ChangesPage, ChangesWindow } from '../../../src/source/action-api/recent-changes.ts';
import { CAPTURED_ANSWERS, capturedAnswer, capturedAnswerText } from '../../support/captured-api.ts';
import { ApiServer } from './api-server.ts';

const FROM = '2026-11-20T10:00:00Z';
const TO = '2026-11-20T11:00:00Z';
const WINDOW: ChangesWindow = {
  serverName: 'en.wikipedia.org',
  fromMs: Date.parse(FROM),
  toMs: Date.parse(TO),
  types: ['edit', 'new'],
};
const NEXT = { rccontinue: '20261120100500|77', continue: '-||' };

let server: ApiServer;
let api: ActionApi;
beforeEach(async () => {
  server = await ApiServer.start();
  const { signal } = new AbortController();
  api = { urlTemplate: server.template, userAgent: 'test/1.0 (test@example.org)', signal };
});
afterEach(async () => server.close());

function answer(rows: unknown, next?: unknown): { body: unknown } {
  return {
    body: {
      batchcomplete: true,
      ...(next !== undefined && { continue: next }),
      query: { recentchanges: rows },
    },
  };
}

async function page(
  rows: unknown,
  next?: unknown,
  changes: Partial<ChangesWindow> = {},
): Promise<ChangesPage> {
  server.reply = () => answer(rows, next);
  return readChanges(api, { ...WINDOW, ...changes });
}

function at(timestamp: unknown): { timestamp: unknown } {
  return { timestamp };
}

describe('a page', () => {
  test('is requested oldest first, by the whole seconds of its window, at maximum length', async () => {
    await page([]);
    expect(server.questions).toEqual([
      {
        format: 'json',
        formatversion: '2',
        maxlag: '5',
        action: 'query',
        list: 'recentchanges',
        rcdir: 'newer',
        rcstart: FROM,
        rcend: '2026-11-20T10:59:59Z',
        rclimit: 'max',
        rcprop: 'user|userid|comment|flags|timestamp|title|ids|sizes|loginfo|tags',
        rctype: 'edit|new',
      },
    ]);
  });

  test('of a window between seconds is requested by the seconds inside it', async () => {
    await page([], undefined, { fromMs: Date.parse(FROM) + 1, toMs: Date.parse(TO) + 1 });
    expect(server.questions[0]).toMatchObject({ rcstart: '2026-11-20T10:00:01Z', rcend: TO });
  });

  test('holds rows of [from, to) only, whatever the API sends', async () => {
    const inside = [at(FROM), at('2026-11-20T10:30:00Z'), at('2026-11-20T10:59:59Z')];
    const { rows } = await page([at('2026-11-20T09:59:59Z'), ...inside, at(TO), at('2026-11-20T11:00:01Z')]);
    expect(rows).toEqual(inside);
  });

  test('keeps rows whose time cannot be read, so that they are reported', async () => {
    const odd = [at(undefined), at('soon'), at(1_763_632_800), 'a row', null, [5]];
    expect((await page(odd)).rows).toEqual(odd.map(row => JSON.parse(JSON.stringify(row)) as unknown));
  });

  test('has its size, its label and the warnings of the API', async () => {
    server.reply = () => ({
      headers: { 'x-wikigauge-simulated': 'true' },
      body: { query: { recentchanges: [] }, warnings: { main: { warnings: 'odd' } } },
    });
    const { bytes, simulated, warnings } = await readChanges(api, WINDOW);
    expect(bytes).toBe(69);
    expect({ simulated, warnings }).toEqual({ simulated: true, warnings: ['main: odd'] });
  });

  test.each([
    ['no query', {}],
    ['another query', { query: { pages: [] } }],
    ['something else than a list', { query: { recentchanges: {} } }],
    ['a continuation, but no list', { continue: NEXT }],
  ])('with %s is refused, not taken for an empty one', async (_, body) => {
    server.reply = () => ({ body });
    await expect(readChanges(api, WINDOW)).rejects.toMatchObject({
      code: 'source_unreachable',
      retryable: true,
    });
  });
});

describe('the next page', () => {
  test('starts where the answer says, with every key', async () => {
    expect((await page([at(FROM)], NEXT)).next).toEqual(NEXT);
    const more = { ...NEXT, gapcontinue: 5, other: 'x' };
    expect((await page([at(FROM)], more)).next).toEqual({ ...NEXT, gapcontinue: '5', other: 'x' });
  });

  test('is requested with every key and the same window', async () => {
    await page([], undefined, { continueWith: { ...NEXT, other: 'a|b' } });
    expect(server.questions[0]).toMatchObject({ ...NEXT, other: 'a|b', rcstart: FROM, rclimit: 'max' });
  });

  test.each([
    ['of a short page', [at(FROM)]],
    ['of an empty page', []],
    ['of a page whose rows all lie beyond the end', [at(TO)]],
  ])('is there after the continuation %s', async (_, rows) => {
    expect((await page(rows, NEXT)).next).toEqual(NEXT);
  });

  test('does not exist without a continuation, however long the page', async () => {
    const rows = Array.from({ length: 500 }, () => at(FROM));
    const { rows: taken, next } = await page(rows);
    expect(taken).toHaveLength(500);
    expect(next).toBeUndefined();
  });

  test.each([[{}], [true], ['-||'], [null], [{ ...NEXT, rccontinue: null }], [[NEXT]]])(
    'is an error for a continuation of %j, not the end',
    async said => {
      await expect(page([], said)).rejects.toMatchObject({ code: 'source_unreachable', retryable: true });
    },
  );

  test('is an error if it is the same page again, which would never end', async () => {
    await expect(page([at(FROM)], NEXT, { continueWith: NEXT })).rejects.toMatchObject({
      code: 'source_unreachable',
    });
    expect((await page([], { ...NEXT, rccontinue: 'x' }, { continueWith: NEXT })).next).toEqual({
      ...NEXT,
      rccontinue: 'x',
    });
  });

  test('leads, page by page, through all rows of a window, each once', async () => {
    const all = Array.from({ length: 23 }, (_, n) => ({
      timestamp: new Date(WINDOW.fromMs + n * 1_000).toISOString().replace('.000', ''),
      rcid: n,
    }));
    server.reply = url => {
      const start = Number(url.searchParams.get('rccontinue') ?? 0);
      // Pages of uneven length, one of them empty.
      const end = start === 7 ? 7.5 : start + 5;
      const next = end < all.length ? { rccontinue: String(end), continue: '-||' } : undefined;
      return answer(
        all.filter((_, n) => n >= start && n < end && start !== 7),
        next,
      );
    };
    const rows: unknown[] = [];
    let continueWith: Continuation | undefined;
    do {
      const next = await readChanges(api, { ...WINDOW, ...(continueWith && { continueWith }) });
      rows.push(...next.rows);
      continueWith = next.next;
    } while (continueWith !== undefined);
    expect(rows).toEqual(all);
    expect(server.asked).toHaveLength(5);
  });

  test('has its own code when it is refused, so that the window can start again', async () => {
    server.reply = () => ({ body: { error: { code: 'badcontinue', info: 'Invalid continue param.' } } });
    await expect(readChanges(api, { ...WINDOW, continueWith: NEXT })).rejects.toMatchObject({
      code: 'cursor_refused',
    });
  });
});

describe('captured answers', () => {
  test.each(CAPTURED_ANSWERS)('$name: is one page with all its rows, and continues', async captured => {
    server.reply = () => ({ body: capturedAnswerText(captured.name) });
    const [from, to] = captured.span.map(text => Date.parse(text));
    const span = { ...WINDOW, fromMs: from ?? 0, toMs: (to ?? 0) + 1 };
    const { rows, next, warnings } = await readChanges(api, span);
    expect(rows).toHaveLength(capturedAnswer(captured.name).query.recentchanges.length);
    expect(next).toEqual(captured.continue);
    expect(warnings).toEqual([]);
    const shorter = await readChanges(api, { ...span, toMs: to ?? 0 });
    expect(shorter.rows.length).toBeLessThan(rows.length);
  });
});

describe('the oldest kept change', () => {
  test('is requested as one row, from the beginning', async () => {
    server.reply = () => answer([at('2026-10-21T10:00:01Z')], NEXT);
    expect(await oldestChange(api, 'lv.wikipedia.org')).toBe(Date.parse('2026-10-21T10:00:01Z'));
    expect(server.asked[0]?.url.pathname).toBe('/lv.wikipedia.org/w/api.php');
    expect(server.questions).toEqual([
      {
        format: 'json',
        formatversion: '2',
        maxlag: '5',
        action: 'query',
        list: 'recentchanges',
        rcdir: 'newer',
        rclimit: '1',
        rcprop: 'timestamp',
      },
    ]);
  });

  test('does not exist in a wiki without changes', async () => {
    server.reply = () => answer([]);
    expect(await oldestChange(api, 'lv.wikipedia.org')).toBeUndefined();
  });

  test.each([[at('soon')], [at('2026-02-30T00:00:00Z')], [at('2026')], [{}], [5]])(
    'cannot be read from %j',
    async row => {
      server.reply = () => answer([row]);
      await expect(oldestChange(api, 'lv.wikipedia.org')).rejects.toMatchObject({
        code: 'source_unreachable',
      });
    },
  );
});
