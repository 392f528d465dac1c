/** Real workers and APIs, watched from outside. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { startProcess } from '../support/processes.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

let world: World;
const running: Child[] = [];
beforeAll(async () => {
  world = await openWorld();
});
afterEach(() => Promise.all(running.splice(0).map(child => child.stop())));
afterAll(() => world.close());

async function start(
  command: 'worker' | 'api',
  name: string,
  env: Record<string, string> = {},
): Promise<{ url: string | undefined; log: string; child: Child }> {
  const child = await startProcess(world, command, { name, env: { PORT: '0', ...env } });
  running.push(child);
  const log = await readFile(child.logFile, 'utf8');
  return { url: /^metrics (http\S+)\/metrics/m.exec(log)?.[1], log, child };
}

async function get(url: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(url);
  return { status: answer.status, text: await answer.text() };
}

test('two workers and an API tell that they are ready, and have metrics of the Temporal SDK and of ours', async () => {
  const [first, second, api] = [
    await start('worker', 'watched-1'),
    await start('worker', 'watched-2'),
    await start('api', 'watched-api'),
  ];
  expect(new Set([first.url, second.url, api.url]).size).toBe(3);
  for (const { url } of [first, second, api]) {
    expect(await get(`${url}/livez`)).toEqual({ status: 200, text: '{"ok":true}' });
    await untilHolds(async () =>
      expect(await get(`${url}/readyz`)).toEqual({ status: 200, text: '{"ok":true}' }),
    );
  }
  for (const { url } of [first, second]) {
    await untilHolds(async () =>
      expect((await get(`${url}/metrics`)).text).toMatch(/^temporal_num_pollers/m),
    );
    const { text } = await get(`${url}/metrics`);
    expect(text).toMatch(/^wikigauge_build_info\{role="worker",version="\d/m);
    expect(text).toMatch(/^wikigauge_ingest_reading 0$/m);
  }
  const { text } = await get(`${api.url}/metrics`);
  expect(text).toMatch(/^wikigauge_build_info\{role="api"/m);
  expect(text).not.toContain('temporal_');
  // Nothing of it keeps a process from its end.
  expect(await first.child.stop()).toMatchObject({ code: 0 });
  expect(await api.child.stop()).toMatchObject({ code: 0 });
});

test('an API without gold lives, and is not ready', async () => {
  const { url } = await start('api', 'watched-no-gold', {
    GOLD: 'postgres',
    PG_DSN: 'host=127.0.0.1 port=1 dbname=none user=none password=secret',
  });
  expect((await get(`${url}/livez`)).status).toBe(200);
  const { status, text } = await get(`${url}/readyz`);
  expect([status, JSON.parse(text)]).toEqual([
    503,
    { ok: false, error: 'gold is unavailable (ECONNREFUSED)' },
  ]);
});

test.each(['worker', 'api'] as const)(
  'a %s whose METRICS_PORT is taken does not start, and says why',
  async role => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    try {
      const starting = start(role, `watched-taken-${role}`, { METRICS_PORT: String(port) });
      await expect(starting).rejects.toThrow(
        `METRICS_PORT ${port} on METRICS_HOST 127.0.0.1 is already in use`,
      );
    } finally {
      holder.close();
    }
  },
);

test.each(['worker', 'api'] as const)('a %s with METRICS_PORT=0 opens no port', async role => {
  const { url, log } = await start(role, `unwatched-${role}`, { METRICS_PORT: '0' });
  expect(url).toBeUndefined();
  expect(log).not.toContain('metrics');
});
