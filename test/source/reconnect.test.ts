/** The loop over connections: what it yields, when it connects again, and how it ends. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { reconnecting } from '../../src/source/reconnect.ts';
import type { ReconnectPolicy } from '../../src/source/reconnect.ts';
import { refused, unreachable } from '../../src/source/source-failure.ts';

const URL = 'http://source';
const FAILURE = unreachable(URL, 'broken');

/** A connection that delivers these items and then ends, or fails. */
type Script = { readonly items: readonly string[]; readonly failure?: Error };

let stop: AbortController;
let pauses: number[];
let opened: number;
beforeEach(() => {
  stop = new AbortController();
  pauses = [];
  opened = 0;
  // The shortest pauses that the backoff allows.
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => void vi.restoreAllMocks());

function read(scripts: readonly Script[], changes: Partial<ReconnectPolicy> = {}): AsyncGenerator<string> {
  async function* connection(): AsyncGenerator<string> {
    const script = scripts[opened++] ?? { items: [] };
    yield* script.items;
    if (script.failure !== undefined) throw script.failure;
  }
  return reconnecting(connection, {
    url: URL,
    signal: stop.signal,
    cleanEnd: 'finish',
    giveUp: { afterMs: 60_000, countsPause: false },
    onTrouble: (_, pauseMs) => pauses.push(pauseMs),
    ...changes,
  });
}

async function collect(items: AsyncIterable<string>): Promise<{ items: string[]; failure: unknown }> {
  const all: string[] = [];
  try {
    for await (const item of items) all.push(item);
    return { items: all, failure: undefined };
  } catch (failure) {
    return { items: all, failure };
  }
}

describe('after a failure', () => {
  test('the next connection follows a pause, and everything is yielded in order', async () => {
    const reading = read([
      { items: ['a'], failure: FAILURE },
      { items: [], failure: FAILURE },
      { items: ['b'] },
    ]);
    expect(await collect(reading)).toEqual({ items: ['a', 'b'], failure: undefined });
    expect(pauses).toEqual([250, 500]);
  });

  test('pauses are short again once something was delivered', async () => {
    const failing = { items: [], failure: FAILURE };
    const reading = read([failing, { items: ['a'], failure: FAILURE }, { items: ['b'] }]);
    expect((await collect(reading)).items).toEqual(['a', 'b']);
    expect(pauses).toEqual([250, 250]);
  });

  test.each([
    ['not retryable', refused('wrong', URL), {}],
    ['not ours', new TypeError('a bug'), {}],
    ['final by the policy', FAILURE, { isFinal: () => true }],
  ])('that is %s, reading ends with it at once', async (_, failure, changes) => {
    const result = await collect(read([{ items: ['a'], failure }, { items: ['b'] }], changes));
    expect(result.items).toEqual(['a']);
    expect(result.failure).toBe(failure);
    expect([opened, pauses]).toEqual([1, []]);
  });

  test('reading ends with the last failure when it gives up', async () => {
    const last = unreachable(URL, 'still broken');
    const scripts = [FAILURE, last].map(failure => ({ items: [], failure }));
    const result = await collect(read(scripts, { giveUp: { afterMs: 100, countsPause: false } }));
    expect(result.failure).toBe(last);
    expect(pauses).toEqual([250]);
  });
});

describe('after a clean end', () => {
  test('reading is finished when one connection has everything', async () => {
    expect((await collect(read([{ items: ['a'] }, { items: ['b'] }]))).items).toEqual(['a']);
    expect(opened).toBe(1);
  });

  test('the next connection follows a pause when the last one lasted less than a second', async () => {
    const items = read([{ items: ['a'] }, { items: ['b'] }], { cleanEnd: 'reconnect' });
    const yielded = [(await items.next()).value, (await items.next()).value];
    expect(yielded).toEqual(['a', 'b']);
    expect(pauses).toEqual([250]);
    await items.return(undefined);
  });

  test('the next connection follows at once when the last one lasted longer', async () => {
    const items = read([{ items: ['a'] }, { items: ['b'] }], { cleanEnd: 'reconnect' });
    await items.next();
    await sleep(1_010);
    expect((await items.next()).value).toBe('b');
    expect(pauses).toEqual([]);
    await items.return(undefined);
  });
});

describe('an abort', () => {
  test('ends reading without a connection when it comes first', async () => {
    stop.abort();
    expect(await collect(read([{ items: ['a'] }]))).toEqual({ items: [], failure: undefined });
    expect(opened).toBe(0);
  });

  test('ends a pause', async () => {
    const reading = read([{ items: [], failure: FAILURE }], { onTrouble: () => stop.abort() });
    expect(await collect(reading)).toEqual({ items: [], failure: undefined });
    expect(opened).toBe(1);
  });
});

test('a reader that leaves closes the connection', async () => {
  const closed = vi.fn<() => void>();
  async function* connection(): AsyncGenerator<string> {
    try {
      yield 'a';
      yield 'b';
    } finally {
      closed();
    }
  }
  const policy = { url: URL, signal: stop.signal, cleanEnd: 'finish' } as const;
  for await (const item of reconnecting(connection, {
    ...policy,
    giveUp: { afterMs: 1, countsPause: true },
  })) {
    expect(item).toBe('a');
    break;
  }
  expect(closed).toHaveBeenCalledOnce();
});
