/** What every command has in common. */
import { once } from 'node:events';
import { connect, getDefaultAutoSelectFamilyAttemptTimeout, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Command } from 'commander';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProgram } from '../../src/commands/program.ts';

let before: string[];
beforeAll(() => {
  before = process.argv;
  process.argv = [process.execPath, 'wikigauge'];
});
afterAll(() => {
  process.argv = before;
});

test('an address that is slow to answer has seconds, and one that never answers does not hold up the next', async () => {
  await runProgram(new Command().action(() => undefined));
  expect(getDefaultAutoSelectFamilyAttemptTimeout()).toBeGreaterThanOrEqual(2_000);
  const server = createServer(socket => socket.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({
    port,
    host: 'two-addresses.test',
    // Nothing answers at the first one: it is reserved for documentation.
    lookup: (_name, _options, done) =>
      done(null, [
        { address: '2001:db8::1', family: 6 },
        { address: '127.0.0.1', family: 4 },
      ]),
  });
  await once(socket, 'connect');
  expect(socket.remoteAddress).toBe('127.0.0.1');
  socket.destroy();
  server.close();
});
