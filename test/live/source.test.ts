/**
 * When an API passes on what the feed says and when it looks at gold again, and what it and its log say while no feed
 * reaches it.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { LivePart } from '../../src/contracts/live-frame.ts';
import type { LiveSource } from '../../src/contracts/live-source.ts';
import { streamPartKey } from '../../src/contracts/storage/object-keys.ts';
import { hourOf, minuteOf } from '../../src/core/time.ts';
import { openS3Gold } from '../../src/gold/parquet/parquet-gold.ts';
import { feedRoute } from '../../src/live/feed-route.ts';
import { LiveFeed } from '../../src/live/feed.ts';
import { liveSource } from '../../src/live/source.ts';
import type { LiveSourceDeps } from '../../src/live/source.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { untilHolds } from '../support/until.ts';

const FRAME = { attempt: 'a', fence: 1, isListed: true, positions: {}, parts: [], isWhole: true };
const MINUTE = minuteOf(Date.now() / 1000);
const HOUR = hourOf(MINUTE);
const KEY = streamPartKey(HOUR, 2, 'a');
const ROWS = [{ minute: MINUTE, wiki: 'enwiki', isBot: false, edits: 3, bytesChange: 30 }];
/** Longer than a busy machine holds up a frame. */
const SILENCE_MS = 4_000;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function serve(feed: LiveFeed, port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer(feedRoute(feed));
  await once(server.listen(port, '127.0.0.1'), 'listening');
  closing.push(() => close(server));
  return { server, port: (server.address() as AddressInfo).port };
}

function close(server: Server): void {
  server.closeAllConnections();
  server.close();
}

function watched(
  address: () => string | undefined,
  options: Partial<Pick<LiveSourceDeps, 'mostGapMs' | 'gold'>> = {},
): { source: LiveSource; log: string[]; newest: (number | undefined)[] } {
  const log: string[] = [];
  /** What was known at each tick. */
  const newest: (number | undefined)[] = [];
  const source = liveSource({
    gold: {
      kind: 'postgres',
      contents: async () => ({ rows: [], keys: [] }),
      versions: async hours => hours.map(() => '1'),
    },
    findFeed: async () => address(),
    logger: { info: line => void log.push(`info ${line}`), warn: line => void log.push(`warn ${line}`) },
    silenceMs: SILENCE_MS,
    ...options,
  });
  closing.push(source.watch(() => void newest.push(source.feed.newestMs)));
  return { source, log, newest };
}

test('a frame is passed on when it comes', async () => {
  const feed = new LiveFeed();
  let newestMs = 1;
  feed.begin(() => ({ ...FRAME, positions: { topic: newestMs } }));
  const { port } = await serve(feed);
  const { newest } = watched(() => `http://127.0.0.1:${port}`, { mostGapMs: 600_000 });
  for (newestMs = 2; newestMs < 4; newestMs += 1) await untilHolds(() => expect(newest).toContain(newestMs));
});

test('the first tick knows the feed already, and does not wait for one that is not there', async () => {
  const feed = new LiveFeed();
  feed.begin(() => ({ ...FRAME, positions: { topic: 7 } }));
  const { port } = await serve(feed);
  const { newest } = watched(() => `http://127.0.0.1:${port}`);
  await untilHolds(() => expect(newest.length).toBeGreaterThan(0));
  expect(newest[0]).toBe(7);
  const other = watched(() => undefined);
  await untilHolds(() => expect(other.newest.length).toBeGreaterThan(0));
});

test('while gold is away the log says so once, however often it is asked', async () => {
  let asked = 0;
  const away = async (): Promise<never> => {
    asked += 1;
    throw new Error('connection refused');
  };
  // Not asked for contents that it has read: only a look shows that it is away.
  let isAway = false;
  const gold: LiveSourceDeps['gold'] = {
    kind: 'postgres',
    contents: async () => (isAway ? away() : { rows: [], keys: [] }),
    versions: async hours => (isAway ? away() : hours.map(() => '1')),
  };
  const { log, newest } = watched(() => undefined, { gold, mostGapMs: 500 });
  await untilHolds(() => expect(newest.length).toBeGreaterThan(0));
  isAway = true;
  await untilHolds(() => expect(asked).toBeGreaterThan(1));
  expect(log.filter(line => line.includes('cannot read gold'))).toHaveLength(1);
});

test('a feed whose worker dies is lost, which the log says once, with its address, and back again', async () => {
  const feed = new LiveFeed();
  feed.begin(() => FRAME);
  const { server, port } = await serve(feed);
  const url = `http://127.0.0.1:${port}`;
  const { source, log } = watched(() => url);
  await untilHolds(() => expect(source.feed.kind).toBe('live'));
  expect(log).toEqual([]);
  close(server);
  await untilHolds(() => expect(log).toHaveLength(1));
  expect(source.feed.kind).toBe('lost');
  expect(log[0]).toMatch(
    new RegExp(`^warn the live feed is lost, .*: ${url}/live cannot be reached .*LIVE_ADVERTISE`),
  );
  await serve(feed, port);
  await untilHolds(() => expect(source.feed.kind).toBe('live'));
  await untilHolds(() => expect(log.slice(1)).toEqual(['info the live feed is back']));
});

test('a worker that is frozen, or does not read the stream, is named', async () => {
  const { port } = await serve(new LiveFeed());
  const { source, log } = watched(() => `http://127.0.0.1:${port}`);
  await untilHolds(() =>
    expect(log.join()).toContain(`http://127.0.0.1:${port}/live is open and sends nothing`),
  );
  expect(source.feed.kind).toBe('lost');
});

test('while nobody says where the feed is, the log says what sets it', async () => {
  const { log } = watched(() => undefined);
  await untilHolds(() => expect(log.join()).toMatch(/address is unknown.*LIVE_URL/));
});

test('gold in S3 is listed again when the feed tells of a part, and not while nothing changes', async () => {
  const store = new MemoryObjectStore();
  const gold = openS3Gold(store);
  const feed = new LiveFeed();
  let parts: readonly LivePart[] = [{ key: KEY, kind: 'open', rows: ROWS }];
  feed.begin(() => ({ ...FRAME, positions: { topic: MINUTE * 1000 }, parts }));
  const { port } = await serve(feed);
  const { source } = watched(() => `http://127.0.0.1:${port}`, { gold });
  await untilHolds(() => expect(source.counts('enwiki', MINUTE)).toMatchObject({ human: 3 }));
  expect(await gold.versions([HOUR])).toEqual(['']);
  await sleep(2_500);
  await gold.versions([HOUR]);
  const before = store.calls.list;
  // Longer than a listing serves by itself.
  for (let look = 0; look < 30; look += 1) {
    await sleep(100);
    await gold.versions([HOUR]);
  }
  expect(store.calls.list).toBe(before);

  const rowsSource = { url: 'http://test', simulated: true };
  await openS3Gold(store).apply({
    hour: HOUR,
    rows: ROWS,
    key: KEY,
    source: rowsSource,
  });
  parts = [{ key: KEY, kind: 'stored', isInGold: true, rows: ROWS }];
  await untilHolds(async () => expect(await gold.versions([HOUR])).not.toEqual(['']), { withinMs: 30_000 });
  expect(source.counts('enwiki', MINUTE)).toMatchObject({ human: 3 });
});
