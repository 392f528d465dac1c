/** The live feed over HTTP: server-sent events, on the port on which a worker is watched. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LiveFeed } from './feed.ts';

export const FEED_PATH = '/live';

/** Of an API that does not read: it connects again, and gets everything anew. */
const MOST_UNSENT_BYTES = 16 << 20;

export function feedRoute(feed: LiveFeed) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    if (request.method === 'HEAD') return void response.end();
    response.flushHeaders();
    const end = feed.subscribe(frame => {
      response.write(`data: ${JSON.stringify(frame)}\n\n`);
      if (response.writableLength > MOST_UNSENT_BYTES) response.destroy();
    });
    response.once('close', end);
  };
}
