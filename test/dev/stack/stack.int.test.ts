import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { birthOf, commandLineOf, signalProcess } from '../../../src/commands/process-id.mjs';
import { startStack, type Stack, type StackSettings } from '../../../dev/stack/stack.ts';
import { putOnce, query, recall, remember, withS3 } from './stack-client.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const anyPorts = { temporal: 0, temporalUi: 0, postgres: 0, s3: 0 };
/** Only the S3 gateway, for tests that do not depend on the servers. */
const onlyS3 = { given: { temporalAddress: 'temporal.example:7233' }, postgres: false };

async function start(home: string, more: Partial<StackSettings> = {}): Promise<Stack> {
  const stack = await startStack({
    home,
    ports: anyPorts,
    bucket: 'edits',
    region: 'eu-central-1',
    postgres: true,
    log: () => {},
    ...more,
  });
  onTestFinished(() => stack.stop());
  return stack;
}

describe('startStack', () => {
  it('starts real servers that keep their data between runs', async () => {
    const home = temporaryFolder();
    const first = await start(home);
    expect(first.servers.map(server => server.name)).toEqual(['temporal', 's3', 'postgres']);
    expect(parseEnv(readFileSync(join(home, 'stack.env'), 'utf8'))).toEqual(first.env);
    expect(Object.keys(first.env)).toEqual([
      'TEMPORAL_ADDRESS',
      'TEMPORAL_NAMESPACE',
      'TEMPORAL_UI_URL',
      'TEMPORAL_CLI',
      'PG_DSN',
      'AWS_ENDPOINT_URL',
      'AWS_REGION',
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'BUCKET',
    ]);
    const ui = await fetch(first.env['TEMPORAL_UI_URL'] ?? '');
    expect(await ui.text()).toContain('<html');
    await remember(first.env, 'ingest');
    await first.stop();
    for (const { pid } of first.servers) expect(birthOf(pid)).toBeUndefined();
    expect(existsSync(join(home, 'stack.lock'))).toBe(false);

    const second = await start(home);
    expect(await recall(second.env)).toEqual([{ word: 'ingest' }, 'ingest', 'ingest']);
    await Promise.all([second.stop(), second.stop()]);
  });

  it('starts a Postgres that sorts by code point, accepts 200 connections and requires a password', async () => {
    const { env } = await start(temporaryFolder(), {
      given: { temporalAddress: 'x:1', s3Endpoint: 'http://x:1' },
    });
    const [settings] = await query(
      env,
      `select current_setting('max_connections') connections, current_setting('server_encoding') encoding,
              current_setting('timezone') timezone, 'a' < 'B' as folded, current_setting('listen_addresses') listens`,
    );
    expect(settings).toEqual({
      connections: '200',
      encoding: 'UTF8',
      timezone: 'UTC',
      folded: false,
      listens: '127.0.0.1',
    });
    const wrong = { PG_DSN: env['PG_DSN']?.replace(/:[0-9a-f]+@/, ':wrong@') ?? '' };
    await expect(query(wrong, 'select 1')).rejects.toThrow('password authentication failed');
  });

  it('starts an S3 gateway that lets one of many conditional writers win', async () => {
    const { env, servers } = await start(temporaryFolder(), onlyS3);
    expect(servers.map(server => server.name)).toEqual(['s3']);
    await withS3(env, async (client, bucket) => {
      expect(await putOnce(client, bucket, 'bronze/_log/1.json', 'a')).toBe(200);
      expect(await putOnce(client, bucket, 'bronze/_log/1.json', 'b')).toBe(412);
      const race = await Promise.all(
        Array.from({ length: 16 }, (_, i) => putOnce(client, bucket, 'race', String(i))),
      );
      expect(race.filter(status => status === 200)).toHaveLength(1);
    });
  });

  it('makes the keys of its gateway itself, once for each folder, and keeps its state to this user', async () => {
    const home = temporaryFolder();
    const first = await start(home, onlyS3);
    const { AWS_ACCESS_KEY_ID: id = '', AWS_SECRET_ACCESS_KEY: secret = '' } = first.env;
    expect(secret).toMatch(/^[0-9a-f]{40}$/);
    await withS3(first.env, (client, bucket) => putOnce(client, bucket, 'bronze/a', 'a'));
    const files = ['s3-keys.json', 'stack.env', 'stack.lock', 'servers.json', 'logs/s3.log', 's3'];
    for (const file of files) expect([file, statSync(join(home, file)).mode & 0o077]).toEqual([file, 0]);
    await first.stop();
    const second = await start(home, onlyS3);
    expect(second.env).toMatchObject({ AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret });
    await second.stop();

    // A folder of an older version has objects and no keys.
    rmSync(join(home, 's3-keys.json'));
    const third = await start(home, onlyS3);
    expect(third.env['AWS_SECRET_ACCESS_KEY']).not.toBe(secret);
    expect(await withS3(third.env, (client, bucket) => putOnce(client, bucket, 'bronze/a', 'b'))).toBe(412);

    const old = { ...third.env, AWS_ACCESS_KEY_ID: 'wikigauge', AWS_SECRET_ACCESS_KEY: 'wikigauge-local' };
    // The gateway answers 404 for a user that it does not know.
    const status = await withS3(old, (client, bucket) => putOnce(client, bucket, 'bronze/b', 'b'));
    expect(status).toBeGreaterThanOrEqual(400);
  });

  it('starts no server that is external', async () => {
    const given = {
      temporalAddress: 't:7233',
      temporalNamespace: 'n',
      pgDsn: 'host=db',
      s3Endpoint: 'http://s3:9000',
    };
    const home = temporaryFolder();
    const { env, servers } = await start(home, { given, environment: { PATH: '', XDG_CACHE_HOME: home } });
    expect(servers).toEqual([]);
    expect(env).toEqual({
      TEMPORAL_ADDRESS: 't:7233',
      TEMPORAL_NAMESPACE: 'n',
      PG_DSN: 'host=db',
      AWS_ENDPOINT_URL: 'http://s3:9000',
      AWS_REGION: 'eu-central-1',
      BUCKET: 'edits',
    });
  });

  it('refuses a second stack in the same folder', async () => {
    const home = temporaryFolder();
    await start(home, onlyS3);
    const second = start(home, onlyS3);
    await expect(second).rejects.toThrow(`A stack is already running in ${home} (process ${process.pid}`);
    await expect(second).rejects.toThrow('WIKIGAUGE_HOME');
  });

  it('reports a taken port before it starts anything, and releases the folder', async () => {
    const home = temporaryFolder();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const refused = start(home, { ports: { ...anyPorts, postgres: port } });
    await expect(refused).rejects.toThrow(`Port ${port} for Postgres is taken by process ${process.pid}`);
    await expect(refused).rejects.toThrow('STACK_POSTGRES_PORT');
    expect(existsSync(join(home, 'stack.lock'))).toBe(false);
    expect(existsSync(join(home, 'logs', 's3.log'))).toBe(false);
  });

  it('reports a server that does not start, with the end of its log, and stops the others', async () => {
    const home = temporaryFolder();
    mkdirSync(join(home, 'temporal', 'temporal.db'), { recursive: true });
    const failed = start(home);
    await expect(failed).rejects.toThrow(
      /^temporal ended before it was ready \(exit code 1\)\. The end of its log/,
    );
    expect(existsSync(join(home, 'stack.lock'))).toBe(false);
    expect(existsSync(join(home, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
  });

  it('reports a server that died, and recovers its data in the next run', async () => {
    const home = temporaryFolder();
    const stack = await start(home);
    await remember(stack.env, 'durable');
    const postgres = stack.servers.find(server => server.name === 'postgres');
    signalProcess(postgres?.pid ?? 0, 'SIGKILL');
    expect(await stack.exited).toMatchObject({ name: 'postgres', signal: 'SIGKILL', asked: false });
    await stack.stop();
    for (const { pid } of stack.servers) expect(birthOf(pid)).toBeUndefined();
    const next = await start(home);
    expect(await recall(next.env)).toEqual([{ word: 'durable' }, 'durable', 'durable']);
  });

  it('stops halfway through a start on abort', async () => {
    const home = temporaryFolder();
    const stopping = new AbortController();
    setTimeout(() => stopping.abort(new Error('never mind')), 300);
    await expect(start(home, { signal: stopping.signal })).rejects.toThrow('never mind');
    expect(existsSync(join(home, 'stack.lock'))).toBe(false);
    expect(existsSync(join(home, 'stack.env'))).toBe(false);
  });

  it.runIf(process.getuid?.() === 0)(
    'runs Postgres as another user in a folder that only root can enter',
    async () => {
      const home = join(temporaryFolder(), 'private', 'home');
      mkdirSync(home, { recursive: true });
      chmodSync(join(home, '..'), 0o700);
      const { env, servers } = await start(home, {
        given: { temporalAddress: 'x:1', s3Endpoint: 'http://x:1' },
      });
      expect(await query(env, 'select 1 as one')).toEqual([{ one: 1 }]);
      const status = readFileSync(`/proc/${servers[0]?.pid}/status`, 'utf8');
      expect(status).not.toMatch(/^Uid:\s+0/m);
      expect(commandLineOf(servers[0]?.pid ?? 0)).toContain(home);
    },
  );
});
