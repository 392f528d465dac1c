/** ⑧ Polling with a fake clock: never two requests at once, never a response to another query. */
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { createPoller } from '../../src/dashboard/poller.ts';
import type { PollState, Poller } from '../../src/dashboard/poller.ts';

interface Request {
  readonly query: string;
  readonly signal: AbortSignal;
  readonly answer: (value: string) => Promise<void>;
  readonly fail: (message: string) => Promise<void>;
}

/** A clock, its timers, and the requests in flight. */
class World {
  nowMs = 0;
  states: PollState<string, string>[] = [];
  requests: Request[] = [];
  readonly #timers = new Set<{ readonly atMs: number; readonly run: () => void }>();
  readonly poller: Poller<string> = createPoller<string, string>({
    load: (query, signal) => this.#load(query, signal),
    intervalMs: query => (query.startsWith('slow') ? 60_000 : 2_000),
    isWhole: value => value !== 'half',
    carriesOver: (before, after) => before.split('/')[0] === after.split('/')[0],
    onChange: state => void this.states.push(state),
    nowMs: () => this.nowMs,
    startTimer: (run, ms) => {
      const timer = { atMs: this.nowMs + ms, run };
      this.#timers.add(timer);
      return () => this.#timers.delete(timer);
    },
    random: () => 1,
  });

  get state(): PollState<string, string> {
    return this.states.at(-1) ?? { kind: 'idle' };
  }

  /** The request in flight. @throws when there is none */
  get request(): Request {
    const [request] = this.underWay;
    if (request === undefined) throw new Error('no request is in flight');
    return request;
  }

  get underWay(): Request[] {
    return this.requests.filter(({ signal }) => !signal.aborted);
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** Advances the clock, running timers in order. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    for (;;) {
      const due = [...this.#timers].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
      const [next] = due;
      if (next === undefined) break;
      this.#timers.delete(next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
      await settled();
    }
    this.nowMs = untilMs;
  }

  #load(query: string, signal: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.requests = this.requests.filter(request => request !== mine);
      };
      const mine: Request = {
        query,
        signal,
        answer: value => {
          end();
          resolve(value);
          return settled();
        },
        fail: message => {
          end();
          reject(new Error(message));
          return settled();
        },
      };
      this.requests.push(mine);
    });
  }
}

/** Resolves once all pending promise callbacks have run. */
function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

let world: World;
beforeEach(() => {
  world = new World();
});

describe('polling', () => {
  test('requests immediately, then at the interval after each response', async () => {
    world.poller.ask('en');
    expect(world.state).toEqual({ kind: 'loading', query: 'en', answer: undefined });
    await world.pass(0);
    await world.request.answer('one');
    expect(world.state).toMatchObject({ kind: 'current', answer: { value: 'one', atMs: 0 } });
    await world.pass(1_999);
    expect(world.requests).toEqual([]);
    await world.pass(1);
    await world.request.answer('two');
    expect(world.state).toMatchObject({ kind: 'current', answer: { value: 'two', atMs: 2_000 } });
  });

  test('takes its interval from the query', async () => {
    world.poller.ask('slow');
    await world.pass(0);
    await world.request.answer('one');
    await world.pass(59_999);
    expect(world.requests).toEqual([]);
    await world.pass(1);
    expect(world.requests).toHaveLength(1);
  });

  test('waits for a response before the next request', async () => {
    world.poller.ask('en');
    await world.pass(9_999);
    expect(world.requests).toHaveLength(1);
  });

  test('ignores the same query', async () => {
    world.poller.ask('en');
    await world.pass(0);
    world.poller.ask('en');
    expect(world.requests).toHaveLength(1);
    expect(world.request.signal.aborted).toBe(false);
  });

  test('a new query aborts the request in flight and drops its response', async () => {
    world.poller.ask('en');
    await world.pass(0);
    const late = world.request;
    world.poller.ask('de');
    expect(late.signal.aborted).toBe(true);
    await world.pass(0);
    await late.answer('of en');
    expect(world.state).toMatchObject({ kind: 'loading', query: 'de' });
    await world.request.answer('of de');
    expect(world.state).toMatchObject({ kind: 'current', query: 'de', answer: { value: 'of de' } });
  });

  test('a related query keeps the previous response visible, an unrelated one does not', async () => {
    world.poller.ask('en/3h');
    await world.pass(0);
    await world.request.answer('en, 3 hours');
    world.poller.ask('en/24h');
    expect(world.state).toMatchObject({ kind: 'loading', answer: { query: 'en/3h', value: 'en, 3 hours' } });
    world.poller.ask('de/24h');
    expect(world.state).toEqual({ kind: 'loading', query: 'de/24h', answer: undefined });
  });
});

describe('while something else tells what changes', () => {
  beforeEach(() => world.poller.setRepeating(false));

  test('each query is asked once, and again on demand', async () => {
    world.poller.ask('en');
    await world.pass(0);
    await world.request.answer('one');
    await world.pass(3_600_000);
    expect(world.requests).toEqual([]);
    world.poller.retry();
    await world.pass(0);
    await world.request.answer('two');
    world.poller.ask('de');
    await world.pass(0);
    await world.request.answer('three');
    await world.pass(3_600_000);
    expect(world.requests).toEqual([]);
    expect(world.state).toMatchObject({ kind: 'current', answer: { value: 'three' } });
  });

  test('a failure and a response that lacks something are tried again', async () => {
    world.poller.ask('en');
    await world.pass(0);
    await world.request.fail('down');
    await world.pass(1_000);
    await world.request.answer('half');
    await world.pass(2_000);
    await world.request.answer('whole');
    await world.pass(3_600_000);
    expect(world.requests).toEqual([]);
  });

  test('polling goes on at once when nothing does any more', async () => {
    world.poller.ask('en');
    await world.pass(0);
    await world.request.answer('one');
    await world.pass(60_000);
    world.poller.setRepeating(true);
    await world.pass(0);
    expect(world.requests).toHaveLength(1);
  });
});

describe('after a failure', () => {
  test('backs off up to half a minute and keeps the last response', async () => {
    world.poller.ask('en');
    await world.pass(0);
    await world.request.answer('known');
    await world.pass(2_000);
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      await world.request.fail('down');
      expect(world.state).toMatchObject({
        kind: 'failing',
        answer: { value: 'known', atMs: 0 },
        failure: { message: 'down', sinceMs: 2_000, attempts: i + 1 },
      });
      const failing = world.state;
      const waitMs = failing.kind === 'failing' ? failing.failure.retryAtMs - world.nowMs : 0;
      waits.push(waitMs);
      await world.pass(waitMs);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    await world.request.answer('back');
    expect(world.state).toMatchObject({ kind: 'current', answer: { value: 'back' } });
    await world.pass(2_000);
    await world.request.fail('down again');
    expect(world.state).toMatchObject({ failure: { attempts: 1 } });
  });

  test('aborts a request after ten seconds, even one that ignores its signal', async () => {
    world.poller.ask('en');
    await world.pass(9_999);
    expect(world.state.kind).toBe('loading');
    await world.pass(1);
    expect(world.state).toMatchObject({
      kind: 'failing',
      failure: { attempts: 1, sinceMs: 10_000 },
    });
  });

  test('retries immediately on retry()', async () => {
    world.poller.ask('en');
    await world.pass(0);
    await world.request.fail('down');
    world.poller.retry();
    await world.pass(0);
    expect(world.requests).toHaveLength(1);
    world.poller.retry();
    await world.pass(0);
    expect(world.requests).toHaveLength(1);
  });
});

describe('paused', () => {
  test('sends nothing, lets a request finish, and resumes when one is due', async () => {
    world.poller.ask('en');
    await world.pass(0);
    world.poller.setPaused(true);
    await world.request.answer('one');
    expect(world.state).toMatchObject({ kind: 'current', answer: { value: 'one' } });
    await world.pass(60_000);
    expect(world.requests).toEqual([]);
    world.poller.setPaused(false);
    await world.pass(0);
    expect(world.requests).toHaveLength(1);
  });

  test('resuming early does not send the next request early', async () => {
    world.poller.ask('en');
    await world.pass(0);
    await world.request.answer('one');
    world.poller.setPaused(true);
    await world.pass(500);
    world.poller.setPaused(false);
    await world.pass(1_499);
    expect(world.requests).toEqual([]);
    await world.pass(1);
    expect(world.requests).toHaveLength(1);
  });
});

test('stop aborts the request and cancels every timer', async () => {
  world.poller.ask('en');
  await world.pass(0);
  const { request } = world;
  world.poller.stop();
  expect(request.signal.aborted).toBe(true);
  await settled();
  await world.pass(60_000);
  expect(world.timers).toBe(0);
  expect(world.underWay).toEqual([]);
});

test('any order of events leads to at most one request and only responses to the latest query', async () => {
  const queries = fc.constantFrom('en/3h', 'en/24h', 'de/3h', 'slow/7d');
  const events = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('ask' as const), query: queries }),
      fc.record({ kind: fc.constantFrom('answer' as const, 'fail' as const), which: fc.nat(3) }),
      fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(40_000) }),
      fc.record({ kind: fc.constant('pause' as const), paused: fc.boolean() }),
      fc.record({ kind: fc.constant('retry' as const) }),
    ),
    { maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(events, async script => {
      const world = new World();
      let asked: string | undefined;
      for (const event of script) {
        // Any request may be answered late, including an aborted one.
        const chosen =
          'which' in event ? world.requests[event.which % Math.max(world.requests.length, 1)] : undefined;
        if (event.kind === 'ask') world.poller.ask((asked = event.query));
        else if (event.kind === 'answer') await chosen?.answer(`to ${chosen.query}`);
        else if (event.kind === 'fail') await chosen?.fail('down');
        else if (event.kind === 'pass') await world.pass(event.ms);
        else if (event.kind === 'pause') world.poller.setPaused(event.paused);
        else world.poller.retry();

        expect(world.underWay.length).toBeLessThanOrEqual(1);
        expect(faultOf(world.state, asked)).toBeUndefined();
      }
      // After any history, once resumed, it sends a request and a response makes it current.
      if (asked === undefined) return;
      world.poller.setPaused(false);
      for (let i = 0; i < 100 && world.underWay.length === 0; i++) await world.pass(1_000);
      await world.request.answer(`to ${world.request.query}`);
      expect(world.state).toMatchObject({ kind: 'current', query: asked });
    }),
    { numRuns: 300 },
  );
});

/** What is wrong with a state, given the latest query. */
function faultOf(state: PollState<string, string>, asked: string | undefined): string | undefined {
  if (state.kind === 'idle') return undefined;
  const { answer, query } = state;
  if (query !== asked) return `is about ${query}`;
  if (answer === undefined) return undefined;
  if (answer.value !== `to ${answer.query}`) return 'has an answer under another question';
  if (state.kind === 'current' && answer.query !== asked) return 'calls an old answer current';
  return answer.query.split('/')[0] === asked.split('/')[0]
    ? undefined
    : 'shows the answer to a far question';
}
