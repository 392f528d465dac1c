/** ① The stream over many connections: each resumes where the reader is, without flooding the server or giving up early. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startWikimedia } from '../../../dev/simulator/server.ts';
import type { PipelineError } from '../../../src/contracts/errors.ts';
import { EMPTY_CURSOR, advance, readEventId, resumePoint } from '../../../src/core/stream-cursor.ts';
import type { StreamCursor } from '../../../src/core/stream-cursor.ts';
import { followStream } from '../../../src/source/stream/follow-stream.ts';
import type { FollowOptions } from '../../../src/source/stream/follow-stream.ts';
import type { StreamMessage } from '../../../src/source/stream/message-queue.ts';
import { untilTrue } from '../../support/until.ts';
import { WaywardServer, message } from './wayward-server.ts';

const USER_AGENT = 'test/1.0 (test@example.org)';

let server: WaywardServer;
let stop: AbortController;
let troubles: { error: PipelineError; pauseMs: number }[];
beforeEach(async () => {
  server = await WaywardServer.start();
  stop = new AbortController();
  troubles = [];
  // The shortest pauses, so that they are known: half of what the backoff allows.
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(async () => {
  vi.restoreAllMocks();
  stop.abort();
  await server.close();
});

function follow(path: string, changes: Partial<FollowOptions> = {}): AsyncGenerator<StreamMessage> {
  return followStream({
    url: server.url(path),
    userAgent: USER_AGENT,
    resume: () => ({}),
    signal: stop.signal,
    stallMs: 10_000,
    giveUpMs: 60_000,
    onTrouble: (error, pauseMs) => troubles.push({ error, pauseMs }),
    ...changes,
  });
}

/** Reads until the failure, or until the signal aborts. */
async function collect(stream: AsyncIterable<StreamMessage>): Promise<{ data: string[]; failure: unknown }> {
  const data: string[] = [];
  try {
    for await (const each of stream) data.push(each.data.toString());
    return { data, failure: undefined };
  } catch (failure) {
    return { data, failure };
  }
}

const pauses = (): number[] => troubles.map(({ pauseMs }) => pauseMs);

describe('the next connection', () => {
  test('resumes where the reader is by then', async () => {
    server.script.push('/end-after-one', '/end-after-one', '/silent');
    let position = 0;
    const resume = vi.fn<FollowOptions['resume']>(() => ({ lastEventId: `[${position}]` }));
    for await (const { data } of follow('/silent', { resume })) {
      position += 1;
      if (data.toString() === 'first') break;
    }
    expect(server.requests.map(({ headers }) => headers['last-event-id'])).toEqual(['[0]', '[1]', '[2]']);
    expect(server.requests.every(({ headers }) => headers['user-agent'] === USER_AGENT)).toBe(true);
    expect(resume).toHaveBeenCalledTimes(3);
  });

  test('opens at once after a clean end', async () => {
    server.script.push('/end-after-a-while', '/silent');
    const data: string[] = [];
    for await (const each of follow('/silent')) {
      data.push(each.data.toString());
      if (data.length === 2) break;
    }
    expect(data).toEqual(['one', 'first']);
    // A pause would be reported as trouble.
    expect(troubles).toEqual([]);
  });

  test('opens after a pause when the last one ended at once', async () => {
    const reading = collect(follow('/end-at-once'));
    await untilTrue(() => server.requests.length === 3);
    expect(pauses().slice(0, 2)).toEqual([250, 500]);
    const [first, second, third] = server.requests.map(({ atMs }) => atMs);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(245);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(495);
    stop.abort();
    expect((await reading).failure).toBeUndefined();
  });

  test('opens after the pause that the stream has asked for, also after a clean end', async () => {
    server.pieces = [Buffer.from(`retry: 700\n\n${message('asked')}`)];
    server.script.push('/bytes', '/end-after-a-while', '/silent');
    for await (const { data } of follow('/silent')) if (data.toString() === 'first') break;
    expect(pauses()).toEqual([700]);
    const [first = 0, second = 0, third = 0] = server.requests.map(({ atMs }) => atMs);
    expect(second - first).toBeGreaterThanOrEqual(695);
    expect(third - second).toBeGreaterThanOrEqual(1_000 + 695);
  });

  test.each([
    [0, 250],
    [3_600_000, 60_000],
  ])('opens after a pause of our own when the stream asks for %d ms', async (asked, pauseMs) => {
    server.pieces = [Buffer.from(`retry: ${asked}\n\n${message('a')}`)];
    const reading = collect(follow('/bytes'));
    await untilTrue(() => troubles.length > 0);
    expect(pauses()[0]).toBe(pauseMs);
    stop.abort();
    expect((await reading).failure).toBeUndefined();
  });

  test('is the only one: never two at once', async () => {
    server.script.push('/cut', '/status/503', '/cut-by-reset', '/end-after-one');
    for await (const { data } of follow('/silent')) if (data.toString() === 'first') break;
    expect(server.requests).toHaveLength(5);
    expect(server.mostAtOnce).toBe(1);
  });
});

describe('trouble', () => {
  test('is reported with its pause, which grows', async () => {
    server.script.push('/status/503', '/hang-up', '/html', '/silent');
    for await (const { data } of follow('/silent')) if (data.toString() === 'first') break;
    expect(pauses()).toEqual([250, 500, 1_000]);
    const [unavailable, hungUp, html] = troubles.map(({ error }) => error.message);
    expect(unavailable).toContain('answered 503');
    expect(hungUp).toContain('other side closed');
    expect(html).toContain('text/html instead of text/event-stream');
    const gaps = server.requests.slice(1).map(({ atMs }, at) => atMs - (server.requests[at]?.atMs ?? 0));
    expect(gaps.every((gap, at) => gap >= (pauses()[at] ?? Infinity) - 5)).toBe(true);
  });

  test('ends with the first message: the next pause is short again', async () => {
    server.script.push('/status/503', '/status/503', '/cut', '/status/503', '/silent');
    for await (const { data } of follow('/silent')) if (data.toString() === 'first') break;
    expect(pauses()).toEqual([250, 500, 250, 500]);
  });

  test('waits as long as the server asks', async () => {
    server.retryAfter = '1';
    server.script.push('/status/429', '/silent');
    for await (const { data } of follow('/silent')) if (data.toString() === 'first') break;
    expect(pauses()).toEqual([1_000]);
    const [first, second] = server.requests.map(({ atMs }) => atMs);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(995);
  });

  test.each([400, 403, 404])(
    'ends when a refusal passes: %d is asked again after a long pause',
    async status => {
      server.script.push(`/status/${status}`, '/silent');
      for await (const { data } of follow('/silent')) if (data.toString() === 'first') break;
      expect(pauses()).toEqual([2_500]);
      expect(troubles[0]?.error).toMatchObject({ code: 'source_refused', retryable: true });
    },
  );

  test('of a dead connection ends after the stall time', async () => {
    server.script.push('/silent', '/end-after-a-while');
    const stream = follow('/silent', { stallMs: 200 });
    const data = [await stream.next(), await stream.next()].map(({ value }) =>
      (value as StreamMessage).data.toString(),
    );
    expect(data).toEqual(['first', 'one']);
    expect(troubles[0]?.error.message).toContain('silent for 0.2 s');
    await stream.return(undefined);
  });
});

describe('reading ends', () => {
  test.each(['no address', 'ftp://example.org/stream'])(
    'at once for an address that can never work: %s',
    async url => {
      const { failure } = await collect(follow('', { url }));
      expect(failure).toMatchObject({
        code: 'source_refused',
        retryable: false,
        hint: expect.stringContaining('EVENTSTREAMS_URL'),
      });
      expect(troubles).toEqual([]);
    },
  );

  test('when trouble lasts longer than allowed, with the last cause', async () => {
    server.script.push('/hang-up');
    const beginMs = performance.now();
    const { failure } = await collect(follow('/status/503', { giveUpMs: 600 }));
    expect(failure).toMatchObject({ code: 'source_unreachable', retryable: true });
    expect(String(failure)).toContain('answered 503');
    expect(performance.now() - beginMs).toBeGreaterThan(600);
    expect(pauses()).toEqual([250, 500]);
  });

  test('not before trouble has lasted that long since the last message', async () => {
    // A second of reading, then trouble, which is measured from its own start.
    server.script.push('/end-after-a-while', '/status/503', '/silent');
    const data: string[] = [];
    for await (const each of follow('/silent', { giveUpMs: 1_000 })) {
      data.push(each.data.toString());
      // A slow reader is not trouble of the stream.
      if (data.length === 1) await sleep(300);
      if (data.at(-1) === 'first') break;
    }
    expect(data).toEqual(['one', 'first']);
  });

  test('not because a healthy connection delivered nothing for a while', async () => {
    // Comments for a second, then a cut, which is the first trouble.
    server.script.push('/comments-then-cut', '/silent');
    const { value } = (await follow('/silent', { giveUpMs: 500 }).next()) as { value: StreamMessage };
    expect(value.data.toString()).toBe('first');
    expect(troubles).toHaveLength(1);
  });

  test.each(['/silent', '/no-answer', '/status/503', '/end-at-once'])(
    'promptly when the signal aborts: %s',
    async path => {
      server.retryAfter = '3600';
      const timersBefore = process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length;
      const reading = collect(follow(path));
      await untilTrue(() => server.requests.length === 1);
      await untilTrue(() => server.answering === 1 || troubles.length === 1);
      const beginMs = performance.now();
      stop.abort();
      expect((await reading).failure).toBeUndefined();
      expect(performance.now() - beginMs).toBeLessThan(1_000);
      await untilTrue(() => server.answering === 0);
      await untilTrue(
        () => process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length <= timersBefore,
      );
    },
  );

  test('before it starts when the signal has aborted already', async () => {
    stop.abort();
    expect(await collect(follow('/silent'))).toEqual({ data: [], failure: undefined });
    expect(server.requests).toEqual([]);
  });

  test('when the reader leaves', async () => {
    for await (const { data } of follow('/silent')) {
      expect(data.toString()).toBe('first');
      break;
    }
    await untilTrue(() => server.answering === 0);
  });
});

describe('from the simulated Wikimedia', () => {
  test('every event arrives over connections that end, fail and repeat events', async () => {
    const fromMs = Date.parse('2024-11-20T10:00:00Z');
    const wikimedia = await startWikimedia({
      port: 0,
      rate: 40,
      seed: 7,
      fromMs,
      untilMs: fromMs + 30_000,
      retentionMs: Infinity,
      connectionMaxMs: 1_100,
      replayRate: 400,
      commentMs: 100,
    });
    let cursor: StreamCursor = { ...EMPTY_CURSOR, startMs: fromMs };
    const expected = new Set<string>();
    for (const facts of wikimedia.source.facts(fromMs / 1000, fromMs / 1000 + 30, Date.now())) {
      for (const fact of facts) expected.add(fact.id());
    }
    const got = new Set<string>();
    const onOpen = vi.fn<(info: { simulated: boolean }) => void>();
    const reading = (async () => {
      const resume = (): ReturnType<typeof resumePoint> => resumePoint(cursor, 2_000);
      for await (const { data, id } of follow('', { url: wikimedia.streamUrl, resume, onOpen })) {
        const { meta } = JSON.parse(data.toString()) as { meta: { id?: string } };
        if (meta.id !== undefined) got.add(meta.id);
        cursor = advance(cursor, readEventId(id));
      }
    })();
    const missing = (): string[] => [...expected].filter(id => !got.has(id));
    await untilTrue(() => missing().length === 0, 30_000);
    stop.abort();
    await reading;
    await wikimedia.close();
    expect(expected.size).toBeGreaterThan(500);
    expect(onOpen.mock.calls.length).toBeGreaterThan(2);
    expect(onOpen).toHaveBeenCalledWith({ simulated: true });
    expect(Object.keys(cursor.topics).toSorted()).toEqual([
      'codfw.mediawiki.recentchange',
      'eqiad.mediawiki.recentchange',
    ]);
  });

  test('nothing is left open when the signal aborts', async () => {
    const wikimedia = await startWikimedia({ port: 0, rate: 50, seed: 1 });
    const reading = collect(follow('', { url: wikimedia.streamUrl }));
    await untilTrue(() => wikimedia.connections().length === 1);
    stop.abort();
    expect((await reading).failure).toBeUndefined();
    await untilTrue(() => wikimedia.connections().length === 0);
    await wikimedia.close();
  });
});
