/** Wrong settings and missing servers: each command says what is wrong and how to fix it, and exits with code 1. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWikimedia } from '../dev/simulator/server.ts';
import { INGEST_ID } from '../src/recentchange/definition.ts';
import { startIngest } from '../src/temporal/start-ingest.ts';
import { runCli } from './support/cli.ts';
import { HostileS3 } from './support/hostile-s3.ts';
import { startProcess } from './support/processes.ts';
import { untilHolds } from './support/until.ts';
import { openWorld } from './support/world.ts';
import type { World } from './support/world.ts';

describe('wrong settings', () => {
  let world: World;
  let denying: Server;
  let forgetful: Server;
  let halfForgetful: HostileS3;
  beforeAll(async () => {
    world = await openWorld();
    denying = await scriptedS3((_method, path) =>
      path.startsWith('/test-missing') ? 'HEAD 404, PUT 403' : 'all 200',
    );
    forgetful = await scriptedS3(() => 'all 200');
    halfForgetful = await HostileS3.open({ ignoresIfMatch: true });
  });
  afterAll(async () => {
    denying.close();
    forgetful.close();
    await halfForgetful.close();
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
    // A message, not a stack trace.
    expect(output).not.toMatch(/^\s+at .*:\d+:\d+/m);
  };

  test('reports all invalid settings at once, with value and example', () =>
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
  test('requires PG_DSN for gold in Postgres', () =>
    says('worker', { PG_DSN: '' }, ['PG_DSN: not set', 'npm run demo', 'GOLD=s3 needs none']));
  test('requires PG_DSN when one of two places is Postgres', () =>
    says('api', { GOLD: 's3,postgres', PG_DSN: '' }, ['PG_DSN: not set, and GOLD=s3,postgres needs it']));
  test('rejects an unknown place in --gold', async () => {
    const { code, output } = await runCli(world, ['demo', '--gold', 'mysql']);
    expect(code).toBe(1);
    expect(output).toContain('GOLD: expected postgres, s3, or both separated by a comma, got "mysql"');
  });
  test('migrates nothing when gold is in S3', async () => {
    const { code, output } = await run('migrate', { GOLD: 's3', PG_DSN: '' });
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('no database') });
  });
  test('reports a database that does not answer', () =>
    says('worker', { PG_DSN: 'host=127.0.0.1 port=1 dbname=x' }, [
      'Postgres at 127.0.0.1:1/x',
      'ECONNREFUSED',
    ]));
  test('reports a database that does not exist', () =>
    says('worker', { PG_DSN: (world.env['PG_DSN'] ?? '').replace(/\/\w+$/, '/nowhere') }, [
      'database "nowhere" does not exist',
      'Create the database',
    ]));
  test('reports a Temporal server that does not answer', () =>
    says('worker', { TEMPORAL_ADDRESS: '127.0.0.1:1' }, [
      'Temporal at 127.0.0.1:1 does not answer',
      'npm run stack',
    ]));
  test('reports an S3 endpoint that does not answer', () =>
    says('worker', { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, ['http://127.0.0.1:1', 'AWS_ENDPOINT_URL']));
  test('reports keys that S3 rejects', () =>
    says('worker', { AWS_SECRET_ACCESS_KEY: 'wrong' }, ['The keys are refused', 'AWS_ACCESS_KEY_ID']));
  test('reports a bucket that does not exist and may not be created', () =>
    says('worker', { AWS_ENDPOINT_URL: addressOf(denying), BUCKET: 'test-missing' }, [
      'bucket test-missing does not exist',
      'could not be created',
      'Create the bucket by hand',
    ]));
  test('rejects an S3 that ignores If-None-Match', () =>
    says('worker', { AWS_ENDPOINT_URL: addressOf(forgetful) }, [
      'does not support If-None-Match',
      'conditional writes',
    ]));
  test('rejects an S3 that ignores If-Match when gold is in S3', () =>
    says('worker', { GOLD: 's3', AWS_ENDPOINT_URL: halfForgetful.endpoint }, [
      'does not support If-Match on PUT',
      'conditional writes',
    ]));
  test('reports a port that is in use', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    await says('api', { PORT: String(port) }, [`PORT ${port}`, 'PORT=5050']);
    holder.close();
  });
  test('suggests a command for a mistyped one', async () => {
    const { code, output } = await run('demmo', {});
    expect(code).toBe(1);
    expect(output).toContain("unknown command 'demmo'");
    expect(output).toContain('demo');
  });
  test('doctor marks what works and what does not', async () => {
    const { code, output } = await run('doctor', { EVENTSTREAMS_URL: 'http://127.0.0.1:1/stream' });
    expect(code).toBe(1);
    expect(output).toMatch(/✘ stream .*127\.0\.0\.1:1/);
    for (const part of ['Temporal', 'S3', 'Postgres', 'settings']) expect(output).toContain(`✔ ${part}`);
    const inS3 = await run('doctor', { GOLD: 's3', PG_DSN: '' });
    expect(inS3.output).toContain('✔ gold in S3');
    expect(inS3.output).not.toContain('Postgres');
  });
  test('doctor says that no worker is running while a run waits, and checks every task queue', async () => {
    // A Schedule that an earlier worker made may have started a run by now, which waits.
    expect((await run('doctor', {})).output).toMatch(/workers +(?:none|no worker) is running/);
    const wikimedia = await startWikimedia({ port: 0, rate: 5 });
    const env = { EVENTSTREAMS_URL: wikimedia.streamUrl };
    await startIngest(world.client, INGEST_ID, {});
    await untilHolds(async () => {
      const { code, output } = await run('doctor', env);
      expect(output).toMatch(/✘ workers +no worker is running: every run waits/);
      expect(output).toContain('npm run worker');
      expect(code).toBe(1);
    });
    const worker = await startProcess(world, 'worker', { env });
    await untilHolds(() => expect(wikimedia.connections()).toHaveLength(1));
    await untilHolds(async () => {
      const { output } = await run('doctor', env);
      expect(output).toMatch(/✔ workers +1 running; every task queue has one/);
    });
    await worker.stop();
    await wikimedia.close();
  });
});

/** An S3 that answers with the given status: for behaviour that the real gateway never shows. */
async function scriptedS3(behaviour: (method: string, path: string) => string): Promise<Server> {
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
