/** How an API finds the feed, and what it takes from it. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { LiveFrame } from '../../src/contracts/live-frame.ts';
import { feedFinder } from '../../src/commands/feed-finder.ts';
import { advertised } from '../../src/live/advertised.ts';
import { feedRoute } from '../../src/live/feed-route.ts';
import { LiveFeed } from '../../src/live/feed.ts';
import { followFeed, readFrame } from '../../src/live/follow.ts';
import type { PipelineReading } from '../../src/temporal/pipeline-reader.ts';
import { untilHolds } from '../support/until.ts';

const FRAME: LiveFrame = {
  attempt: 'a',
  fence: 1,
  isListed: true,
  positions: { topic: 5 },
  parts: [
    {
      key: 'one',
      kind: 'open',
      rows: [{ minute: 60, wiki: 'enwiki', isBot: false, edits: 1, bytesChange: 2 }],
    },
  ],
  isWhole: true,
};

test('follows the feed from one worker to the next', async () => {
  const feeds = [new LiveFeed(), new LiveFeed()];
  const servers = feeds.map(feed => createServer(feedRoute(feed)));
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
  const addresses = servers.map(server => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  feeds[0]?.begin(() => FRAME);
  feeds[1]?.begin(() => ({ ...FRAME, attempt: 'b', fence: 2 }));
  const heard: string[] = [];
  const ended = new AbortController();
  let reading = 0;
  const following = followFeed({
    find: async () => addresses[reading],
    onFrame: ({ attempt }) => void heard.push(attempt),
    onTrouble: () => undefined,
    signal: ended.signal,
  });
  await untilHolds(() => expect(heard).toContain('a'));
  reading = 1;
  servers[0]?.closeAllConnections();
  servers[0]?.close();
  await untilHolds(() => expect(heard).toContain('b'));
  ended.abort();
  await following;
  servers[1]?.closeAllConnections();
  servers[1]?.close();
});

describe('a frame', () => {
  test('is read as it was written', () => {
    expect(readFrame(JSON.stringify(FRAME))).toEqual(FRAME);
  });

  test.each([
    ['not JSON', '{'],
    ['no object', '[]'],
    ['without parts', JSON.stringify({ ...FRAME, parts: undefined })],
    ['with a part of another kind', JSON.stringify({ ...FRAME, parts: [{ key: 'one', kind: 'lost' }] })],
    [
      'with counts that are texts',
      JSON.stringify({ ...FRAME, parts: [{ key: 'one', kind: 'open', rows: [{ edits: '1' }] }] }),
    ],
    ['without an attempt', JSON.stringify({ ...FRAME, attempt: 1 })],
  ])('that is %s is ignored', (_, text) => {
    expect(readFrame(text)).toBeUndefined();
  });
});

describe('the address of the feed', () => {
  const reading = (live: unknown) => async () =>
    ({ kind: 'known', namespace: 'x', ingest: { heartbeat: { live } } }) as unknown as PipelineReading;

  test.each([
    ['http://worker:9464', 'http://worker:9464'],
    ['file:///etc/passwd', undefined],
    ['http://', undefined],
    [7, undefined],
    [undefined, undefined],
  ])('is what the heartbeat says, if that is one: %s', async (live, found) => {
    expect(await feedFinder(undefined, reading(live))()).toBe(found);
  });

  test('is the setting before all else, and unknown while Temporal is away', async () => {
    expect(await feedFinder('http://set:1', reading('http://worker:9464'))()).toBe('http://set:1');
    const away = async (): Promise<PipelineReading> => ({ kind: 'away', what: 'x', sinceMs: 0 });
    expect(await feedFinder(undefined, away)()).toBeUndefined();
  });

  test.each([
    ['127.0.0.1', 'http://127.0.0.1:9464'],
    ['10.0.0.5', 'http://10.0.0.5:9464'],
    ['worker.internal', 'http://worker.internal:9464'],
    ['::1', 'http://[::1]:9464'],
  ])('is the address that the port was opened on: %s', (host, address) => {
    expect(advertised(host, 9464)).toBe(address);
  });

  test.each(['0.0.0.0', '::'])('has the name of the machine where the port is open on %s', host => {
    expect(advertised(host, 9464)).toBe(`http://${hostname()}:9464`);
  });
});
