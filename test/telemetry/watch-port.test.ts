/** The port on which a process is watched: which port it takes, what it answers, and what it says when it cannot. */
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { openHttpPort, send } from '../../src/telemetry/http-port.ts';
import type { HttpPort } from '../../src/telemetry/http-port.ts';
import { Metrics } from '../../src/telemetry/metrics.ts';
import type { Place } from '../../src/telemetry/places.ts';
import { openWatchPort, watchLine } from '../../src/telemetry/watch-port.ts';
import type { WatchSettings } from '../../src/telemetry/watch-port.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A port that another server has. */
async function heldPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => new Promise(resolve => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

async function open(settings: Partial<Parameters<typeof openHttpPort>[0]>): Promise<HttpPort> {
  const port = await openHttpPort({
    host: { name: 'METRICS_HOST', value: '127.0.0.1', example: '127.0.0.1' },
    port: { name: 'METRICS_PORT', value: undefined, example: 9500 },
    defaults: [],
    routes: {},
    onError: () => {},
    ...settings,
  });
  closing.push(() => port.close());
  return port;
}

async function watch(settings: Partial<WatchSettings> = {}): Promise<HttpPort> {
  const port = await openWatchPort({
    role: 'worker',
    host: '127.0.0.1',
    port: undefined,
    metrics: new Metrics(),
    problem: async () => undefined,
    onError: () => {},
    ...settings,
  });
  if (port === undefined) throw new Error('no port was opened');
  closing.push(() => port.close());
  return port;
}

/** On a connection of its own: the next test's server may have the same port. */
function get(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...init, headers: { connection: 'close' } });
}

describe('which port', () => {
  test('a default that is taken moves on, and says so', async () => {
    const taken = await heldPort();
    const port = await open({ defaults: [taken] });
    expect(port.taken).toBe(taken);
    expect(port.url).not.toContain(String(taken));
    expect((await get(`${port.url}/x`)).status).toBe(404);
    expect(watchLine(port)).toBe(`metrics ${port.url}/metrics (port ${taken} is taken)`);
  });

  test('two workers and an API on one machine get ports of their own', async () => {
    const ports = [await watch(), await watch(), await watch({ role: 'api' })];
    expect(new Set(ports.map(({ url }) => url)).size).toBe(3);
  });

  test('one that is set and taken is an error that names it and what to do', async () => {
    const value = await heldPort();
    await expect(watch({ port: value })).rejects.toMatchObject({
      code: 'bad_configuration',
      message: `METRICS_PORT ${value} on METRICS_HOST 127.0.0.1 is already in use`,
      hint: expect.stringContaining('METRICS_PORT=9500'),
    });
  });

  test('an address of another machine is an error that names METRICS_HOST', async () => {
    await expect(watch({ host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'bad_configuration',
      hint: expect.stringContaining('METRICS_HOST'),
    });
  });

  test('0 opens none', async () => {
    const settings = { role: 'api', host: '127.0.0.1', port: 0, metrics: new Metrics() } as const;
    expect(
      await openWatchPort({ ...settings, problem: async () => undefined, onError: () => {} }),
    ).toBeUndefined();
  });
});

describe('routes on an address of their own', () => {
  const elsewhere = (host: string): Place => ({
    host: { name: 'LIVE_HOST', value: host, example: '0.0.0.0' },
    routes: { '/live': (_, response) => send(response, 200, 'text/plain', 'live') },
  });
  const answers = async (port: number, host: string): Promise<(number | string)[]> => {
    const ask = async (path: string): Promise<number | string> =>
      get(`http://${host}:${port}${path}`).then(
        ({ status }) => status,
        () => 'closed',
      );
    return [await ask('/livez'), await ask('/live')];
  };
  const NEITHER = ['closed', 'closed'];

  test.each([
    ['127.0.0.1', '127.0.0.1', { one: [200, 200], two: NEITHER, three: NEITHER }],
    ['127.0.0.1', '127.0.0.2', { one: [200, 404], two: [404, 200], three: NEITHER }],
    ['127.0.0.1', '0.0.0.0', { one: [200, 200], two: [404, 200], three: [404, 200] }],
    ['0.0.0.0', '127.0.0.2', { one: [200, 404], two: [200, 200], three: [200, 404] }],
    ['0.0.0.0', '0.0.0.0', { one: [200, 200], two: [200, 200], three: [200, 200] }],
    ['localhost', '127.0.0.1', { one: [200, 200], two: NEITHER, three: NEITHER }],
  ])('probes on %s and the others on %s, on the same port', async (host, other, expected) => {
    const { port, url } = await watch({ host, elsewhere: elsewhere(other) });
    expect({
      one: await answers(port, '127.0.0.1'),
      two: await answers(port, '127.0.0.2'),
      three: await answers(port, '127.0.0.3'),
    }).toEqual(expected);
    expect((await get(`${url}/livez`)).status).toBe(200);
  });

  test('are on a port that is free on both', async () => {
    const taken = await heldPort();
    const port = await open({
      host: { name: 'METRICS_HOST', value: '127.0.0.2', example: '127.0.0.1' },
      defaults: [taken],
      elsewhere: elsewhere('127.0.0.1'),
    });
    expect(port.taken).toBe(taken);
    expect(await answers(port.port, '127.0.0.1')).toEqual([404, 200]);
    expect(await answers(taken, '127.0.0.2')).toEqual(NEITHER);
  });

  test.each([
    ['LIVE_HOST', '127.0.0.1', '192.0.2.1'],
    ['METRICS_HOST', '192.0.2.1', '127.0.0.1'],
    ['LIVE_HOST', '127.0.0.1', 'nosuchhost.invalid'],
  ])('an address that cannot be used names its setting: %s', async (name, host, other) => {
    await expect(watch({ host, elsewhere: elsewhere(other) })).rejects.toMatchObject({
      code: 'bad_configuration',
      message: expect.stringContaining(`on ${name} `),
    });
  });
});

describe('what it answers', () => {
  test('lives while it is not ready, and says why it is not', async () => {
    let problem: string | undefined = 'gold is unavailable';
    const { url } = await watch({ problem: async () => problem });
    const [alive, waiting] = await Promise.all([get(`${url}/livez`), get(`${url}/readyz`)]);
    expect([alive.status, await alive.json()]).toEqual([200, { ok: true }]);
    expect([waiting.status, await waiting.json()]).toEqual([503, { ok: false, error: problem }]);
    problem = undefined;
    const ready = await get(`${url}/readyz?verbose`);
    expect([ready.status, await ready.json()]).toEqual([200, { ok: true }]);
  });

  test('lives while the question whether it is ready gets no answer', async () => {
    const { url } = await watch({ problem: () => new Promise(() => {}) });
    const asked = get(`${url}/readyz`).catch(() => 'closed');
    expect((await get(`${url}/livez`)).status).toBe(200);
    await closing.pop()?.();
    expect(await asked).toBe('closed');
  });

  test('passes on metrics that others wrote, and does without them when they fail', async () => {
    const metrics = new Metrics();
    metrics.read('gauge', 'wikigauge_test', 'A test.', () => [{ value: 7 }]);
    const errors: unknown[] = [];
    let others = async (): Promise<string> => 'temporal_other 1\n';
    const { url } = await watch({
      metrics,
      otherMetrics: () => others(),
      onError: error => errors.push(error),
    });
    const own = '# HELP wikigauge_test A test.\n# TYPE wikigauge_test gauge\nwikigauge_test 7\n';
    const answer = await get(`${url}/metrics`);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await answer.text()).toBe(`${own}temporal_other 1\n`);
    const failure = new Error('gone');
    others = () => Promise.reject(failure);
    expect(await (await get(`${url}/metrics`)).text()).toBe(own);
    expect(errors).toEqual([failure]);
  });

  test('refuses other paths and methods, by name', async () => {
    const { url } = await watch();
    const missing = await get(`${url}/toString`);
    expect([missing.status, await missing.text()]).toEqual([
      404,
      'No route matches. This port has /metrics, /livez, /readyz.\n',
    ]);
    const posted = await get(`${url}/livez`, { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    const head = await get(`${url}/livez`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('a route that fails answers 500 without the reason, and reports it', async () => {
    const errors: unknown[] = [];
    const failure = new Error('password=secret');
    const { url } = await open({
      defaults: [0],
      routes: { '/a': () => Promise.reject(failure), '/b': (_, response) => send(response, 200, 'x/y', 'b') },
      onError: (error, path) => errors.push([error, path]),
    });
    const answer = await get(`${url}/a`);
    expect([answer.status, await answer.text()]).toEqual([500, expect.not.stringContaining('secret')]);
    expect(errors).toEqual([[failure, '/a']]);
    expect(await (await get(`${url}/b`)).text()).toBe('b');
  });

  test('closes although a client holds its connection', async () => {
    const port = await watch();
    const { hostname, port: number } = new URL(port.url);
    const socket = connect(Number(number), hostname);
    socket.write('GET /livez HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(socket, 'data');
    const closed = once(socket, 'close');
    await port.close();
    await closed;
    await expect(get(`${port.url}/livez`)).rejects.toThrow('fetch failed');
  });
});
