/** A proxy in the environment is for the servers of others: a local Temporal is reached directly. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connectClient } from '../../src/temporal/client.ts';
import { channelArgsFor } from '../../src/temporal/proxies.ts';

let temporal: Server;
let proxy: Server;
beforeEach(async () => {
  [temporal, proxy] = [createServer(socket => socket.destroy()), createServer(socket => socket.destroy())];
  for (const server of [temporal, proxy]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of [temporal, proxy]) server.close();
});

function addressOf(server: Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each(['http_proxy', 'https_proxy', 'grpc_proxy'])(
  'a local Temporal is not asked for through %s',
  async name => {
    vi.stubEnv(name, `http://${addressOf(proxy)}`);
    const asked = Promise.race([
      once(temporal, 'connection').then(() => 'Temporal'),
      once(proxy, 'connection').then(() => 'the proxy'),
    ]);
    const connecting = connectClient({ TEMPORAL_ADDRESS: addressOf(temporal) }).catch(() => undefined);
    expect(await asked).toBe('Temporal');
    await connecting;
  },
);

test.each([
  ['127.0.0.1:7233', true],
  ['localhost:7233', true],
  ['[::1]:7233', true],
  ['LOCALHOST', true],
  ['temporal.example.org:7233', false],
  ['127.0.0.1.example.org:7233', false],
  ['10.0.0.7:7233', false],
])('%s is on this machine: %s', (address, isLocal) => {
  expect(channelArgsFor(address)).toEqual(isLocal ? { 'grpc.enable_http_proxy': 0 } : {});
});
