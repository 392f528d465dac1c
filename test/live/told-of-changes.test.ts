/** An API that follows the feed of a worker, over a real connection, with gold in S3. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LiveFrame, LivePart } from '../../src/contracts/live-frame.ts';
import { streamPartKey } from '../../src/contracts/storage/object-keys.ts';
import { hourOf, minuteOf } from '../../src/core/time.ts';
import { openS3Gold } from '../../src/gold/parquet/parquet-gold.ts';
import { LiveFeed } from '../../src/live/feed.ts';
import { feedRoute } from '../../src/live/feed-route.ts';
import { liveSource } from '../../src/live/source.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { untilHolds } from '../support/until.ts';

const MINUTE = minuteOf(Date.now() / 1000);
const HOUR = hourOf(MINUTE);
const KEY = streamPartKey(HOUR, 2, 'a');
const ROWS = [{ minute: MINUTE, wiki: 'enwiki', isBot: false, edits: 3, bytesChange: 30 }];
const OPEN: LivePart = { key: KEY, kind: 'open', rows: ROWS };

let server: Server;
let parts: readonly LivePart[] = [OPEN];
const feed = new LiveFeed();

beforeEach(async () => {
  parts = [OPEN];
  feed.begin((): LiveFrame => ({
    attempt: 'a',
    fence: 1,
    isListed: true,
    positions: { topic: MINUTE * 1000 },
    parts,
    isWhole: true,
  }));
  server = createServer(feedRoute(feed)).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test('gold in S3 is listed again when the feed tells of a part, and not while nothing changes', async () => {
  const store = new MemoryObjectStore();
  const gold = openS3Gold(store);
  const { port } = server.address() as AddressInfo;
  const source = liveSource({
    gold,
    findFeed: async () => `http://127.0.0.1:${port}`,
    logger: { info: () => undefined, warn: () => undefined },
  });
  const end = source.watch(() => undefined);
  try {
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
  } finally {
    end();
  }
});
