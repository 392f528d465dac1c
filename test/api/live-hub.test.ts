/** ⑦ `GET /api/v1/live` towards its viewers: what they get, how they resume, and those that do not read. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import type { ConnectionLimits } from '../../src/api/app.ts';
import type { ReadPipeline } from '../../src/temporal/pipeline-reader.ts';
import { streaming } from '../support/browser/pipeline-reading.ts';
import { MadeUpSource } from '../support/made-up-source.ts';
import { untilHolds } from '../support/until.ts';
import { MemoryGold } from './memory-gold.ts';

const NOW_MS = Date.parse('2026-11-20T10:05:42Z');
const MINUTE = Date.parse('2026-11-20T10:05:00Z') / 1000;

interface Event {
  readonly kind: string;
  readonly id: string;
  readonly data: unknown;
}

let app: FastifyInstance | undefined;
let address = '';
let source: MadeUpSource;
const sockets: Socket[] = [];
const leaving: AbortController[] = [];

async function serve(
  limits: Partial<ConnectionLimits> = {},
  gold = new MemoryGold(),
  pipeline?: ReadPipeline,
): Promise<void> {
  source = new MadeUpSource(NOW_MS);
  const options = {
    dashboardDir: 'not-built',
    version: '1',
    now: () => NOW_MS,
    live: source,
    limits,
    pipeline,
  };
  app = await buildApp({ gold, ...options });
  address = await app.listen({ host: '127.0.0.1', port: 0 });
}
afterEach(async () => {
  for (const controller of leaving.splice(0)) controller.abort();
  for (const socket of sockets.splice(0)) socket.destroy();
  const closing = app?.close();
  // fetch connects again when it is aborted, and then asks nothing.
  app?.server.closeAllConnections();
  await closing;
});

/** A viewer that reads: its events so far, those of the pipeline apart. */
async function view(
  wiki: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{
  readonly events: Event[];
  readonly news: Event[];
  readonly leave: () => void;
  readonly hasEnded: () => boolean;
}> {
  const controller = new AbortController();
  leaving.push(controller);
  const { signal } = controller;
  const watchers = source.watchers;
  const response = await fetch(`${address}/api/v1/live?wiki=${wiki}`, { headers, signal });
  expect(response.status).toBe(200);
  const [events, news]: [Event[], Event[]] = [[], []];
  let ended = false;
  void (async () => {
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
        const kind = field('event');
        if (kind !== '')
          (kind === 'pipeline' ? news : events).push({
            kind,
            id: field('id'),
            data: JSON.parse(field('data')),
          });
      }
    }
    ended = true;
  })().catch(() => (ended = true));
  await untilHolds(() => expect(source.watchers).toBeGreaterThanOrEqual(Math.max(1, watchers)));
  return { events, news, leave: () => controller.abort(), hasEnded: () => ended };
}

const minutesOf = ({ data }: Event): { ts: string; human: number | null; state: string }[] =>
  (data as { minutes: { ts: string; human: number | null; state: string }[] }).minutes;

describe('a viewer', () => {
  test('gets the last hour, and then what changes', async () => {
    await serve();
    source.set('enwiki', MINUTE, 3);
    const { events } = await view('enwiki');
    source.tick();
    await untilHolds(() => expect(events.map(({ kind }) => kind)).toEqual(['snapshot', 'status']));
    const [snapshot] = events;
    const minutes = snapshot === undefined ? [] : minutesOf(snapshot);
    expect(minutes).toHaveLength(60);
    expect(minutes.at(-1)).toMatchObject({ ts: '2026-11-20T10:05:00Z', human: 3 });
    source.tick();
    source.set('enwiki', MINUTE, 4);
    source.tick();
    await untilHolds(() => expect(events).toHaveLength(3));
    expect(events[2]).toMatchObject({ kind: 'minutes' });
    expect(events[2] && minutesOf(events[2])).toMatchObject([{ ts: '2026-11-20T10:05:00Z', human: 4 }]);
  });

  test('is told at once what gold knows of the minutes', async () => {
    const gold = new MemoryGold();
    gold.setCoverage({
      id: 'b',
      source: 'stream',
      from: '2026-11-20T09:00:00Z',
      to: '2026-11-20T10:00:00Z',
    });
    await serve({}, gold);
    const { events } = await view('enwiki');
    source.tick();
    await untilHolds(() => expect(events.map(({ kind }) => kind)).toEqual(['snapshot', 'status']));
    expect(events[0] && minutesOf(events[0])).toContainEqual(
      expect.objectContaining({ ts: '2026-11-20T09:30:00Z', state: 'p' }),
    );
  });

  test('of two wikis gets an event for each', async () => {
    await serve();
    const { events } = await view('enwiki,dewiki');
    source.tick();
    await untilHolds(() => expect(events.filter(({ kind }) => kind === 'snapshot')).toHaveLength(2));
  });

  test('that comes back gets what has changed since; to another process it is new', async () => {
    await serve();
    const first = await view('enwiki');
    source.tick();
    await untilHolds(() => expect(first.events.length).toBeGreaterThan(1));
    const last = first.events.at(-1)?.id ?? '';
    source.set('enwiki', MINUTE - 60, 7);
    source.tick();
    const again = await view('enwiki', { 'last-event-id': last });
    const other = await view('enwiki', { 'last-event-id': `00000000-${last.split('-')[1]}` });
    source.tick();
    await untilHolds(() => expect(other.events.length).toBeGreaterThan(0));
    await untilHolds(() => expect(again.events.length).toBeGreaterThan(0));
    expect(again.events[0]).toMatchObject({ kind: 'minutes' });
    expect(again.events[0] && minutesOf(again.events[0])).toMatchObject([
      { ts: '2026-11-20T10:04:00Z', human: 7 },
    ]);
    expect(other.events[0]).toMatchObject({ kind: 'snapshot' });
  });

  test('learns that the feed is lost, and that nothing was read is not 0', async () => {
    await serve();
    source.feed = { kind: 'lost', newestMs: undefined, read: [] };
    const { events } = await view('enwiki');
    source.tick();
    await untilHolds(() => expect(events.map(({ kind }) => kind)).toEqual(['snapshot', 'status']));
    expect(events[1]?.data).toMatchObject({ feed: 'lost', trouble: expect.any(String) });
    expect(
      events[0] && minutesOf(events[0]).every(({ human, state }) => human === null && state === 'u'),
    ).toBe(true);
  });

  test('hears the status again when nothing changes, because a browser hides comments from a page', async () => {
    await serve();
    const { events } = await view('enwiki');
    source.tick();
    await untilHolds(() => expect(events.map(({ kind }) => kind)).toEqual(['snapshot', 'status']));
    source.tick();
    const startedMs = performance.now();
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => startedMs + 16_000);
    try {
      source.tick();
    } finally {
      clock.mockRestore();
    }
    await untilHolds(() => expect(events).toHaveLength(3));
    expect(events[2]).toMatchObject({ kind: 'status', data: events[1]?.data });
  });

  test('hears how the pipeline is, once, and again when that or what gold has beside counts changes', async () => {
    const gold = new MemoryGold();
    let asked = 0;
    let reading = streaming();
    await serve({}, gold, async () => {
      asked += 1;
      return reading;
    });
    const [one, other] = [await view('enwiki'), await view('dewiki')];
    /** The next look at the pipeline is due. */
    const later = (): void => {
      const passedMs = performance.now() + 10_000;
      const clock = vi.spyOn(performance, 'now').mockImplementation(() => passedMs);
      source.tick();
      clock.mockRestore();
    };
    const hasNews = (count: number): Promise<void> =>
      untilHolds(() => {
        source.tick();
        for (const { news } of [one, other]) expect(news).toHaveLength(count);
      });
    await hasNews(1);
    expect(one.news[0]?.data).toEqual({
      temporal: { reachable: true },
      ingest: { status: 'running', stage: 'streaming', isAnswering: true, troubles: [] },
      version: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(asked).toBe(1);
    later();
    await untilHolds(() => expect(asked).toBe(2));
    await hasNews(1);
    reading = { ...reading, ingest: { ...reading.ingest, stage: 'paused' } };
    // The clock was set back, so the next look is due ten seconds after the one before.
    later();
    later();
    await hasNews(2);
    expect(one.news[1]?.data).toMatchObject({ ingest: { stage: 'paused' } });
    gold.setGaps({ id: 'a', cause: 'retention', from: '2026-11-20T09:00:00Z', to: '2026-11-20T09:10:00Z' });
    later();
    later();
    await hasNews(3);
    const version = (at: number): unknown => (one.news[at]?.data as { version: string } | undefined)?.version;
    expect(version(1)).toBe(version(0));
    expect(version(2)).not.toBe(version(1));
  });

  test('is let go when the service stops', async () => {
    await serve();
    const { hasEnded } = await view('enwiki');
    source.tick();
    await app?.close();
    await untilHolds(() => expect(hasEnded()).toBe(true), { withinMs: 5_000 });
  });

  test('costs nothing once it has left', async () => {
    await serve();
    const { leave } = await view('enwiki');
    leave();
    await untilHolds(() => expect(source.watchers).toBe(0));
  });
});

describe('many viewers', () => {
  test('are turned away beyond the limit, and leave requests their connections', async () => {
    await serve({ connections: 3, viewers: 4 });
    for (let at = 0; at < 4; at += 1) await view('enwiki');
    const answer = await fetch(`${address}/api/v1/live?wiki=enwiki`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('Too many viewers') });
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
  });

  test('are as many as there are connections: requests that wait behind a viewer are none', async () => {
    await serve({ connections: 3, viewers: 2 });
    const greedy = connect(Number(new URL(address).port), '127.0.0.1');
    sockets.push(greedy);
    let text = '';
    greedy.setEncoding('utf8').on('data', chunk => (text += String(chunk)));
    greedy.write('GET /api/v1/live?wiki=enwiki HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(20));
    await untilHolds(() => {
      source.tick();
      expect(text).toContain('event: snapshot');
    });
    const { events } = await view('enwiki');
    await untilHolds(() => {
      source.tick();
      expect(events.map(({ kind }) => kind)).toContain('snapshot');
    });
    expect((await fetch(`${address}/api/v1/live?wiki=enwiki`)).status).toBe(503);
  });

  test('that do not read are skipped, and dropped in the end; the others get everything', async () => {
    await serve({ stuckMs: 500 });
    const reader = await view('enwiki');
    const stuck = connect(Number(new URL(address).port), '127.0.0.1');
    sockets.push(stuck);
    await once(stuck, 'connect');
    stuck.pause();
    stuck.write(`GET /api/v1/live?wiki=enwiki HTTP/1.1\r\nhost: x\r\n\r\n`);
    let closed = false;
    stuck.once('close', () => (closed = true));
    let value = 0;
    await untilHolds(
      async () => {
        // Little at a time, so that the one that reads keeps up.
        for (let turn = 0; turn < 5; turn += 1) {
          value += 1;
          for (let at = 0; at < 60; at += 1) source.set('enwiki', MINUTE - at * 60, value);
          source.tick();
        }
        // The server has let go of it: what is left is in the buffers of the two sockets.
        expect(app?.server.listening).toBe(true);
        const connections = await new Promise<number>(resolve =>
          app?.server.getConnections((_, count) => resolve(count)),
        );
        expect(connections).toBe(1);
      },
      { withinMs: 60_000, everyMs: 1 },
    );
    stuck.resume();
    await untilHolds(() => expect(closed).toBe(true));
    source.set('enwiki', MINUTE, -1);
    source.tick();
    await untilHolds(() => {
      const newest = reader.events.flatMap(event => (event.kind === 'status' ? [] : minutesOf(event))).at(-1);
      expect(newest).toMatchObject({ human: -1 });
    });
  });
});
