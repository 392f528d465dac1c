/** docker-compose.yml, as far as it can be checked without an engine: what its user relies on. */
import { execFile } from 'node:child_process';
import { hostname } from 'node:os';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { SERVERS } from '../dev/bootstrap/servers.mjs';
import { createCloneProgram } from '../dev/commands/program.ts';
import { parseSimulateOptions } from '../dev/simulator/options.ts';
import { startWikimedia } from '../dev/simulator/server.ts';
import { buildApp } from '../src/api/app.ts';
import { listen } from '../src/api/server.ts';
import { addProductionCommands, createProgram } from '../src/commands/program.ts';
import { declarations, loadConfig } from '../src/config/declarations.ts';
import { parseDsn } from '../src/config/dsn.ts';
import { advertised } from '../src/live/advertised.ts';
import { Metrics } from '../src/telemetry/metrics.ts';

import { openWatchPort } from '../src/telemetry/watch-port.ts';
import { SHUTDOWN_FORCE_TIME } from '../src/temporal/task-queues.ts';
import { MemoryGold } from './api/memory-gold.ts';
import { REQUIRED, composeFile, composeText, interpolate } from './support/compose-file.ts';
import type { Environment, Service } from './support/compose-file.ts';

const file = composeFile();
const services = Object.entries(file.services);
/** Services that run an image built from this repository. */
const ours = services.filter(([, service]) => service.build !== undefined);
const thirdParty = services.filter(([, service]) => service.build === undefined);
/** Read by the AWS SDK, not declared as settings. */
const AWS_KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
/** Settings that lead to servers or belong to a clone: the file fixes them, because it brings its own servers. */
const FIXED = /^(AWS|METRICS|PG|STACK|TEMPORAL|SIMULATE|WIKIGAUGE)_|^HOST$/;

function serviceNamed(name: string, env: Environment = {}): Service {
  const found = composeFile(env).services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

function environmentOf(name: string, env: Environment = {}): Record<string, string> {
  const pairs = Object.entries(serviceNamed(name, env).environment ?? {});
  return Object.fromEntries(pairs.map(([variable, value]) => [variable, String(value)]));
}

/** Whether a service ends by itself: it is retried only when it fails. */
function isOneShot({ restart }: Service): boolean {
  return restart.startsWith('on-failure');
}

/** Seconds of a duration such as `40s` or `1m`. */
function seconds(duration: string): number {
  const [, amount = '', unit = ''] = /^(\d+)(s|m)$/.exec(duration) ?? [];
  return Number(amount) * (unit === 'm' ? 60 : 1);
}

describe('docker-compose.yml', () => {
  it('interpolates in one way only, and leaves no dollar over', () => {
    expect(interpolate('a ${B:-c} $$d', {})).toBe('a c $d');
    expect(interpolate('${B:-c}', { B: '' })).toBe('c');
    expect(interpolate('${B:-c}', { B: 'x' })).toBe('x');
    expect(interpolate('${B:?c}', { B: 'x' })).toBe('x');
    expect(() => interpolate('${B:?see above}', {})).toThrow(
      'required variable B is missing a value: see above',
    );
    for (const bad of ['$B', '${B}', '${B-c}', '${b:-c}']) expect(() => interpolate(bad, {})).toThrow(bad);
  });

  it.each(thirdParty)('%s runs an exact version', (_, { image }) => {
    expect(image).toMatch(/^[a-z0-9]+(\/[a-z0-9-]+)?:v?\d+\.\d+[\w.-]*$/);
  });

  it('runs the S3 gateway of the local stack, and tools that match the Temporal server', () => {
    expect(serviceNamed('s3').image).toBe(`versity/versitygw:v${SERVERS.versitygw.version}`);
    const [, version] = serviceNamed('temporal').image.split(':');
    for (const name of ['temporal-schema', 'temporal-namespace']) {
      expect(serviceNamed(name).image).toMatch(`temporalio/admin-tools:${version}-`);
    }
  });

  it.each(services)('%s waits only for conditions that can come true', (_, { depends_on, profiles }) => {
    for (const [name, { condition }] of Object.entries(depends_on ?? {})) {
      const other = serviceNamed(name);
      const canComeTrue = {
        service_healthy: other.healthcheck !== undefined,
        service_completed_successfully: isOneShot(other),
        service_started: !isOneShot(other),
      };
      expect(canComeTrue, `${name}: ${condition}`).toMatchObject({ [condition]: true });
      // A service of a profile that is off never starts.
      expect(other.profiles ?? profiles).toEqual(profiles);
    }
  });

  it('has no services that wait for each other in a circle', () => {
    const visit = (name: string, path: readonly string[] = []): void => {
      expect(path).not.toContain(name);
      const next = Object.keys(serviceNamed(name).depends_on ?? {});
      for (const other of next) visit(other, [...path, name]);
    };
    for (const [name] of services) visit(name);
  });

  it.each(services)('%s is restarted after a failure', (_, { restart }) => {
    expect(restart).toMatch(/^(on-failure:[1-9]\d*|unless-stopped)$/);
  });

  it.each([
    ['temporal-db', '/var/lib/postgresql/data'],
    ['gold', '/var/lib/postgresql/data'],
    ['s3', serviceNamed('s3').command?.at(-1)],
  ])('%s keeps its data in a volume of its own', (name, directory) => {
    const [volume, ...others] = serviceNamed(name).volumes ?? [];
    const [source = '', target] = volume?.split(':') ?? [];
    expect({ others, target }).toEqual({ others: [], target: directory });
    expect(Object.keys(file.volumes)).toContain(source);
    const mounts = services.flatMap(([, { volumes }]) => volumes ?? []);
    expect(mounts.filter(mount => mount.startsWith(`${source}:`))).toEqual([volume]);
  });

  it('publishes ports on the loopback interface only', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d*:\d+$/);
  });

  it.each(['PORT', 'STACK_TEMPORAL_PORT', 'STACK_TEMPORAL_UI_PORT', 'STACK_POSTGRES_PORT', 'STACK_S3_PORT'])(
    '%s moves a published port, and has the default of the local stack',
    name => {
      const publishedWith = (env: Environment): string[] =>
        Object.values(composeFile(env).services).flatMap(({ ports = [] }) =>
          ports.map(port => port.split(':')[1] ?? ''),
        );
      const { fallbackText } = declarations[name as keyof typeof declarations];
      expect(publishedWith({})).toContain(fallbackText);
      expect(publishedWith({ [name]: '12345' })).toContain('12345');
      expect(publishedWith({ [name]: '12345' })).not.toContain(fallbackText);
    },
  );

  it('gives the worker longer than its forced end', () => {
    const forced = seconds(SHUTDOWN_FORCE_TIME);
    expect(forced).toBeGreaterThan(0);
    expect(seconds(serviceNamed('worker').stop_grace_period ?? '')).toBeGreaterThanOrEqual(forced + 5);
  });
});

describe('services of this repository', () => {
  it.each(ours)('%s runs a command of its image, with flags that exist', (name, { build, command = [] }) => {
    const [subcommand, ...flags] = command;
    const isDev = typeof build === 'object' && build.target === 'dev';
    const program = isDev ? createCloneProgram() : createProductionProgram();
    const found = program.commands.find(one => one.name() === subcommand);
    expect(found?.name()).toBe(name);
    const known = found?.options.map(({ long }) => long);
    for (const flag of flags) expect(known).toContain(flag.split('=')[0]);
  });

  it.each(ours)('%s is not process 1, where node would ignore early signals', (_, { init }) => {
    expect(init).toBe(true);
  });

  it.each(ours)('%s gets only variables that a setting or the AWS SDK reads', name => {
    const known = [...Object.keys(declarations), ...AWS_KEYS];
    expect(known).toEqual(expect.arrayContaining(Object.keys(environmentOf(name))));
  });

  const tunable = Object.keys(declarations).filter(name => !FIXED.test(name));

  it.each(tunable)('%s, set in the shell or .env, reaches a service', name => {
    const given = name === 'PORT' ? '5050' : `given ${name}`;
    const reached = ours.filter(([service]) => environmentOf(service, { [name]: given })[name] === given);
    expect(reached).not.toEqual([]);
  });

  it('leave unset settings to the defaults in the code', () => {
    for (const [name, environment] of ours.map(([name]) => [name, environmentOf(name)] as const)) {
      const unset = Object.keys(environment).filter(variable => environment[variable] === '');
      const [config, defaults] = [loadConfig(environment), loadConfig({})] as unknown as Record<
        string,
        unknown
      >[];
      for (const setting of unset) expect([name, config?.[setting]]).toEqual([name, defaults?.[setting]]);
    }
    const config = loadConfig(environmentOf('worker', { FILTER_WIKI: 'enwiki,dewiki' }));
    expect(config.FILTER_WIKI).toEqual(['enwiki', 'dewiki']);
  });

  it('read from the API what the worker writes, whatever is set', () => {
    for (const env of [{}, { GOLD: 's3', BUCKET: 'other' }]) {
      const [worker, api] = [environmentOf('worker', env), environmentOf('api', env)];
      for (const name of ['GOLD', 'BUCKET', 'PG_DSN', 'AWS_ENDPOINT_URL', ...AWS_KEYS])
        expect([name, api[name]]).toEqual([name, worker[name]]);
    }
    expect(environmentOf('migrate')['PG_DSN']).toBe(environmentOf('worker')['PG_DSN']);
  });

  it('need keys of the bucket that the user has made, and are told where to read how', () => {
    for (const name of Object.keys(REQUIRED)) {
      expect(() => composeFile({ [name]: '' })).toThrow(
        `required variable ${name} is missing a value: see the top of docker-compose.yml`,
      );
      expect(composeText).toMatch(new RegExp(`^#.*${name}=`, 'm'));
    }
    expect(composeText).not.toContain('wikigauge-local');
  });

  it('find the servers, with matching secrets', () => {
    const { PG_DSN = '', ...worker } = environmentOf('worker');
    const gold = environmentOf('gold');
    expect(parseDsn(PG_DSN)).toEqual({
      host: 'gold',
      port: '5432',
      dbname: gold['POSTGRES_USER'],
      user: gold['POSTGRES_USER'],
      password: gold['POSTGRES_PASSWORD'],
    });
    const [, s3Port] = /^--port=:(\d+)$/.exec(serviceNamed('s3').command?.[0] ?? '') ?? [];
    const s3 = environmentOf('s3');
    expect(worker).toMatchObject({
      AWS_ENDPOINT_URL: `http://s3:${s3Port}`,
      AWS_ACCESS_KEY_ID: s3['ROOT_ACCESS_KEY_ID'],
      AWS_SECRET_ACCESS_KEY: s3['ROOT_SECRET_ACCESS_KEY'],
    });
    const [port = ''] = serviceNamed('temporal').ports ?? [];
    for (const name of ['worker', 'api', 'ingest', 'temporal-namespace', 'temporal-ui'])
      expect(environmentOf(name)['TEMPORAL_ADDRESS']).toBe(`temporal:${port.split(':').at(-1)}`);
    const database = environmentOf('temporal-db');
    for (const [name, user, password] of [
      ['temporal', 'POSTGRES_USER', 'POSTGRES_PWD'],
      ['temporal-schema', 'SQL_USER', 'SQL_PASSWORD'],
    ] as const) {
      const client = environmentOf(name);
      expect([client[user], client[password]]).toEqual([
        database['POSTGRES_USER'],
        database['POSTGRES_PASSWORD'],
      ]);
    }
  });

  it('publish the port on which the API listens, on every interface of its container', () => {
    const env = { PORT: '5050', STACK_TEMPORAL_UI_PORT: '8000' };
    expect(serviceNamed('api', env).ports).toEqual(['127.0.0.1:5050:5050', '127.0.0.1::9465']);
    expect(loadConfig(environmentOf('api', env))).toMatchObject({ HOST: '0.0.0.0', PORT: 5050 });
    const [published = ''] = serviceNamed('temporal-ui', env).ports ?? [];
    expect(environmentOf('api', env)['TEMPORAL_UI_URL']).toBe(`http://${published.replace(/:\d+$/, '')}`);
  });

  it.each(['worker', 'api'])('publish the metrics of each %s on a free port of this machine', name => {
    const { METRICS_HOST, METRICS_PORT } = loadConfig(environmentOf(name));
    expect(METRICS_HOST).toBe('0.0.0.0');
    expect(serviceNamed(name).ports).toContain(`127.0.0.1::${METRICS_PORT}`);
  });
});

describe('the live feed', () => {
  it('is open to the API, under the name of the worker’s container', () => {
    const { METRICS_HOST, METRICS_PORT, LIVE_HOST, LIVE_ADVERTISE } = loadConfig(environmentOf('worker'));
    expect([LIVE_HOST, LIVE_ADVERTISE]).toEqual([undefined, undefined]);
    // A container's name is its host name, which the others resolve.
    expect(advertised(LIVE_HOST ?? METRICS_HOST, METRICS_PORT ?? 0)).toBe(`http://${hostname()}:9464`);
  });

  it('is where the settings say', () => {
    const env = { LIVE_HOST: '10.0.0.5', LIVE_ADVERTISE: 'http://w:1', LIVE_URL: 'http://proxy:2' };
    expect(loadConfig(environmentOf('worker', env))).toMatchObject({
      LIVE_HOST: '10.0.0.5',
      LIVE_ADVERTISE: 'http://w:1',
    });
    expect(loadConfig(environmentOf('api', env))).toMatchObject({ LIVE_URL: 'http://proxy:2' });
  });
});

describe('health checks', () => {
  it('of the API runs against its real route: passes while gold responds, fails when it does not', async () => {
    const gold = new MemoryGold();
    const app = await buildApp({ gold, dashboardDir: 'not-built', version: '1' });
    const server = await listen(app, { HOST: '127.0.0.1', PORT: 0 });
    const { test = [] } = serviceNamed('api', { PORT: new URL(server.url).port }).healthcheck ?? {};
    expect(await exitCodeOf(test)).toBe(0);
    gold.failure = new Error('gone');
    expect(await exitCodeOf(test)).not.toBe(0);
    await server.close();
    expect(await exitCodeOf(test)).not.toBe(0);
  });

  it('of the worker runs against its real route: passes while it polls, fails when it does not', async () => {
    let problem: string | undefined;
    const watched = await openWatchPort({
      role: 'worker',
      host: '127.0.0.1',
      port: undefined,
      metrics: new Metrics(),
      problem: async () => problem,
      onError: () => {},
    });
    const { port } = new URL(watched?.url ?? '');
    const { test = [] } = serviceNamed('worker').healthcheck ?? {};
    const probe = test.map(word => word.replace(`:${environmentOf('worker')['METRICS_PORT']}/`, `:${port}/`));
    expect(await exitCodeOf(probe)).toBe(0);
    problem = 'not polling';
    expect(await exitCodeOf(probe)).not.toBe(0);
    await watched?.close();
    expect(await exitCodeOf(probe)).not.toBe(0);
  });

  it('of the simulated Wikimedia runs against its real route', async () => {
    const wikimedia = await startWikimedia({ port: 0 });
    const { test = [] } = serviceNamed('simulate').healthcheck ?? {};
    const { port } = new URL(wikimedia.url);
    expect(await exitCodeOf(test.map(word => word.replace(':5001/', `:${port}/`)))).toBe(0);
    await wikimedia.close();
  });

  it.each(['gold', 'temporal-db'])('of %s connects over TCP as the user that the server creates', name => {
    const { test = [] } = serviceNamed(name).healthcheck ?? {};
    const user = environmentOf(name)['POSTGRES_USER'];
    expect(test).toEqual(expect.arrayContaining(['pg_isready', '--host=127.0.0.1', `--username=${user}`]));
  });

  it('of S3 asks the port and path that the gateway serves', () => {
    const { command = [], healthcheck } = serviceNamed('s3');
    const flag = (name: string): string =>
      command.find(word => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? '';
    expect(healthcheck?.test.at(-1)).toBe(`http://127.0.0.1${flag('port')}${flag('health')}`);
  });

  it.each(services.filter(([, { healthcheck }]) => healthcheck !== undefined))(
    'of %s starts a program without a shell, and asks its own container',
    (_, { healthcheck }) => {
      expect(healthcheck?.test[0]).toBe('CMD');
      expect(healthcheck?.test.join(' ')).toContain('127.0.0.1');
    },
  );
});

describe('the profile demo', () => {
  it('alone has the simulated stream, which real data must never meet', () => {
    const profiled = services.filter(([, { profiles }]) => profiles !== undefined);
    expect(profiled.map(([name, { profiles }]) => [name, profiles])).toEqual([['simulate', ['demo']]]);
  });

  it('serves the stream at the address that the comment on top gives, and the worker reads it', async () => {
    const [, documented = ''] = /EVENTSTREAMS_URL=(\S+)/.exec(composeText) ?? [];
    const { hostname, port, pathname } = new URL(documented);
    const { command = [] } = serviceNamed(hostname);
    const flags = command.slice(1).map(word => word.replace(/^--/, '').split('='));
    const options = parseSimulateOptions(Object.fromEntries(flags));
    expect(options).toMatchObject({ host: '0.0.0.0', port: Number(port) });
    const wikimedia = await startWikimedia({ port: 0 });
    expect(new URL(wikimedia.streamUrl).pathname).toBe(pathname);
    await wikimedia.close();
    const worker = loadConfig(environmentOf('worker', { EVENTSTREAMS_URL: documented }));
    expect(worker.EVENTSTREAMS_URL).toBe(documented);
  });
});

function createProductionProgram(): Command {
  const program = createProgram();
  addProductionCommands(program);
  return program;
}

/** Runs a health check of our image on this machine; its `node` is ours. */
async function exitCodeOf([, program, ...args]: readonly string[]): Promise<number | string> {
  expect(program).toBe('node');
  return new Promise(resolve => {
    execFile(process.execPath, args, error => resolve(error === null ? 0 : (error.code ?? 'killed')));
  });
}
