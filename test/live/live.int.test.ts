/**
 * From an edit to whoever watches, through a real worker, gold and API: parts are minutes long, and yet every count is
 * there within seconds, stays while workers die, and equals the oracle.
 */
import { EventSource } from 'eventsource';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { freePort } from '../../dev/stack/ports.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { oracleRows } from '../support/exactness.ts';
import { startProcess } from '../support/processes.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const MINUTE = 60_000;
/** No part is due by age or size while a test runs: what is shown comes from the feed, unless a flush is asked for. */
const LONG_PARTS = { FLUSH_MIN_LINES: '1000000', FLUSH_MAX_SEC: '3600' };

interface LiveMinute {
  readonly ts: string;
  readonly human: number | null;
  readonly bot: number | null;
  readonly bytes: number | null;
  readonly state: string;
}

/** A browser's view: the last value of each minute. */
class Viewer {
  readonly minutes = new Map<string, LiveMinute>();
  /** Values that were lower than one shown before. */
  readonly falls: string[] = [];
  readonly kinds = new Set<string>();
  status: Record<string, unknown> = {};
  readonly #source: EventSource;

  constructor(url: string) {
    this.#source = new EventSource(url);
    for (const kind of ['snapshot', 'minutes'])
      this.#source.addEventListener(kind, ({ data }) => {
        this.kinds.add(kind);
        const { minutes } = JSON.parse(String(data)) as { minutes: LiveMinute[] };
        for (const minute of minutes) this.#take(minute);
      });
    this.#source.addEventListener('status', ({ data }) => {
      this.status = JSON.parse(String(data)) as Record<string, unknown>;
    });
  }

  close(): void {
    this.#source.close();
  }

  #take(minute: LiveMinute): void {
    const before = this.minutes.get(minute.ts);
    const sum = ({ human, bot }: LiveMinute): number => (human ?? 0) + (bot ?? 0);
    if (before !== undefined && sum(minute) < sum(before))
      this.falls.push(`${minute.ts}: ${sum(before)} ${before.state}, then ${sum(minute)} ${minute.state}`);
    this.minutes.set(minute.ts, minute);
  }
}

describe.each(['postgres', 's3'] as const)('with gold in %s', gold => {
  let wikimedia: Wikimedia;
  let world: World;
  let worker: Child;
  let api: Child;
  let viewer: Viewer;
  let fromMs: number;
  let address: string;

  const startWorker = (): Promise<Child> =>
    startProcess(world, 'worker', { env: { ...LONG_PARTS, EVENTSTREAMS_URL: wikimedia.streamUrl } });
  const ingest = () => world.client.workflow.getHandle(INGEST_ID);
  beforeAll(async () => {
    wikimedia = await startWikimedia({ port: 0, rate: 20 });
    world = await openWorld({ gold });
    worker = await startWorker();
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    api = await startProcess(world, 'api', { env: { PORT: String(port) } });
    fromMs = Math.floor(Date.now() / MINUTE) * MINUTE - 10 * MINUTE;
    await startIngest(world.client, INGEST_ID, { since: new Date(fromMs).toISOString() });
    viewer = new Viewer(`${address}/api/v1/live?wiki=all`);
  });
  afterAll(async () => {
    viewer.close();
    await api.stop();
    await worker.stop();
    await wikimedia.close();
    await world.close();
  });

  /** Human and bot edits of the minutes that were over two minutes ago, by the oracle. */
  async function expected(): Promise<Map<string, [number, number]>> {
    const toMs = Math.floor(Date.now() / MINUTE) * MINUTE - MINUTE;
    const rows = await oracleRows(
      wikimedia.url,
      new Date(fromMs).toISOString(),
      new Date(toMs).toISOString(),
    );
    const sums = new Map<string, [number, number]>();
    for (const row of rows) {
      const [ts = '', , isBot, edits] = row.split(' ');
      const [human, bot] = sums.get(ts) ?? [0, 0];
      sums.set(ts, isBot === 'true' ? [human, bot + Number(edits)] : [human + Number(edits), bot]);
    }
    return sums;
  }

  async function untilShown(withinMs = 120_000): Promise<void> {
    await untilHolds(
      async () => {
        const all = await expected();
        expect(all.size).toBeGreaterThan(5);
        const shown = [...all.keys()].map(ts => [
          ts,
          viewer.minutes.get(ts)?.human,
          viewer.minutes.get(ts)?.bot,
        ]);
        expect(shown).toEqual([...all].map(([ts, [human, bot]]) => [ts, human, bot]));
      },
      { withinMs, everyMs: 500 },
    );
  }

  test('everything that was sent is shown, although no part has been written', async () => {
    await untilShown();
    const keys = await world.gold.lastStreamHour();
    expect(keys).toBeUndefined();
    expect(viewer.kinds).toEqual(new Set(['snapshot', 'minutes']));
    expect(viewer.status).toMatchObject({ feed: 'live' });
    const states = new Set([...viewer.minutes.values()].map(({ state }) => state));
    expect(states).toContain('n');
    expect(viewer.falls).toEqual([]);
  });

  test('an edit is shown while it is still new', async () => {
    const newest = (): number => [...viewer.minutes.values()].reduce((sum, one) => sum + (one.human ?? 0), 0);
    const before = newest();
    await untilHolds(() => expect(newest()).toBeGreaterThan(before), { withinMs: 30_000 });
  });

  test('a flush moves counts to gold, and nobody sees it', async () => {
    await ingest().signal('flush');
    await untilHolds(async () => expect(await world.gold.lastStreamHour()).toBeDefined());
    await untilShown();
    // Once gold has been read again, minutes of it are no longer pending.
    await untilHolds(() => {
      const states = [...viewer.minutes.values()].map(({ state }) => state);
      expect(states).toContain('p');
    });
    expect(viewer.falls).toEqual([]);
  });

  test('counts stay while a worker dies, and grow again with the next one', async () => {
    await worker.kill();
    worker = await startWorker();
    await untilHolds(() => expect(viewer.status).toMatchObject({ feed: 'live' }));
    await untilShown();
    expect(viewer.falls).toEqual([]);
  });

  test('a second viewer that resumes gets what has changed, and one of a wiki its own counts', async () => {
    const first = await fetch(`${address}/api/v1/live?wiki=all`, { signal: AbortSignal.timeout(60_000) });
    expect(first.headers.get('content-type')).toBe('text/event-stream');
    expect(first.headers.get('x-accel-buffering')).toBe('no');
    const text = await until(first, /event: status[^]*\n\n/);
    const id = /^id: (\S+)$/m.exec(text)?.[1] ?? '';
    expect(text).toContain('event: snapshot');
    const again = await fetch(`${address}/api/v1/live?wiki=all`, {
      headers: { 'last-event-id': id },
      signal: AbortSignal.timeout(60_000),
    });
    const later = await until(again, /event: (?:minutes|status)[^]*\n\n/);
    expect(later).not.toContain('event: snapshot');
    const ofWiki = await fetch(`${address}/api/v1/live?wiki=enwiki,dewiki`, {
      signal: AbortSignal.timeout(60_000),
    });
    const both = await until(ofWiki, /"wiki":"dewiki"[^]*\n\n/);
    expect(both).toContain('"wiki":"enwiki"');
    for (const response of [first, again, ofWiki]) await response.body?.cancel();
  });

  test.each([
    ['wiki=nosuchwiki', 404],
    ['wiki=all,enwiki', 400],
    ['', 400],
    ['wiki=enwiki&minutes=3', 400],
  ])('?%s is refused with %i', async (query, status) => {
    const answer = await fetch(`${address}/api/v1/live?${query}`);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('problem+json');
  });
});

/** What a response says until it matches; the body stays open. */
async function until(response: Response, pattern: RegExp): Promise<string> {
  const reader = response.body?.getReader();
  let text = '';
  while (!pattern.test(text)) {
    const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
    if (done) throw new Error(`ended after: ${text}`);
    text += Buffer.from(value ?? []).toString();
  }
  reader?.releaseLock();
  return text;
}
