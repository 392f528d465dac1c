/**
 * What hostile clients can do to the API, with real sockets: long ranges, requests that never end, and floods of
 * connections. Meanwhile everybody else is answered.
 */
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { buildApp } from '../../src/api/app.ts';
import type { ConnectionLimits } from '../../src/api/app.ts';
import { ClientLeft, ExpensiveQuestions } from '../../src/api/expensive-questions.ts';
import { listen } from '../../src/api/server.ts';
import type { Listening } from '../../src/api/server.ts';
import { MAX_MINUTES } from '../../src/contracts/limits.ts';
import type { MinuteEdits } from '../../src/gold/gold-store.ts';
import { untilHolds, untilTrue } from '../support/until.ts';
import { MemoryGold } from './memory-gold.ts';

const NOW_MS = Date.parse('2026-11-20T10:05:42Z');
const CURRENT = Date.parse('2026-11-20T10:05:00Z') / 1000;
const YEAR = `/edits?wiki=enwiki&minutes=${MAX_MINUTES}`;

/** Answers a long range only when it is told to, and counts how many it answers at once. */
class SlowGold extends MemoryGold {
  asked = 0;
  atOnce = 0;
  most = 0;
  #release: (() => void)[] = [];

  override async edits(wiki: string, fromMinute: number): Promise<MinuteEdits[]> {
    if (fromMinute > CURRENT - 8 * 86_400) return super.edits(wiki, fromMinute);
    this.asked += 1;
    this.atOnce += 1;
    this.most = Math.max(this.most, this.atOnce);
    await new Promise<void>(resolve => this.#release.push(resolve));
    this.atOnce -= 1;
    return super.edits(wiki, fromMinute);
  }

  /** Answers the question that has waited longest, as soon as there is one. */
  releaseOne(): Promise<boolean> {
    return untilTrue(() => {
      const release = this.#release.shift();
      release?.();
      return release !== undefined;
    });
  }
}

const open: Listening[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of open.splice(0)) await server.close();
});

async function serve(gold: MemoryGold, limits: Partial<ConnectionLimits> = {}): Promise<string> {
  const app = await buildApp({ gold, dashboardDir: 'not-built', version: '1', now: () => NOW_MS, limits });
  const server = await listen(app, { HOST: '127.0.0.1', PORT: 0 });
  open.push(server);
  return server.url;
}

function dial(url: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  sockets.push(socket);
  return socket;
}

/** Everything that a socket receives until it is closed. */
async function received(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', chunk => (text += String(chunk)));
  await once(socket, 'close');
  return text;
}

const healthOf = async (url: string): Promise<number> => (await fetch(`${url}/healthz`)).status;

describe('questions for long ranges', () => {
  test('are answered two years at a time; everybody else is answered meanwhile', async () => {
    const gold = new SlowGold();
    gold.put('enwiki', CURRENT, 1, 2);
    const url = await serve(gold);
    const answers = Array.from({ length: 5 }, async () => (await fetch(url + YEAR)).json());
    await untilTrue(() => gold.atOnce === 2);
    expect(await healthOf(url)).toBe(200);
    expect(await (await fetch(`${url}/edits?wiki=enwiki&minutes=10080`)).json()).toHaveLength(1);
    expect(gold.asked).toBe(2);
    for (let answered = 0; answered < 5; answered += 1) await gold.releaseOne();
    for (const answer of answers)
      expect(await answer).toEqual([{ ts: '2026-11-20T10:05:00Z', total: 3, human: 1, bot: 2 }]);
    expect(gold.most).toBe(2);
  });

  test('that nobody waits for any more leave the queue', async () => {
    const gold = new SlowGold();
    const url = await serve(gold);
    const held = [fetch(url + YEAR), fetch(url + YEAR)];
    await untilTrue(() => gold.atOnce === 2);
    const left = new AbortController();
    const impatient = fetch(url + YEAR, { signal: left.signal });
    const waiting = fetch(url + YEAR);
    left.abort();
    await expect(impatient).rejects.toThrow('aborted');
    for (let answered = 0; answered < 3; answered += 1) await gold.releaseOne();
    for (const answer of [...held, waiting]) expect((await answer).status).toBe(200);
    expect(gold.asked).toBe(3);
  });

  test('that fail, or whose client has left, give their turn to the next', async () => {
    const gold = new SlowGold();
    const url = await serve(gold);
    gold.failure = new Error('gone');
    for (let round = 0; round < 3; round += 1) {
      const answer = fetch(url + YEAR);
      await gold.releaseOne();
      expect((await answer).status).toBe(500);
    }
    gold.failure = undefined;
    for (let round = 0; round < 3; round += 1) {
      const asking = request(url + YEAR).on('error', () => undefined);
      asking.end();
      await untilTrue(() => gold.atOnce === 1);
      asking.destroy();
      await gold.releaseOne();
      await untilTrue(() => gold.atOnce === 0);
    }
    const answer = fetch(url + YEAR);
    await gold.releaseOne();
    expect((await answer).status).toBe(200);
  });

  test.each([
    YEAR,
    '/api/v1/series?wiki=all&minutes=180',
    `/api/v1/series?wiki=enwiki,dewiki&minutes=${MAX_MINUTES}`,
  ])('stop the store once nobody waits for them any more: %s', async question => {
    const gold = new MemoryGold();
    const url = await serve(gold);
    // A series begins with what is known of its minutes: some at a time.
    gold.coverage = async () => [];
    gold.gaps = async () => [];
    gold.reads = async () => ({ read: [], pending: [] });
    gold.keptFrom = async () => undefined;
    gold.lastMinute = async () => undefined;
    const held = gold.hold();
    const asking = request(url + question).on('error', () => undefined);
    asking.end();
    await held.reached;
    asking.destroy();
    await untilTrue(() => gold.stopped === 1);
    held.release();
    expect((await fetch(url + question)).status).toBe(200);
    expect(gold.stopped).toBe(1);
  });

  test('are turned away with a 503 when too many wait', async () => {
    const gold = new SlowGold();
    const url = await serve(gold);
    const left = new AbortController();
    const many = Array.from({ length: 52 }, () => fetch(url + YEAR, { signal: left.signal }));
    for (const one of many) one.catch(() => undefined);
    await untilHolds(async () => {
      const answer = await fetch(url + YEAR, { signal: AbortSignal.timeout(500) });
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('5');
    });
    expect(await healthOf(url)).toBe(200);
    left.abort();
    await gold.releaseOne();
    await gold.releaseOne();
  });

  test('have the same answer in pieces as at once', async () => {
    const gold = new MemoryGold();
    for (let minute = 0; minute < 2_500; minute += 1) gold.put('enwiki', CURRENT - minute * 60, minute, 1);
    const url = await serve(gold);
    const [long, short] = await Promise.all([
      fetch(url + YEAR),
      fetch(`${url}/edits?wiki=enwiki&minutes=2500`),
    ]);
    expect(long.headers.get('content-type')).toBe(short.headers.get('content-type'));
    expect(await long.text()).toBe(await short.text());
  });
});

describe('the queue', () => {
  test('starts shorter questions together, in order, and lets none overtake', async () => {
    const questions = new ExpensiveQuestions();
    const { signal } = new AbortController();
    const first = await questions.turn(MAX_MINUTES, signal);
    const second = await questions.turn(MAX_MINUTES, signal);
    const order: string[] = [];
    const long = questions.turn(MAX_MINUTES, signal).then(done => (order.push('long'), done));
    const short = questions.turn(100_000, signal).then(done => (order.push('short'), done));
    first();
    (await long)();
    (await short)();
    second();
    expect(order).toEqual(['long', 'short']);
    expect(questions.waiting).toBe(0);
  });
});

test('the queue forgets a question whose client has left, and starts what fits behind it', async () => {
  const questions = new ExpensiveQuestions();
  const stays = new AbortController().signal;
  const first = await questions.turn(2 * MAX_MINUTES - 100, stays);
  const leaving = new AbortController();
  const left = questions.turn(MAX_MINUTES, leaving.signal);
  const behind = questions.turn(100, stays);
  expect(questions.waiting).toBe(2);
  leaving.abort();
  await expect(left).rejects.toThrow(ClientLeft);
  (await behind)();
  first();
  expect(questions.waiting).toBe(0);
  (await questions.turn(2 * MAX_MINUTES, stays))();
});

test('a question that waits for two minutes is turned away, and what fits behind it starts', async () => {
  vi.useFakeTimers();
  const questions = new ExpensiveQuestions();
  const { signal } = new AbortController();
  const first = await questions.turn(2 * MAX_MINUTES - 100, signal);
  const refused = questions.turn(MAX_MINUTES, signal).catch((error: unknown) => error);
  vi.advanceTimersByTime(60_000);
  const behind = questions.turn(100, signal);
  vi.advanceTimersByTime(59_999);
  expect(questions.waiting).toBe(2);
  vi.advanceTimersByTime(1);
  expect(await refused).toMatchObject({ statusCode: 503 });
  (await behind)();
  first();
  // Whoever has had a turn is not turned away later.
  const last = await questions.turn(2 * MAX_MINUTES, signal);
  const next = questions.turn(1, signal);
  last();
  vi.advanceTimersByTime(1_000_000);
  (await next)();
  expect(questions.waiting).toBe(0);
});

test('a question that is longer than all that is answered at once has its turn alone', async () => {
  const questions = new ExpensiveQuestions();
  const { signal } = new AbortController();
  const first = await questions.turn(10 * MAX_MINUTES, signal);
  const second = questions.turn(1, signal);
  expect(questions.waiting).toBe(1);
  first();
  (await second)();
});

describe('a slow client', () => {
  test.each([
    ['sends nothing', ''],
    ['never ends its headers', 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: '],
    [
      'never ends its body',
      'POST /edits HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    ],
  ])('that %s is closed', async (_, text) => {
    const url = await serve(new MemoryGold(), { headersMs: 300, requestMs: 600 });
    const socket = dial(url);
    const all = received(socket);
    socket.write(text);
    await all;
    expect(await healthOf(url)).toBe(200);
  });

  test('that sends a byte now and then is closed all the same', async () => {
    const url = await serve(new MemoryGold(), { headersMs: 300, requestMs: 600 });
    const socket = dial(url);
    const all = received(socket);
    socket.write('GET /healthz HTTP/1.1\r\nX-Slow: ');
    const dripping = setInterval(() => socket.write('x'), 50);
    expect(await all).toContain('408');
    clearInterval(dripping);
  });

  test('that sends a large body is refused', async () => {
    const url = await serve(new MemoryGold());
    const body = JSON.stringify('x'.repeat(70_000));
    const answer = await fetch(`${url}/edits`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect([404, 405, 413]).toContain(answer.status);
    expect(await healthOf(url)).toBe(200);
  });
});

test('a flood of connections is cut at a limit, and passes', async () => {
  const url = await serve(new MemoryGold(), { connections: 20, headersMs: 500, requestMs: 1_000 });
  const flood = Array.from({ length: 100 }, () => dial(url));
  await untilTrue(() => flood.filter(({ closed }) => closed).length >= 80);
  // Those within the limit are closed because they send nothing.
  await untilHolds(async () => expect(await healthOf(url)).toBe(200));
  expect(flood.length).toBe(100);
});
