/** The feed of a worker that reads the stream, for APIs that are measured without one. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LivePart } from '../../src/contracts/live-frame.ts';
import type { MinuteRow } from '../../src/core/minute-counts.ts';
import { LiveFeed } from '../../src/live/feed.ts';
import { feedRoute } from '../../src/live/feed-route.ts';
import { LOOPBACK } from '../stack/ports.ts';
import type { Surroundings } from './surroundings.ts';

export interface MadeUpFeed {
  readonly url: string;
  /** Tells that gold has a part. */
  add(key: string, rows: readonly MinuteRow[]): void;
}

export async function openFeed({ onClose }: Surroundings): Promise<MadeUpFeed> {
  const feed = new LiveFeed();
  const parts: LivePart[] = [];
  feed.begin(() => ({
    attempt: 'costs',
    fence: 1,
    isListed: true,
    positions: { stream: Date.now() },
    parts: [...parts],
    isWhole: true,
  }));
  const server = createServer(feedRoute(feed));
  await once(server.listen(0, LOOPBACK), 'listening');
  onClose(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${port}`,
    add: (key, rows) => void parts.push({ key, kind: 'stored', isInGold: true, rows }),
  };
}
