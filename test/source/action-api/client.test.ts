/** ① One request to the Action API: what is sent, what is returned, and the code of each failure. */
import { gzipSync } from 'node:zlib';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PipelineError } from '../../../src/contracts/errors.ts';
import { WIKIMEDIA_API } from '../../../src/contracts/wikimedia.ts';
import { askActionApi } from '../../../src/source/action-api/client.ts';
import type { ActionApi, ApiAnswer } from '../../../src/source/action-api/client.ts';
import { RetryLater } from '../../../src/source/source-failure.ts';
import { untilHolds, untilTrue } from '../../support/until.ts';
import { WaywardServer } from '../stream/wayward-server.ts';
import { ApiServer } from './api-server.ts';
import type { Reply } from './api-server.ts';

const USER_AGENT = 'test/1.0 (test@example.org)';
const HOUR_MS = 3_600_000;
const WIKI = 'en.wikipedia.org';
const QUESTION = { action: 'query', list: 'recentchanges' };
const JSON_TYPE = 'application/json; charset=utf-8';

let server: ApiServer;
beforeEach(async () => {
  server = await ApiServer.start();
});
afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

function api(changes: Partial<ActionApi> = {}): ActionApi {
  return {
    urlTemplate: server.template,
    userAgent: USER_AGENT,
    signal: new AbortController().signal,
    ...changes,
  };
}

async function ask(reply: Reply): Promise<ApiAnswer> {
  server.reply = () => reply;
  return askActionApi(api(), WIKI, QUESTION);
}

/** The failure of a request. */
async function failureOf(asking: Promise<unknown>): Promise<unknown> {
  return asking.then(
    answer => expect.fail(`answered ${JSON.stringify(answer)}`),
    (error: unknown) => error,
  );
}

async function pipelineFailure(asking: Promise<unknown>): Promise<PipelineError> {
  const failure = await failureOf(asking);
  if (!(failure instanceof PipelineError)) throw failure;
  return failure;
}

/** The failure for an `error` in an answer of status 200. */
async function apiError(error: unknown, headers: Reply['headers'] = {}): Promise<PipelineError> {
  return pipelineFailure(ask({ headers, body: { error, servedby: 'mw1' } }));
}

const LATER = { code: 'source_unreachable', retryable: true };
const MAY_PASS = { code: 'source_refused', retryable: true };
const NEVER = { code: 'source_refused', retryable: false };

function afterMs(failure: PipelineError): number {
  if (!(failure instanceof RetryLater)) throw failure;
  return failure.afterMs;
}

describe('a request', () => {
  test('goes to the URL of the wiki with format, lag and the parameters', async () => {
    await ask({ body: {} });
    expect(server.asked[0]?.url.pathname).toBe('/en.wikipedia.org/w/api.php');
    expect(server.questions).toEqual([
      { format: 'json', formatversion: '2', maxlag: '5', action: 'query', list: 'recentchanges' },
    ]);
  });

  test('sends our user agent, and accepts gzip', async () => {
    await ask({ body: {} });
    expect(server.asked[0]?.headers['user-agent']).toBe(USER_AGENT);
    expect(server.asked[0]?.headers['accept-encoding']).toContain('gzip');
  });

  test('keeps the parameters of the template, and every character of values', async () => {
    const urlTemplate = `${server.template}?origin=here`;
    const odd = '-||&a=b+ %20é';
    await askActionApi(api({ urlTemplate }), WIKI, { continue: odd });
    expect(server.questions[0]).toMatchObject({ origin: 'here', continue: odd });
  });

  test('goes to a template without a server name unchanged', async () => {
    const urlTemplate = server.template.replace('{server_name}/', '');
    await askActionApi(api({ urlTemplate }), WIKI, QUESTION);
    expect(server.asked[0]?.url.pathname).toBe('/w/api.php');
  });

  test.each(['', '../other', 'a/b', 'user@host', 'host:80', 'a?b', 'a b', 'é.org'])(
    'is not put to the server name “%s”',
    async name => {
      const failure = await pipelineFailure(askActionApi(api(), name, QUESTION));
      expect(failure).toMatchObject(NEVER);
      expect(failure.message).toContain('is not a server name');
      expect(server.asked).toEqual([]);
    },
  );

  test('is refused for a template that is not a URL, naming the setting', async () => {
    const failure = await pipelineFailure(askActionApi(api({ urlTemplate: '{server_name}/w' }), WIKI, {}));
    expect(failure).toMatchObject(NEVER);
    expect(failure.hint).toContain('ACTION_API_URL');
  });
});

describe('an answer', () => {
  test('is the parsed object with its size', async () => {
    const body = { batchcomplete: true, query: { recentchanges: [{ title: 'é 😀' }] } };
    const answer = await ask({ body });
    expect(answer.body).toEqual(body);
    expect(answer.bytes).toBe(Buffer.byteLength(JSON.stringify(body)));
    expect(answer.url).toContain('list=recentchanges');
    expect(answer.warnings).toEqual([]);
  });

  test('may be compressed', async () => {
    const text = JSON.stringify({ a: 'b'.repeat(1_000) });
    const answer = await ask({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(text) });
    expect(answer.body).toEqual({ a: 'b'.repeat(1_000) });
    expect(answer.bytes).toBe(text.length);
  });

  test.each([
    ['true', true],
    ['false', false],
    [undefined, false],
  ])('of a server that says simulated: %s is marked so: %s', async (header, simulated) => {
    const headers = header === undefined ? {} : { 'x-wikigauge-simulated': header };
    expect((await ask({ headers, body: {} })).simulated).toBe(simulated);
  });

  test.each([
    ['formatversion 2', { main: { warnings: 'odd' }, query: { warnings: 'odder' } }],
    ['formatversion 1', { main: { '*': 'odd' }, query: { '*': 'odder' } }],
  ])('tells its warnings in the shape of %s', async (_, warnings) => {
    expect((await ask({ body: { warnings } })).warnings).toEqual(['main: odd', 'query: odder']);
  });

  test.each([['text'], [[]], [{ main: 'text' }], [{ main: { warnings: 5 } }], [null]])(
    'is taken whatever its warnings are: %j',
    async warnings => {
      expect((await ask({ body: { warnings } })).warnings).toEqual([]);
    },
  );

  test('of 16 MiB is accepted, with one byte more it is refused', async () => {
    const frame = JSON.stringify({ a: '' }).length;
    const sized = (bytes: number): Reply => ({ body: { a: 'x'.repeat(bytes - frame) } });
    expect((await ask(sized(16 << 20))).bytes).toBe(16 << 20);
    const failure = await pipelineFailure(ask(sized((16 << 20) + 1)));
    expect(failure).toMatchObject(NEVER);
    expect(failure.hint).toContain('ACTION_API_URL');
  });

  test('without end is cut off, however well it is compressed', async () => {
    const bomb = gzipSync(Buffer.alloc(64 << 20, ' '));
    const failure = await pipelineFailure(ask({ headers: { 'content-encoding': 'gzip' }, body: bomb }));
    expect(failure).toMatchObject(NEVER);
  });
});

describe('an error of the API', () => {
  const lag = { code: 'maxlag', info: 'Waiting for db1: 7.3 seconds lagged.', lag: 7.3, type: 'db' };

  test.each([
    ['maxlag', 5_000],
    ['ratelimited', 60_000],
    ['readonly', 0],
    ['internal_api_error_DBQueryTimeoutError', 0],
    ['internal_api_error_', 0],
  ])('%s is for later: in %i ms, unless the header says when', async (code, otherwiseMs) => {
    const info = 'what the API says';
    const silent = await apiError({ code, info });
    expect(silent).toMatchObject(LATER);
    expect(silent.message).toContain(`${code}: ${info}`);
    expect(afterMs(silent)).toBe(otherwiseMs);
    expect(afterMs(await apiError({ code, info }, { 'retry-after': '17' }))).toBe(17_000);
  });

  test('can ask for a pause until a date, an hour at most', async () => {
    const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toUTCString();
    const pause = afterMs(await apiError(lag, { 'retry-after': inSeconds(100) }));
    expect(pause).toBeGreaterThan(90_000);
    expect(pause).toBeLessThanOrEqual(100_000);
    expect(afterMs(await apiError(lag, { 'retry-after': inSeconds(-100) }))).toBe(0);
    expect(afterMs(await apiError(lag, { 'retry-after': inSeconds(9_999) }))).toBe(HOUR_MS);
    expect(afterMs(await apiError(lag, { 'retry-after': '9999' }))).toBe(HOUR_MS);
    expect(afterMs(await apiError(lag, { 'retry-after': 'soon' }))).toBe(5_000);
  });

  test('badcontinue has its own code, so that the caller starts again', async () => {
    const info = 'Invalid continue param. You should pass the original value returned by the previous query.';
    const failure = await apiError({ code: 'badcontinue', info }, { 'retry-after': '17' });
    expect(failure).toMatchObject({ code: 'cursor_refused', retryable: false });
    expect(failure).not.toBeInstanceOf(RetryLater);
    expect(failure.message).toContain(info);
  });

  test.each(['permissiondenied', 'badvalue', 'unknown_action', 'internal', 'maxlag2', ''])(
    '%s is final, with the text of the API',
    async code => {
      const info = 'You need the "patrol" right to request the patrolled flag.';
      const failure = await apiError({ code, info });
      expect(failure).toMatchObject(NEVER);
      expect(failure.message).toContain(info);
    },
  );

  test('is read in the format of formatversion 1, too', async () => {
    const failure = await apiError({ code: 'badvalue', info: 'Unrecognized value', '*': 'See the docs' });
    expect(failure).toMatchObject(NEVER);
    expect(failure.message).toContain('badvalue: Unrecognized value');
  });

  test.each([[{}], [{ code: 5, info: {} }]])('without code and text is final: %j', async error => {
    expect(await apiError(error)).toMatchObject(NEVER);
  });
});

describe('a status', () => {
  test.each([429, 503, 500, 502, 504, 408, 204])('%i is retryable', async status => {
    const failure = await pipelineFailure(ask({ status, body: 'busy' }));
    expect(failure).toMatchObject(LATER);
    expect(failure.message).toContain(`answered ${status}`);
    expect(afterMs(failure)).toBe(status === 429 ? 60_000 : 0);
  });

  test.each([429, 503])('%i is retryable after the given seconds or date', async status => {
    const pause = async (header: string): Promise<number> =>
      afterMs(await pipelineFailure(ask({ status, headers: { 'retry-after': header } })));
    expect(await pause('46')).toBe(46_000);
    expect(await pause('0')).toBe(0);
    const until = await pause(new Date(Date.now() + 30_000).toUTCString());
    expect(until).toBeGreaterThan(20_000);
    expect(until).toBeLessThanOrEqual(30_000);
  });

  test('503 with the lag as JSON is retryable', async () => {
    const body = { error: { code: 'maxlag', info: 'Waiting' } };
    const failure = await pipelineFailure(ask({ status: 503, headers: { 'retry-after': '5' }, body }));
    expect(failure).toMatchObject(LATER);
    expect(afterMs(failure)).toBe(5_000);
  });

  test('403 may pass, with the advice to set a contact in USER_AGENT', async () => {
    const failure = await pipelineFailure(ask({ status: 403, body: 'Please set a user-agent' }));
    expect(failure).toMatchObject(MAY_PASS);
    expect(failure.hint).toMatch(/USER_AGENT.*contact/);
    // Failures are kept in Temporal.
    expect(failure.message).not.toContain('Please set a user-agent');
  });

  test.each([401, 402, 451])('%i may pass, with the advice to check ACTION_API_URL', async status => {
    const failure = await pipelineFailure(ask({ status }));
    expect(failure).toMatchObject({ ...MAY_PASS, hint: expect.stringContaining('ACTION_API_URL') });
  });

  test.each([400, 404, 405, 410])('%i is final, with the advice to check ACTION_API_URL', async status => {
    const failure = await pipelineFailure(ask({ status }));
    expect(failure).toMatchObject(NEVER);
    expect(failure.hint).toContain('ACTION_API_URL');
    expect(failure.hint).not.toContain('USER_AGENT');
  });
});

describe('a server that is not of Wikimedia', () => {
  test.each(['evil.example', 'wikipedia.org.evil.example', 'evilwikipedia.org', '127.0.0.1', 'localhost'])(
    '%s is refused before any request while the API of Wikimedia is set',
    async host => {
      const { signal } = new AbortController();
      const api = { urlTemplate: WIKIMEDIA_API, userAgent: 'test', signal };
      const failure = await pipelineFailure(askActionApi(api, host, {}));
      expect(failure).toMatchObject({
        ...NEVER,
        message: expect.stringContaining('not a server of Wikimedia'),
      });
      expect(failure.hint).toContain('ACTION_API_URL');
    },
  );
});

describe('a broken answer', () => {
  test('HTML instead of JSON is retryable, judged by its content type alone', async () => {
    const failure = await pipelineFailure(
      ask({ headers: { 'content-type': 'text/html; charset=utf-8' }, body: {} }),
    );
    expect(failure).toMatchObject(LATER);
    expect(failure.message).toContain('text/html instead of application/json');
  });

  test.each([
    ['HTML that says it is JSON', '<!DOCTYPE html><title>Wikimedia Error</title>'],
    ['nothing', ''],
    ['truncated JSON', '{"query":{"recentchanges":[{"type":"ed'],
    ['a list', '[]'],
    ['null', 'null'],
    ['text', '"error"'],
  ])('%s is retryable', async (_, body) => {
    expect(await pipelineFailure(ask({ headers: { 'content-type': JSON_TYPE }, body }))).toMatchObject(LATER);
  });

  test('truncated gzip is retryable, wherever it breaks', async () => {
    const rows = Array.from({ length: 200 }, (_, n) => ({ title: `page ${n}`, revid: n * 7_919 }));
    const packed = gzipSync(JSON.stringify({ query: { recentchanges: rows } }));
    for (const length of [1, 10, 200, packed.length >> 1, packed.length - 40]) {
      const body = packed.subarray(0, length);
      const failure = await pipelineFailure(ask({ headers: { 'content-encoding': 'gzip' }, body }));
      expect(failure).toMatchObject(LATER);
    }
  });

  test('invalid gzip is retryable', async () => {
    const failure = await pipelineFailure(ask({ headers: { 'content-encoding': 'gzip' }, body: '{}' }));
    expect(failure).toMatchObject(LATER);
  });

  test('an answer that breaks off is retryable', async () => {
    const failure = await pipelineFailure(ask({ body: '{"query":', instead: 'cut' }));
    expect(failure).toMatchObject(LATER);
  });

  test.each(['/hang-up', '/reset', '/no-http', '/moved-in-circles'])('%s is retryable', async path => {
    const wayward = await WaywardServer.start();
    try {
      const asking = askActionApi(api({ urlTemplate: wayward.url(path) }), WIKI, QUESTION);
      expect(await pipelineFailure(asking)).toMatchObject(LATER);
    } finally {
      await wayward.close();
    }
  });

  test('a server that does not exist is retryable, and named', async () => {
    const gone = await ApiServer.start();
    const urlTemplate = gone.template;
    await gone.close();
    const failure = await pipelineFailure(askActionApi(api({ urlTemplate }), WIKI, QUESTION));
    expect(failure).toMatchObject(LATER);
    expect(failure.message).toContain('ECONNREFUSED');
  });
});

describe('waiting', () => {
  /** Lets exactly 30 s pass for the request. */
  async function untilTooLate(asking: Promise<unknown>): Promise<PipelineError> {
    let isDone = false;
    const failing = pipelineFailure(asking).finally(() => (isDone = true));
    await untilTrue(() => server.asked.length === 1);
    // The start of the answer is on its way, and its deadline is running.
    await sleep(50);
    await vi.advanceTimersByTimeAsync(29_900);
    await sleep(20);
    expect(isDone).toBe(false);
    await vi.advanceTimersByTimeAsync(200);
    return failing;
  }

  test.each<[string, Reply]>([
    ['in the middle of an answer', { body: '{"query":', instead: 'silence' }],
    ['before the first byte of its body', { body: '', instead: 'silence' }],
  ])('ends after 30 s of silence %s', async (_, reply) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const failure = await untilTooLate(ask(reply));
    expect(failure).toMatchObject(LATER);
    expect(failure.message).toContain('no whole answer within 30 s');
  });

  test('does not wait for the body of a refusal, because the status is known', async () => {
    const failure = await pipelineFailure(ask({ status: 403, body: 'we are ', instead: 'silence' }));
    expect(failure).toMatchObject(MAY_PASS);
  });

  test('ends at once when the signal aborts, with its reason', async () => {
    const reason = new Error('the worker shuts down');
    const stop = new AbortController();
    server.reply = () => ({ body: '{"query":', instead: 'silence' });
    const failing = failureOf(askActionApi(api({ signal: stop.signal }), WIKI, QUESTION));
    await untilTrue(() => server.asked.length === 1);
    stop.abort(reason);
    expect(await failing).toBe(reason);
  });

  test('does not start when the signal has aborted already', async () => {
    const reason = new Error('stopped');
    expect(await failureOf(askActionApi(api({ signal: AbortSignal.abort(reason) }), WIKI, QUESTION))).toBe(
      reason,
    );
    expect(server.asked).toEqual([]);
  });

  test('leaves no timers and no listeners behind', async () => {
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, 'addEventListener');
    const remove = vi.spyOn(signal, 'removeEventListener');
    const timers = (): number => process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length;
    const before = timers();
    server.reply = () => ({ body: {} });
    await askActionApi(api({ signal }), WIKI, QUESTION);
    server.reply = () => ({ status: 403 });
    await failureOf(askActionApi(api({ signal }), WIKI, QUESTION));
    expect(add).toHaveBeenCalledTimes(2);
    expect(remove).toHaveBeenCalledTimes(2);
    expect(timers()).toBeLessThanOrEqual(before);
  });

  test('does not keep the connection of an answer that is not read to its end', async () => {
    server.reply = () => ({ headers: { 'content-type': 'text/html' }, body: 'x', instead: 'silence' });
    await failureOf(askActionApi(api(), WIKI, QUESTION));
    await untilHolds(async () => expect(await server.openConnections()).toBe(0), { withinMs: 10_000 });
  });
});
