/**
 * From an edit to whoever watches, through a real worker, gold and API: parts are minutes long, and yet every count is
 * there within seconds, stays while workers die, and equals the oracle.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { freePort } from '../../dev/stack/ports.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { GOLD_ALONE } from '../support/form.ts';
import { LiveViewer, untilShown } from '../support/live-viewer.ts';
import { startProcess } from '../support/processes.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const MINUTE = 60_000;
/** No part is due by age or size while a test runs: what is shown comes from the feed, unless a flush is asked for. */
const LONG_PARTS = { FLUSH_MIN_LINES: '1000000', FLUSH_MAX_SEC: '3600' };

describe.each(GOLD_ALONE)('with gold in %s', gold => {
  let wikimedia: Wikimedia;
  let world: World;
  let worker: Child;
  let api: Child;
  let viewer: LiveViewer;
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
    viewer = new LiveViewer(`${address}/api/v1/live?wiki=all`);
  });
  afterAll(async () => {
    viewer.close();
    await api.stop();
    await worker.stop();
    await wikimedia.close();
    await world.close();
  });

  const untilExact = (): Promise<void> => untilShown([viewer], wikimedia.url, fromMs);

  test('everything that was sent is shown, although no part has been written', async () => {
    await untilExact();
    const keys = await world.gold.lastStreamHour();
    expect(keys).toBeUndefined();
    expect(viewer.kinds).toEqual(new Set(['snapshot', 'minutes']));
    expect(viewer.status).toMatchObject({ feed: 'live' });
    expect(viewer.states).toContain('n');
    expect(viewer.falls).toEqual([]);
  });

  test('an edit is shown while it is still new', async () => {
    const before = viewer.edits;
    await untilHolds(() => expect(viewer.edits).toBeGreaterThan(before), { withinMs: 30_000 });
  });

  test('a flush moves counts to gold, and nobody sees it', async () => {
    await ingest().signal('flush');
    await untilHolds(async () => expect(await world.gold.lastStreamHour()).toBeDefined());
    await untilExact();
    // Once gold has been read again, minutes of it are no longer pending.
    await untilHolds(() => expect(viewer.states).toContain('p'));
    expect(viewer.falls).toEqual([]);
  });

  test('counts stay while a worker dies, and grow again with the next one', async () => {
    await worker.kill();
    worker = await startWorker();
    await untilHolds(() => expect(viewer.status).toMatchObject({ feed: 'live' }));
    await untilExact();
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
