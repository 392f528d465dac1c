/** Wrong settings and missing servers: each command says what is wrong and how to mend it, and ends with code 1. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from './support/cli.ts';
import { openWorld } from './support/world.ts';
import type { World } from './support/world.ts';

describe('wrong settings', () => {
  let world: World;
  let denying: Server;
  let forgetful: Server;
  beforeAll(async () => {
    world = await openWorld();
    denying = await contraryS3((_method, path) =>
      path.startsWith('/test-missing') ? 'HEAD 404, PUT 403' : 'all 200',
    );
    forgetful = await contraryS3(() => 'all 200');
  });
  afterAll(async () => {
    denying.close();
    forgetful.close();
    await world.close();
  });

  const run = (command: string, env: Record<string, string>) => runCli(world, [command], { env });
  const says = async (
    command: string,
    env: Record<string, string>,
    words: readonly string[],
  ): Promise<void> => {
    const { code, output } = await run(command, env);
    expect(code).toBe(1);
    for (const part of words) expect(output).toContain(part);
    // A message for people, not a crash.
    expect(output).not.toMatch(/^\s+at .*:\d+:\d+/m);
  };

  test('all problems at once, with what was got and an example', () =>
    says('worker', { FLUSH_MIN_LINES: '-1', GOLD: 'mysql', PORT: 'abc', PG_DSN: 'host=a pasword=secret' }, [
      '4 settings are wrong',
      'FLUSH_MIN_LINES: expected a whole number from 1',
      'got "-1"',
      'GOLD: expected',
      'PORT: expected',
      'PG_DSN: expected',
      '(hidden)',
      'Example: FLUSH_MIN_LINES=20000',
    ]));
  test('no database named', () => says('worker', { PG_DSN: '' }, ['PG_DSN: not set', 'npm run demo']));
  test('a database that does not answer', () =>
    says('worker', { PG_DSN: 'host=127.0.0.1 port=1 dbname=x' }, [
      'Postgres at 127.0.0.1:1/x',
      'ECONNREFUSED',
    ]));
  test('a database that is not there', () =>
    says('worker', { PG_DSN: (world.env['PG_DSN'] ?? '').replace(/\/\w+$/, '/nowhere') }, [
      'database "nowhere" does not exist',
      'Make the database',
    ]));
  test('a Temporal server that does not answer', () =>
    says('worker', { TEMPORAL_ADDRESS: '127.0.0.1:1' }, [
      'Temporal at 127.0.0.1:1 does not answer',
      'npm run stack',
    ]));
  test('an S3 endpoint that does not answer', () =>
    says('worker', { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, ['http://127.0.0.1:1', 'AWS_ENDPOINT_URL']));
  test('keys that S3 refuses', () =>
    says('worker', { AWS_SECRET_ACCESS_KEY: 'wrong' }, ['Check the keys', world.env['BUCKET'] ?? '']));
  test('a bucket that is not there and may not be made', () =>
    says('worker', { AWS_ENDPOINT_URL: addressOf(denying), BUCKET: 'test-missing' }, [
      'bucket test-missing does not exist',
      'may not be made',
      'Make the bucket by hand',
    ]));
  test('an S3 that ignores If-None-Match', () =>
    says('worker', { AWS_ENDPOINT_URL: addressOf(forgetful) }, [
      'does not honour If-None-Match',
      'conditional writes',
    ]));
  test('a port that is taken', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    await says('api', { PORT: String(port) }, [`PORT ${port}`, 'is taken', 'PORT=5050']);
    holder.close();
  });
  test('a command that does not exist', async () => {
    const { code, output } = await run('demmo', {});
    expect(code).toBe(1);
    expect(output).toContain("unknown command 'demmo'");
    expect(output).toContain('demo');
  });
  test('doctor finds what is right and what is wrong', async () => {
    const { code, output } = await run('doctor', { EVENTSTREAMS_URL: 'http://127.0.0.1:1/stream' });
    expect(code).toBe(1);
    expect(output).toMatch(/✘ stream .*127\.0\.0\.1:1/);
    for (const part of ['Temporal', 'S3', 'Postgres', 'settings']) expect(output).toContain(`✔ ${part}`);
  });
});

/** An S3 that answers everything with the given status: for what the real gateway never does. */
async function contraryS3(behaviour: (method: string, path: string) => string): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    const { method = '', url = '' } = request;
    const path = url.split('?')[0] ?? '';
    const rule = behaviour(method, path);
    const status = Number(new RegExp(`(?:${method}|all) (\\d+)`).exec(rule)?.[1] ?? 200);
    const body = status === 403 ? '<Error><Code>AccessDenied</Code><Message>no</Message></Error>' : '';
    response.writeHead(status, { 'content-type': 'application/xml' }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
