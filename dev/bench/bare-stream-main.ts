/**
 * The least that a Node process with Node's own HTTP server can do for viewers, for `live-fanout` to be compared with: one
 * answer without an end for each, and the same few bytes for all of them twice a second. Prints its port.
 */
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** As much as a viewer of all wikis gets, at the pace of the feed. */
const FRAME = Buffer.from(`event: minutes\nid: bare-1\ndata: ${'x'.repeat(280)}\n\n`);
const EVERY_MS = 500;

const viewers = new Set<ServerResponse>();
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write('retry: 3000\n\n');
  viewers.add(response);
  response.once('close', () => viewers.delete(response));
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
setInterval(() => {
  for (const response of viewers) response.write(FRAME);
}, EVERY_MS);
process.once('disconnect', () => process.exit(0));
