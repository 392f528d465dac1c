/** ① One connection to a server that fails in every way: exact bytes or a clear failure, bounded memory, no leaks. */
import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readEventStream } from '../../../src/source/stream/event-stream.ts';
import type { StreamRequest } from '../../../src/source/stream/event-stream.ts';
import type { StreamMessage } from '../../../src/source/stream/message-queue.ts';
import { RetryLater } from '../../../src/source/source-failure.ts';
import { CAPTURED_STREAMS, readCapturedFile } from '../../support/captured.ts';
import { untilTrue } from '../../support/until.ts';
import { cutAt } from '../../support/hostile-events.ts';
import { WaywardServer, message } from './wayward-server.ts';

const MIB = 1 << 20;
const USER_AGENT = 'test/1.0 (test@example.org)';

let server: WaywardServer;
let timersBefore = 0;
beforeEach(async () => {
  server = await WaywardServer.start();
  timersBefore = runningTimers();
});
afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

/** Timers that keep this process alive. */
function runningTimers(): number {
  return process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length;
}

/** Waits until nothing is left of a connection. */
async function expectNothingLeft(): Promise<void> {
  await untilTrue(() => server.answering === 0);
  await untilTrue(() => runningTimers() <= timersBefore);
}

function open(path: string, changes: Partial<StreamRequest> = {}): AsyncGenerator<StreamMessage> {
  const { signal } = new AbortController();
  return readEventStream({
    url: server.url(path),
    userAgent: USER_AGENT,
    resume: {},
    signal,
    stallMs: 10_000,
    ...changes,
  });
}

/** Reads to the end. */
async function collect(
  stream: AsyncIterable<StreamMessage>,
): Promise<{ messages: StreamMessage[]; failure: unknown }> {
  const messages: StreamMessage[] = [];
  try {
    for await (const each of stream) messages.push(each);
    return { messages, failure: undefined };
  } catch (failure) {
    return { messages, failure };
  }
}

type Pieces = readonly (string | Uint8Array)[];

/** The messages of these bytes. */
function served(...pieces: Pieces): Promise<[data: string, id: string][]> {
  return servedAt('/bytes', pieces);
}

/** The messages of these bytes when each piece arrives as its own chunk. */
function servedApart(...pieces: Pieces): Promise<[data: string, id: string][]> {
  return servedAt('/bytes-with-pauses', pieces);
}

async function servedAt(path: string, pieces: Pieces): Promise<[data: string, id: string][]> {
  server.pieces = pieces.map(piece => Buffer.from(piece));
  const { messages, failure } = await collect(open(path));
  expect(failure).toBeUndefined();
  return messages.map(({ data, id }) => [data.toString('latin1'), id]);
}

function latin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}

describe('messages', () => {
  test('have their id, or an empty one', async () => {
    expect(await served(message('a', '1'), message('b'), message('c', '3'))).toEqual([
      ['a', '1'],
      ['b', ''],
      ['c', '3'],
    ]);
  });

  test('have ids exactly as Wikimedia writes them', async () => {
    const id =
      '[{"topic":"eqiad.mediawiki.recentchange","partition":0,"offset":-1},{"topic":"codfw.x","partition":0,"timestamp":1630070417001}]';
    expect(await served(message('{}', id))).toEqual([['{}', id]]);
  });

  test.each([
    ['text of all alphabets', 'é 中文 😀 \u{10FFFF}'],
    ['U+2028, U+2029, NEL and a no-break space', '\u2028\u2029\u0085\u00a0'],
    ['a byte order mark', '\uFEFF{}'],
    ['NUL and other controls', '\u0000\u0001\u000b\u000c\u001f\u007f'],
    ['colons', ':: data: id: x'],
    ['spaces around', '  x  '],
    ['nothing', ''],
  ])('keep %s', async (_, data) => {
    expect(await served(message(data))).toEqual([[latin1(data), '']]);
  });

  test('keep invalid UTF-8 as it is: all 254 bytes that are not a line end', async () => {
    const bytes = Buffer.from(
      Array.from({ length: 256 }, (_, byte) => byte).filter(byte => byte !== 10 && byte !== 13),
    );
    const lone = Buffer.from([0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0xf0, 0x9f]);
    for (const data of [bytes, lone]) {
      expect(await served('data: ', data, '\n\n')).toEqual([[data.toString('latin1'), '']]);
    }
  });

  test('with several data lines are joined by newlines', async () => {
    expect(await served('data: {\ndata:  "a":\ndata\ndata:1}\n\n')).toEqual([['{\n "a":\n\n1}', '']]);
  });

  test.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('may have line ends of %s', async (_, end) => {
    const stream = `event: message\nid: 7\ndata: a\n\ndata: b\n\n`.replaceAll('\n', end);
    expect(await served(stream)).toEqual([
      ['a', '7'],
      ['b', ''],
    ]);
  });

  test('arrive at once, although a CR at their end could be half of a CRLF', async () => {
    server.pieces = [Buffer.from('data: a\r\r')];
    for await (const { data } of open('/bytes-then-nothing')) {
      expect(data.toString()).toBe('a');
      break;
    }
    await expectNothingLeft();
  });

  test('arrive between comments, blank lines and unknown fields', async () => {
    const noise = ': keepalive\n\n\n:\nretry: 3600000\nretry: soon\ncolour: blue\nnonsense\n';
    expect(await served(noise, message('a'), noise, noise, message('b'), noise)).toEqual([
      ['a', ''],
      ['b', ''],
    ]);
  });

  test('of other events are left out, such as the `event: error` before an end', async () => {
    const stream = `event: error\ndata: {"message":"no"}\n\nevent: other\ndata: x\n\nevent:\ndata: y\n\n${message('z')}`;
    expect(await served(stream)).toEqual([
      ['y', ''],
      ['z', ''],
    ]);
  });

  test.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('may ask for a pause before the next connection, however they are cut: %s', async (_, end) => {
    const lines = ['retry: 3000', 'data: a', 'retry:40', '', 'retry: 5', 'id: 1', 'retry: 0'];
    const others = ['retry', 'retry:', 'retry: soon', 'retry:  7', 'retry: -7', 'retry: 7.5', ' retry: 7'];
    const more = ['data: retry: 7', ':retry: 7', 'Retry: 7', 'retrying: 7', `retry: ${'7'.repeat(40)}`];
    const stream = Buffer.from([...lines, ...others, ...more, '', ''].join(end));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 40 }), async cuts => {
        server.pieces = cutAt(stream, cuts);
        const asked: number[] = [];
        await collect(open('/bytes', { onRetry: pauseMs => asked.push(pauseMs) }));
        expect(asked).toEqual([3_000, 40, 5, 0]);
      }),
      { numRuns: 30 },
    );
  });

  test('start after a byte order mark', async () => {
    expect(await served('\uFEFF:ok\n\n', message('a'))).toEqual([['a', '']]);
    expect(await served('\uFEFFdata: a\n\n')).toEqual([['a', '']]);
  });

  test('start after a byte order mark, however it is cut', async () => {
    const mark = [0xef, 0xbb, 0xbf].map(byte => Buffer.from([byte]));
    expect(await servedApart(...mark, 'data: a\n\n')).toEqual([['a', '']]);
    expect(await servedApart(Buffer.concat(mark), 'data: a\n\n')).toEqual([['a', '']]);
    // Only if it is whole; otherwise it is part of the name of a field.
    expect(await servedApart(...mark.slice(0, 2), 'data: a\n\n', message('b'))).toEqual([['b', '']]);
  });

  test('may be called Text/Event-Stream, because the names of types have no case', async () => {
    const { messages, failure } = await collect(open('/odd-name-of-the-type'));
    expect(failure).toBeUndefined();
    expect(messages.map(({ data }) => data.toString())).toEqual(['a']);
  });

  test('are whole or absent: one without a blank line after it is dropped', async () => {
    expect(await served(message('a'), 'data: b\n')).toEqual([['a', '']]);
    expect(await served(message('a'), 'data: b')).toEqual([['a', '']]);
  });

  test('arrive with any content, in any pieces', async () => {
    const line = fc
      .uint8Array({ maxLength: 60 })
      .map(bytes => Buffer.from(bytes.filter(byte => byte !== 10 && byte !== 13)));
    const sent = fc.record({
      lines: fc.array(line, { minLength: 1, maxLength: 3 }),
      id: fc.stringMatching(/^[ -~]{0,20}$/),
      comment: fc.option(fc.constantFrom('', 'keepalive', ' data: x')),
    });
    const schedule = fc.record({
      messages: fc.array(sent, { maxLength: 8 }),
      end: fc.constantFrom('\n', '\r\n', '\r'),
      cuts: fc.array(fc.nat(), { maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(schedule, async ({ messages, end, cuts }) => {
        const parts = messages.flatMap(({ lines, id, comment }) => [
          ...(comment === null ? [] : [`:${comment}${end}`]),
          ...(id === '' ? [] : [`id: ${id}${end}`]),
          ...lines.flatMap(each => ['data: ', each, end]),
          end,
        ]);
        const stream = Buffer.concat([':ok\n\n', ...parts, ':the end\n'].map(part => Buffer.from(part)));
        expect(await served(...cutAt(stream, cuts))).toEqual(
          messages.map(({ lines, id }) => [lines.map(each => each.toString('latin1')).join('\n'), id]),
        );
      }),
      { numRuns: 150 },
    );
  });

  test('arrive one byte at a time', async () => {
    const stream = Buffer.concat([
      Buffer.from(`:ok\r\n\r\n${message('é😀', '[{"a":1}]')}data: `),
      Buffer.from([0xff, 0xe2, 0x80]),
      Buffer.from('\r\ndata: second\r\n\r\n'),
      Buffer.from(message('{}')),
    ]);
    const bytes = Array.from(stream, byte => Uint8Array.of(byte));
    expect(await served(...bytes)).toEqual([
      [latin1('é😀'), '[{"a":1}]'],
      [`${Buffer.from([0xff, 0xe2, 0x80]).toString('latin1')}\nsecond`, ''],
      ['{}', ''],
    ]);
  });
});

describe('captured streams', () => {
  test.each(CAPTURED_STREAMS)('$name, in small pieces', async ({ name, ended }) => {
    const bytes = readCapturedFile(name);
    const cuts = Array.from({ length: Math.floor(bytes.length / 13) }, (_, at) => at * 13);
    const got = await served(...cutAt(bytes, cuts));
    const lines = bytes.toString('latin1').split('\n');
    const data = lines.filter(line => line.startsWith('data: ')).map(line => line.slice(6));
    const ids = lines.filter(line => line.startsWith('id: ')).map(line => line.slice(4));
    expect(got).toHaveLength(ended);
    expect(got).toEqual(got.map((_, at) => [data[at], ids[at]]));
  });
});

describe('the request', () => {
  test('sends our user agent, accepts a stream, and has no position by default', async () => {
    await collect(open('/end-at-once'));
    const [{ path, headers } = { path: '', headers: {} }] = server.requests;
    expect(path).toBe('/end-at-once');
    expect(headers).toMatchObject({ 'user-agent': USER_AGENT, accept: 'text/event-stream' });
    expect(headers).not.toHaveProperty('last-event-id');
  });

  test('resumes from an id by header', async () => {
    const lastEventId = '[{"topic":"eqiad.mediawiki.recentchange","partition":0,"timestamp":1630070417001}]';
    await collect(open('/end-at-once', { resume: { lastEventId } }));
    expect(server.requests[0]?.headers['last-event-id']).toBe(lastEventId);
    expect(server.requests[0]?.path).toBe('/end-at-once');
  });

  test('resumes from an instant by URL, keeping the other parameters', async () => {
    await collect(open('/end-at-once?a=1', { resume: { sinceMs: Date.UTC(2026, 10, 20, 10) } }));
    expect(server.requests[0]?.path).toBe('/end-at-once?a=1&since=2026-11-20T10%3A00%3A00.000Z');
  });

  test('follows a redirect with all its headers', async () => {
    server.pieces = [Buffer.from(message('there'))];
    const { messages } = await collect(open('/moved', { resume: { lastEventId: '[1]' } }));
    expect(messages).toHaveLength(1);
    expect(server.requests.map(({ path }) => path)).toEqual(['/moved', '/bytes']);
    expect(server.requests[1]?.headers).toMatchObject({ 'user-agent': USER_AGENT, 'last-event-id': '[1]' });
  });

  test.each([
    ['says so', 'true', true],
    ['says otherwise', 'false', false],
    ['says nothing', undefined, false],
  ])('learns once whether the stream is simulated, when the server %s', async (_, header, simulated) => {
    if (header !== undefined) server.extraHeaders = { 'x-wikigauge-simulated': header };
    const seen: unknown[] = [];
    server.pieces = [Buffer.from(message('a')), Buffer.from(message('b'))];
    for await (const { data } of open('/bytes', { onOpen: info => seen.push(info) }))
      seen.push(data.toString());
    expect(seen).toEqual([{ simulated }, 'a', 'b']);
  });
});

describe('a token in the address', () => {
  test.each(['/html', '/hang-up', '/no-content'])('is sent, and not shown when %s fails', async path => {
    const { failure } = await collect(open(`${path}?token=s3cret`));
    expect(server.requests[0]?.path).toBe(`${path}?token=s3cret`);
    expect(failure).toMatchObject({ subject: server.url(path) });
    expect(`${String(failure)} ${JSON.stringify(failure)}`).not.toContain('s3cret');
  });

  test('is not shown when the address is wrong', async () => {
    const { failure } = await collect(open('', { url: 'ftp://me:s3cret@stream.example/?token=s3cret' }));
    expect(failure).toMatchObject({ code: 'source_refused', subject: 'ftp://stream.example/' });
    expect(String(failure)).not.toContain('s3cret');
  });
});

describe('a server that does not work', () => {
  test('is named with its failure', async () => {
    const elsewhere = await WaywardServer.start();
    const url = elsewhere.url('/bytes');
    await elsewhere.close();
    const { failure } = await collect(open('', { url }));
    expect(failure).toMatchObject({ code: 'source_unreachable', retryable: true, subject: url });
    expect(String(failure)).toContain(`${url}: `);
    expect(String(failure)).toContain('ECONNREFUSED');
  });

  test.each(['/hang-up', '/reset', '/no-http', '/moved-in-circles'])('%s', async path => {
    const { messages, failure } = await collect(open(path));
    expect(messages).toEqual([]);
    expect(failure).toMatchObject({ code: 'source_unreachable', retryable: true });
    expect(String(failure)).toContain(server.url(path));
    await expectNothingLeft();
  });

  test('is given up when it does not answer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const reading = collect(open('/no-answer'));
    await untilTrue(() => server.requests.length === 1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect((await reading).failure).toMatchObject({ code: 'source_unreachable', retryable: true });
  });
});

describe('an answer that is not a stream', () => {
  test.each([
    ['/html', 'answered with text/html instead of text/event-stream'],
    ['/ndjson', 'answered with application/json instead of text/event-stream'],
    ['/no-type', 'answered with no content type instead of text/event-stream'],
  ])('%s', async (path, why) => {
    const { messages, failure } = await collect(open(path));
    expect(messages).toEqual([]);
    expect(failure).toMatchObject({ code: 'source_unreachable', retryable: true });
    expect(String(failure)).toContain(why);
    await expectNothingLeft();
  });

  test.each([
    [400, 'since'],
    [401, 'EVENTSTREAMS_URL'],
    [403, 'USER_AGENT'],
    [404, 'EVENTSTREAMS_URL'],
    [405, 'EVENTSTREAMS_URL'],
    [410, 'EVENTSTREAMS_URL'],
    [451, 'EVENTSTREAMS_URL'],
  ])('%d is refused, which may pass, and says what to change', async (status, advice) => {
    const { failure } = await collect(open(`/status/${status}`));
    expect(failure).toMatchObject({
      code: 'source_refused',
      retryable: true,
      subject: server.url(`/status/${status}`),
    });
    const text = String(failure);
    expect(text).toContain(`answered ${status} `);
    expect(text).toContain(advice);
    // Failures are kept in Temporal.
    expect(text).not.toContain('what the server says');
    await expectNothingLeft();
  });

  test.each([204, 304, 408, 429, 500, 502, 503, 504, 520])('%d is retryable', async status => {
    const { failure } = await collect(open(`/status/${status}`));
    expect(failure).toBeInstanceOf(RetryLater);
    expect(failure).toMatchObject({ code: 'source_unreachable', retryable: true, afterMs: 0 });
    expect(String(failure)).toContain(`answered ${status}`);
    await expectNothingLeft();
  });

  test.each(['/no-content', '/moved-nowhere'])('%s is retryable', async path => {
    expect((await collect(open(path))).failure).toMatchObject({
      code: 'source_unreachable',
      retryable: true,
    });
  });

  const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toUTCString();
  test.each([
    ['seconds', () => '7', 7_000, 7_000],
    ['no seconds', () => '0', 0, 0],
    ['a date', () => inSeconds(90), 60_000, 90_000],
    ['a date that is over', () => inSeconds(-90), 0, 0],
    ['more than an hour', () => '99999999', 3_600_000, 3_600_000],
    ['a date tomorrow', () => inSeconds(86_400), 3_600_000, 3_600_000],
    ['a word', () => 'soon', 0, 0],
    ['less than nothing', () => '-5', 0, 0],
    ['a fraction', () => '1.5', 0, 1_500],
    ['nothing', () => '', 0, 0],
  ])('may ask for a pause, in Retry-After: %s', async (_, header, atLeastMs, atMostMs) => {
    server.retryAfter = header();
    for (const status of [429, 503]) {
      const { failure } = await collect(open(`/status/${status}`));
      expect((failure as RetryLater).afterMs).toBeGreaterThanOrEqual(atLeastMs);
      expect((failure as RetryLater).afterMs).toBeLessThanOrEqual(atMostMs);
    }
  });

  test('is not waited for when its body never ends', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const reading = collect(open('/refusal-without-end', { signal: AbortSignal.timeout(5_000) }));
    await untilTrue(() => server.requests.length === 1);
    let done = false;
    void reading.then(() => (done = true));
    await untilTrue(async () => {
      await vi.advanceTimersByTimeAsync(1_000);
      await sleep(5);
      return done;
    });
    expect((await reading).failure).toMatchObject({ code: 'source_unreachable', retryable: true });
  });

  test('is not read when it is endless: memory is bounded', async () => {
    server.floodBytes = 256 * MIB;
    const { failure } = await collect(
      open('/endless-refusal', { signal: AbortSignal.timeout(5_000), stallMs: 1_000 }),
    );
    expect(failure).toMatchObject({ code: 'source_unreachable', retryable: true });
    expect(server.flooded).toBeLessThan(64 * MIB);
  });
});

describe('a connection that breaks', () => {
  test.each(['/cut-cleanly', '/bytes'])('in the middle of a message, with a clean end: %s', async path => {
    server.pieces = [Buffer.from(`${message('whole')}data: hal`)];
    const { messages, failure } = await collect(open(path));
    expect(messages.map(({ data }) => data.toString())).toEqual(['whole']);
    expect(failure).toBeUndefined();
  });

  test.each(['/cut', '/cut-by-reset'])('without one: %s', async path => {
    const { messages, failure } = await collect(open(path));
    expect(messages.map(({ data }) => data.toString())).toEqual(['whole']);
    expect(failure).toMatchObject({ code: 'source_unreachable', retryable: true });
    await expectNothingLeft();
  });

  test.each([
    ['/silent', 1],
    ['/silent-at-once', 0],
  ])('without a word is noticed after the stall time: %s', async (path, count) => {
    const beginMs = performance.now();
    const { messages, failure } = await collect(open(path, { stallMs: 150 }));
    expect(messages).toHaveLength(count);
    expect(failure).toMatchObject({ code: 'source_unreachable', retryable: true });
    expect(String(failure)).toContain('silent for 0.15 s');
    expect(performance.now() - beginMs).toBeGreaterThanOrEqual(150);
    expect(performance.now() - beginMs).toBeLessThan(3_000);
    await expectNothingLeft();
  });

  test('has not broken while comments arrive', async () => {
    const stop = new AbortController();
    const reading = collect(open('/comments', { stallMs: 300, signal: stop.signal }));
    const beginMs = performance.now();
    await untilTrue(() => performance.now() - beginMs > 1_200);
    stop.abort();
    expect(await reading).toMatchObject({ messages: [{}], failure: undefined });
  });
});

describe('a slow reader', () => {
  /** Waits until the server cannot send more. */
  async function untilStalled(): Promise<void> {
    let seen = -1;
    let sinceMs = performance.now();
    await untilTrue(() => {
      if (server.flooded !== seen) [seen, sinceMs] = [server.flooded, performance.now()];
      return performance.now() - sinceMs > 1_000;
    }, 30_000);
  }

  test('stops the socket, is not taken for a dead connection, and gets everything in the end', async () => {
    server.floodBytes = 96 * MIB;
    const stream = open('/firehose', { stallMs: 400 });
    const first = await stream.next();
    await untilStalled();
    const heldBack = server.flooded;
    // The queue holds 8 MiB; the system decides how much the sockets hold.
    expect(heldBack).toBeGreaterThan(8 * MIB);
    expect(heldBack).toBeLessThan(40 * MIB);
    const { messages, failure } = await collect(stream);
    expect(failure).toBeUndefined();
    const all = [first.value as StreamMessage, ...messages].map(({ data }) => data.toString().split(' ')[0]);
    expect(all).toEqual(all.map((_, at) => String(at)));
    expect(server.flooded).toBeGreaterThanOrEqual(96 * MIB);
  });

  test('stops the socket for small messages with long ids, too', async () => {
    server.floodBytes = 128 * MIB;
    const stream = open('/firehose-of-small-messages');
    await stream.next();
    await untilStalled();
    expect(server.flooded).toBeLessThan(64 * MIB);
    await stream.return(undefined);
  });
});

describe('an excess', () => {
  const sizes = (messages: readonly StreamMessage[]): number[] => messages.map(({ data }) => data.length);

  test('of a line is cut, and the rest is read', async () => {
    server.floodBytes = 80 * MIB;
    const { messages, failure } = await collect(open('/endless-line'));
    expect(failure).toBeUndefined();
    expect(messages.at(-1)?.data.toString()).toBe('after');
    expect(messages).toHaveLength(2);
    expect(sizes(messages)[0]).toBeGreaterThan(5 * MIB - 1_000);
    expect(sizes(messages)[0]).toBeLessThan(7 * MIB);
  });

  test('of a comment is cut, and the rest is read', async () => {
    server.floodBytes = 80 * MIB;
    const { messages, failure } = await collect(open('/endless-comment'));
    expect(failure).toBeUndefined();
    expect(messages.map(({ data }) => data.toString())).toEqual(['after']);
  });

  test('of an event in many lines does not fill the memory', async () => {
    server.floodBytes = 80 * MIB;
    const { messages } = await collect(open('/endless-event'));
    expect(Math.max(0, ...sizes(messages))).toBeLessThan(7 * MIB);
  });

  test.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('is not a long stream of short lines that end with %s', async (_, end) => {
    const one = `data: ${'y'.repeat(1_000)}${end}${end}`;
    server.pieces = [
      ...Array.from({ length: 320 }, () => Buffer.from(one.repeat(64))),
      Buffer.from(':the end\n'),
    ];
    const { messages } = await collect(open('/bytes'));
    expect(messages).toHaveLength(320 * 64);
  });

  test('does not start at a line of 4 MiB', async () => {
    const data = Buffer.alloc(4 * MIB, 'y');
    server.pieces = [
      Buffer.from('data: '),
      ...cutAt(data, [1, MIB, 7 * MIB]),
      Buffer.from(`\n\n${message('after')}`),
    ];
    const { messages } = await collect(open('/bytes'));
    expect(sizes(messages)).toEqual([4 * MIB, 5]);
    expect(messages[0]?.data.equals(data)).toBe(true);
  });
});

describe('an end from our side', () => {
  test('before the start makes no request', async () => {
    const { messages, failure } = await collect(open('/silent', { signal: AbortSignal.abort() }));
    expect({ messages, failure }).toEqual({ messages: [], failure: undefined });
    expect(server.requests).toEqual([]);
    await expectNothingLeft();
  });

  test.each(['/no-answer', '/silent', '/silent-at-once', '/comments'])(
    'is prompt, has no failure and leaves nothing open: %s',
    async path => {
      const stop = new AbortController();
      const reading = collect(open(path, { signal: stop.signal }));
      await untilTrue(() => server.requests.length === 1);
      await sleep(30);
      const beginMs = performance.now();
      stop.abort();
      expect((await reading).failure).toBeUndefined();
      expect(performance.now() - beginMs).toBeLessThan(1_000);
      server.stopTimers();
      await expectNothingLeft();
    },
  );

  test('leaves nothing open while the socket is paused', async () => {
    server.floodBytes = 96 * MIB;
    const stop = new AbortController();
    const stream = open('/firehose', { signal: stop.signal });
    await stream.next();
    await untilTrue(() => server.flooded > 8 * MIB);
    stop.abort();
    expect((await collect(stream)).failure).toBeUndefined();
    await expectNothingLeft();
  });

  test('by leaving the loop closes the connection', async () => {
    for await (const { data } of open('/silent')) {
      expect(data.toString()).toBe('first');
      break;
    }
    await expectNothingLeft();
  });

  test('by a reader that throws closes the connection', async () => {
    const reading = async (): Promise<void> => {
      for await (const { data } of open('/silent')) throw new Error(`cannot take ${data.toString()}`);
    };
    await expect(reading()).rejects.toThrow('cannot take first');
    await expectNothingLeft();
  });

  test('leaves no listener on the signal, however many connections there were', async () => {
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, 'addEventListener');
    const remove = vi.spyOn(signal, 'removeEventListener');
    for (let n = 0; n < 5; n += 1) await collect(open('/end-after-one', { signal }));
    expect(add.mock.calls.length).toBeGreaterThanOrEqual(5);
    expect(remove.mock.calls.length).toBe(add.mock.calls.length);
  });
});
