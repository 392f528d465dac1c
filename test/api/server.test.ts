/** The listening process: addresses, errors about ports, and a close that no browser can delay. */
import { EventEmitter, once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import { listen, serveUntilStopped } from '../../src/api/server.ts';
import { MemoryGold } from './memory-gold.ts';

const ANYWHERE = { HOST: '127.0.0.1', PORT: 0 };

function build(gold = new MemoryGold()): Promise<FastifyInstance> {
  return buildApp({ gold, dashboardDir: 'not-built', version: '1' });
}

describe('listen', () => {
  test('responds at the address it prints, also when it listens on all interfaces', async () => {
    for (const HOST of ['127.0.0.1', '0.0.0.0', 'localhost']) {
      const server = await listen(await build(), { HOST, PORT: 0 });
      expect(server.url).toMatch(/^http:\/\/(127\.0\.0\.1|\[::1\]):\d+$/);
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
      await server.close();
    }
  });

  test('answers whatever name a request has: a reverse proxy on this machine passes on the public one', async () => {
    const server = await listen(await build(), ANYWHERE);
    const headers = { host: 'wikigauge.example.org' };
    const [answer] = (await once(request(`${server.url}/healthz`, { headers }).end(), 'response')) as [
      IncomingMessage,
    ];
    answer.resume();
    expect(answer.statusCode).toBe(200);
    await server.close();
  });

  test('names PORT when it is in use', async () => {
    const first = await listen(await build(), ANYWHERE);
    const port = Number(new URL(first.url).port);
    await expect(build().then(app => listen(app, { HOST: '127.0.0.1', PORT: port }))).rejects.toMatchObject({
      code: 'bad_configuration',
      subject: `127.0.0.1:${port}`,
      hint: expect.stringContaining('PORT=5050'),
    });
    await first.close();
  });

  test('names HOST when this machine does not have it', async () => {
    await expect(build().then(app => listen(app, { HOST: '192.0.2.1', PORT: 0 }))).rejects.toMatchObject({
      code: 'bad_configuration',
      hint: expect.stringContaining('HOST'),
    });
  });
});

describe('close', () => {
  test('does not wait for idle keep-alive connections', async () => {
    const server = await listen(await build(), ANYWHERE);
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(socket, 'data');
    const closed = once(socket, 'close');
    await server.close();
    expect(await closed).toEqual([false]);
  });

  test('lets a response in progress finish', async () => {
    const gold = new MemoryGold();
    const held = gold.hold();
    const server = await listen(await build(gold), ANYWHERE);
    const answer = fetch(`${server.url}/wikis`);
    await held.reached;
    const closing = server.close();
    held.release();
    expect((await answer).status).toBe(200);
    await closing;
  });

  test('closes connections whose response does not finish', async () => {
    const gold = new MemoryGold();
    const held = gold.hold();
    const server = await listen(await build(gold), ANYWHERE);
    const broken = once(request(`${server.url}/wikis`).end(), 'error');
    await held.reached;
    await server.close();
    expect(await broken).toMatchObject([{ code: 'ECONNRESET' }]);
  });
});

describe('serveUntilStopped', () => {
  test.each(['SIGTERM', 'SIGINT'])('prints the address and closes on %s', async signal => {
    const signals = new EventEmitter();
    const lines: string[] = [];
    const server = await listen(await build(), ANYWHERE);
    const serving = serveUntilStopped(server, { print: line => lines.push(line), signals });
    expect(lines).toEqual([`dashboard ${server.url}`]);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    signals.emit(signal);
    await serving;
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow('fetch failed');
    expect(signals.eventNames()).toEqual([]);
  });
});
