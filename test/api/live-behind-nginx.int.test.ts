/** ⑦ `GET /api/v1/live` behind Debian's nginx as it is installed, with nothing but a `proxy_pass`. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/api/app.ts';
import { MadeUpSource } from '../support/made-up-source.ts';
import { hasNginx, startNginx } from '../support/nginx.ts';
import type { Nginx } from '../support/nginx.ts';
import { untilHolds } from '../support/until.ts';
import { MemoryGold } from './memory-gold.ts';

const NOW_MS = Date.parse('2026-11-20T10:05:42Z');
const MINUTE = Date.parse('2026-11-20T10:05:00Z') / 1000;
const TICK_MS = 1_000;
/** The status comes every 15 s, and nginx closes what is silent for 60 s. */
const STATUSES_OF_A_MINUTE = 5;

if (!hasNginx)
  console.log(
    'The live feed is not tested behind nginx, which is not installed: apt-get install nginx-light',
  );

describe.skipIf(!hasNginx)('behind nginx', () => {
  const source = new MadeUpSource(NOW_MS);
  const ticking = setInterval(() => source.tick(), TICK_MS);
  const viewers: Socket[] = [];
  let app: FastifyInstance;
  let nginx: Nginx;
  beforeAll(async () => {
    const options = { dashboardDir: 'not-built', version: '1', now: () => NOW_MS, live: source };
    app = await buildApp({ gold: new MemoryGold(), ...options });
    nginx = await startNginx(await app.listen({ host: '127.0.0.1', port: 0 }));
  });
  afterAll(async () => {
    clearInterval(ticking);
    for (const viewer of viewers) viewer.destroy();
    await nginx.stop();
    await app.close();
  });

  /** What comes on a connection, byte for byte, as long as it is open. */
  function view(headers: readonly string[] = []): { text: () => string; isOpen: () => boolean } {
    const { hostname, port } = new URL(nginx.address);
    const socket = connect(Number(port), hostname);
    viewers.push(socket);
    let text = '';
    let isOpen = true;
    socket.setEncoding('utf8').on('data', chunk => (text += String(chunk)));
    socket.on('close', () => (isOpen = false)).on('error', () => undefined);
    const lines = ['GET /api/v1/live?wiki=enwiki HTTP/1.1', 'Host: wikigauge', 'Accept-Encoding: gzip'];
    socket.write(`${[...lines, ...headers].join('\r\n')}\r\n\r\n`);
    return { text: () => text, isOpen: () => isOpen };
  }

  test('an event arrives while the connection stays open, neither collected nor compressed', async () => {
    const { text, isOpen } = view();
    await untilHolds(() => expect(text()).toContain('event: snapshot'));
    const head = text().split('\r\n\r\n', 1)[0]?.toLowerCase() ?? '';
    expect(head).toContain('200 ok');
    expect(head).toContain('content-type: text/event-stream');
    expect(head).toContain('cache-control: no-store, no-transform');
    expect(head).not.toContain('content-encoding');
    source.set('enwiki', MINUTE, 41);
    await untilHolds(() => expect(text()).toMatch(/event: minutes[^]*"human":41/));
    source.set('enwiki', MINUTE, 42);
    await untilHolds(() => expect(text()).toMatch(/event: minutes[^]*"human":42/));
    expect(isOpen()).toBe(true);
  });

  test('a viewer that returns gets what has changed since the event that it names', async () => {
    const first = view();
    await untilHolds(() => expect(first.text()).toContain('event: status'));
    const id = /^id: (\S+)$/m.exec(first.text())?.[1] ?? '';
    source.set('enwiki', MINUTE, 43);
    const { text } = view([`Last-Event-ID: ${id}`]);
    await untilHolds(() => expect(text()).toMatch(/event: minutes[^]*"human":43/));
    expect(text()).not.toContain('event: snapshot');
  });

  test('stays open while nothing happens for longer than nginx waits', async () => {
    const { text, isOpen } = view();
    await untilHolds(() => expect(text()).toContain('event: status'));
    const before = text().length;
    await untilHolds(
      () => {
        expect(isOpen()).toBe(true);
        const statuses = text()
          .slice(before)
          .match(/^event: status$/gm);
        expect(statuses?.length ?? 0).toBeGreaterThanOrEqual(STATUSES_OF_A_MINUTE);
      },
      { withinMs: 240_000 },
    );
    expect(text().slice(before)).not.toContain('event: minutes');
    source.set('enwiki', MINUTE, 44);
    await untilHolds(() => expect(text()).toContain('"human":44'));
    expect(isOpen()).toBe(true);
  });
});
