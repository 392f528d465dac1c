/** docker-compose.yml and the Dockerfile, as far as they can be judged without an engine. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SERVERS } from '../dev/bootstrap/servers.mjs';
import { SIMULATE_OPTIONS, parseSimulateOptions } from '../dev/simulator/options.ts';
import { declarations, loadConfig } from '../src/config/declarations.ts';
import { parseDsn } from '../src/config/dsn.ts';
import { SHUTDOWN_FORCE_TIME } from '../src/temporal/task-queues.ts';
import { copiesOf, parseDockerfile } from './support/compose-dockerfile.ts';
import type { Stage } from './support/compose-dockerfile.ts';
import {
  composeFile,
  composeText,
  interpolate,
  repositoryFile,
  variablesOf,
} from './support/compose-file.ts';
import type { Environment, Service } from './support/compose-file.ts';

const file = composeFile();
const services = Object.entries(file.services);
/** Those that run our image. */
const ours = services.filter(([, service]) => service.build !== undefined);
const theirs = services.filter(([, service]) => service.build === undefined);
/** Those that end by themselves. */
const oneShot = ['temporal-schema', 'temporal-namespace', 'migrate', 'ingest'];
/** What the AWS SDK reads without us. */
const KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
/** Settings that say nothing to a container: the servers are the stack's own, on fixed ports inside. */
const NOT_HANDED_OVER = [
  'AWS_PROFILE',
  'AWS_REGION',
  'TEMPORAL_API_KEY',
  'TEMPORAL_NAMESPACE',
  'TEMPORAL_PROFILE',
  'TEMPORAL_TLS_CLIENT_CERT_PATH',
  'SIMULATE_PORT',
  'STACK_POSTGRES_PORT',
  'STACK_S3_PORT',
  'STACK_TEMPORAL_PORT',
  'STACK_TEMPORAL_UI_PORT',
  'WIKIGAUGE_HOME',
];

function serviceNamed(name: string, env: Environment = {}): Service {
  const found = composeFile(env).services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

function environmentOf(name: string, env: Environment = {}): Record<string, string> {
  const pairs = Object.entries(serviceNamed(name, env).environment ?? {});
  return Object.fromEntries(pairs.map(([variable, value]) => [variable, String(value)]));
}

/** Seconds of a duration such as `40s` or `1m`. */
function seconds(duration: string): number {
  const [, amount = '', unit = ''] = /^(\d+)(s|m)$/.exec(duration) ?? [];
  return Number(amount) * (unit === 'm' ? 60 : 1);
}

describe('docker-compose.yml', () => {
  it('has a name, and no version, which Compose no longer reads', () => {
    expect(file.name).toBe('wikigauge');
    expect(file).not.toHaveProperty('version');
  });

  it('interpolates in one way only, and leaves no dollar over', () => {
    expect(interpolate('a ${B:-c} $$d', {})).toBe('a c $d');
    expect(interpolate('${B:-c}', { B: '' })).toBe('c');
    expect(interpolate('${B:-c}', { B: 'x' })).toBe('x');
    for (const bad of ['$B', '${B}', '${B-c}', '${b:-c}']) expect(() => interpolate(bad, {})).toThrow(bad);
    expect(variablesOf(composeText).length).toBeGreaterThan(10);
  });

  it.each(theirs)('%s runs an exact version', (_, { image }) => {
    expect(image).toMatch(/^[a-z0-9]+(\/[a-z0-9-]+)?:v?\d+\.\d+[\w.-]*$/);
  });

  it.each(ours)('%s runs an image that is built here', (name, service) => {
    const image =
      name === 'simulate'
        ? { build: { context: '.', target: 'dev' }, image: 'wikigauge:local-dev' }
        : { build: '.', image: 'wikigauge:local' };
    expect(service).toMatchObject({ ...image, init: true });
  });

  it('runs the S3 gateway of the local stack, and tools that fit the Temporal server', () => {
    expect(serviceNamed('s3').image).toBe(`versity/versitygw:v${SERVERS.versitygw.version}`);
    const [, version] = serviceNamed('temporal').image.split(':');
    for (const name of ['temporal-schema', 'temporal-namespace']) {
      expect(serviceNamed(name).image).toMatch(`temporalio/admin-tools:${version}-`);
    }
  });

  it.each(services)('%s waits for what can come true', (_, { depends_on, profiles }) => {
    for (const [name, { condition }] of Object.entries(depends_on ?? {})) {
      const other = serviceNamed(name);
      const fits = {
        service_healthy: other.healthcheck !== undefined,
        service_completed_successfully: oneShot.includes(name),
        service_started: !oneShot.includes(name),
      };
      expect(fits, `${name}: ${condition}`).toMatchObject({ [condition]: true });
      expect(other.profiles ?? profiles).toEqual(profiles);
    }
  });

  it('has no circle of services that wait for each other', () => {
    const awaited = (name: string, path: readonly string[] = []): readonly string[] => {
      expect(path).not.toContain(name);
      const next = Object.keys(serviceNamed(name).depends_on ?? {});
      return [name, ...next.flatMap(other => awaited(other, [...path, name]))];
    };
    expect(awaited('ingest')).toContain('temporal-db');
    expect(new Set(services.flatMap(([name]) => awaited(name))).size).toBe(services.length);
  });

  it.each(services)('%s is started again when it fails, for ever or a few times', (name, { restart }) => {
    expect(restart).toMatch(oneShot.includes(name) ? /^on-failure:\d+$/ : /^unless-stopped$/);
  });

  it.each(services)('%s has a health check unless it ends by itself', (name, { healthcheck }) => {
    // Of the worker, its own comment says why.
    const unchecked = [...oneShot, 'worker'];
    expect(healthcheck === undefined).toBe(unchecked.includes(name));
    if (healthcheck === undefined) return;
    expect(Object.keys(healthcheck).sort()).toEqual([
      'interval',
      'retries',
      'start_period',
      'test',
      'timeout',
    ]);
    const { test } = healthcheck;
    expect(test[0]).toBe('CMD');
    expect(test.join(' ')).toContain('127.0.0.1');
  });

  it('keeps the data of every server in a volume of its own', () => {
    const mounted = services.flatMap(([, { volumes }]) => volumes ?? []).map(volume => volume.split(':'));
    expect(mounted.map(([name = '']) => name).sort()).toEqual(Object.keys(file.volumes).sort());
    expect(Object.fromEntries(mounted)).toEqual({
      'temporal-db': '/var/lib/postgresql/data',
      gold: '/var/lib/postgresql/data',
      s3: serviceNamed('s3').command?.at(-1),
    });
  });

  it('publishes on the loopback interface only, on the ports of the local stack', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports).toHaveLength(6);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    const numbered = variablesOf(composeText).filter(({ fallback }) => fallback !== '');
    expect(new Set(numbered.map(({ name }) => name)).size).toBe(ports.length);
    for (const { name, fallback } of numbered) {
      expect(name).toMatch(/PORT$/);
      expect(fallback).toBe(declarations[name as keyof typeof declarations].fallbackText);
    }
  });

  it('gives the worker longer than its forced end', () => {
    const forced = seconds(SHUTDOWN_FORCE_TIME);
    expect(forced).toBeGreaterThan(0);
    expect(seconds(serviceNamed('worker').stop_grace_period ?? '')).toBeGreaterThanOrEqual(forced + 5);
  });
});

describe('the services of our image', () => {
  it('are the roles', () => {
    expect(ours.map(([name]) => name)).toEqual(['migrate', 'worker', 'api', 'ingest', 'simulate']);
  });

  it.each(ours)('%s runs a command that there is', (name, { command = [] }) => {
    const source = repositoryFile(name === 'simulate' ? 'dev/cli.ts' : 'src/commands/program.ts');
    const commands = [...source.matchAll(/\.command\('(\w+)'\)/g)].map(([, one]) => one);
    expect(commands).toContain(command[0]);
    expect(command[0]).toBe(name);
  });

  it.each(ours)('%s gets only settings that we declare, or that the AWS SDK reads', name => {
    const known = [...Object.keys(declarations), ...KEYS];
    expect(known).toEqual(expect.arrayContaining(Object.keys(environmentOf(name))));
  });

  it('together get every setting, or this test says why not', () => {
    const handed = ours.flatMap(([name]) => Object.keys(environmentOf(name)));
    const settings = [...handed.filter(name => !KEYS.includes(name)), ...NOT_HANDED_OVER];
    expect([...new Set(settings)].sort()).toEqual(Object.keys(declarations).sort());
  });

  it('leave the defaults to the code, and pass on what is set', () => {
    const { worker, api } = { worker: environmentOf('worker'), api: environmentOf('api') };
    const passedOn = Object.keys(worker).filter(name => worker[name] === '');
    expect(passedOn).toContain('FILTER_WIKI');
    const config = loadConfig(worker);
    expect(config).toMatchObject({ FLUSH_MAX_SEC: 300, BUCKET: 'wikigauge', FILTER_WIKI: [] });
    expect(loadConfig(api)).toMatchObject({ HOST: '0.0.0.0', PORT: 5000, LOG_LEVEL: 'info' });

    const given = Object.fromEntries(passedOn.map(name => [name, `given ${name}`]));
    expect(environmentOf('worker', given)).toMatchObject(given);
    expect(loadConfig(environmentOf('worker', { FILTER_WIKI: 'enwiki,dewiki' })).FILTER_WIKI).toEqual([
      'enwiki',
      'dewiki',
    ]);
  });

  it('find the servers, with their passwords', () => {
    const { PG_DSN = '', ...worker } = environmentOf('worker');
    const gold = environmentOf('gold');
    expect(parseDsn(PG_DSN)).toEqual({
      host: 'gold',
      port: 5432,
      database: gold['POSTGRES_USER'],
      user: gold['POSTGRES_USER'],
      password: gold['POSTGRES_PASSWORD'],
    });
    for (const name of ['api', 'migrate']) expect(environmentOf(name)['PG_DSN']).toBe(PG_DSN);
    expect(worker).toMatchObject({
      TEMPORAL_ADDRESS: 'temporal:7233',
      AWS_ENDPOINT_URL: 'http://s3:7070',
      AWS_ACCESS_KEY_ID: environmentOf('s3')['ROOT_ACCESS_KEY_ID'],
      AWS_SECRET_ACCESS_KEY: environmentOf('s3')['ROOT_SECRET_ACCESS_KEY'],
    });
    expect(serviceNamed('s3').command).toContain('--port=:7070');
    for (const name of ['ingest', 'temporal-namespace', 'temporal-ui']) {
      expect(environmentOf(name)['TEMPORAL_ADDRESS']).toBe('temporal:7233');
    }
  });

  it('publish the port that the API prints, and probe it', () => {
    const env = { PORT: '5050', STACK_TEMPORAL_UI_PORT: '8000' };
    const { ports, healthcheck } = serviceNamed('api', env);
    expect(ports).toEqual(['127.0.0.1:5050:5050']);
    expect(healthcheck?.test.at(-1)).toBe('http://127.0.0.1:5050/healthz');
    const api = environmentOf('api', env);
    expect(api).toMatchObject({ HOST: '0.0.0.0', PORT: '5050', TEMPORAL_UI_URL: 'http://127.0.0.1:8000' });
    expect(serviceNamed('temporal-ui', env).ports).toEqual(['127.0.0.1:8000:8080']);
  });

  it('have a simulated stream where the file says, in its profile only', () => {
    const { command = [], profiles } = serviceNamed('simulate');
    const raw = command.slice(1).map(word => word.replace(/^--/, '').split('='));
    for (const [flag] of raw) expect(SIMULATE_OPTIONS.map(option => option.flag)).toContain(flag);
    const options = parseSimulateOptions(Object.fromEntries(raw));
    expect(options.host).toBe('0.0.0.0');
    expect(composeText).toContain(`EVENTSTREAMS_URL=http://simulate:${options.port}/v2/stream/recentchange`);
    expect(profiles).toEqual(['demo']);
    expect(services.filter(([, service]) => service.profiles !== undefined)).toHaveLength(1);
  });
});

describe('Dockerfile', () => {
  const stages = parseDockerfile(repositoryFile('Dockerfile'));
  const final = stages.find(stage => stage.name === 'production') as Stage;
  const stageNamed = (name: string): Stage => stages.find(stage => stage.name === name) as Stage;
  const values = (stage: Stage, instruction: string): string[] =>
    stage.instructions.filter(({ name }) => name === instruction).map(({ value }) => value);
  const fromRepository = (stage: Stage): string[] =>
    copiesOf(stage).flatMap(({ from, sources }) => (from === undefined ? sources : []));
  const exists = (path: string): boolean => existsSync(fileURLToPath(new URL(`../${path}`, import.meta.url)));

  it('stands on one exact Node', () => {
    const node = stages[0]?.from;
    expect(stages.map(({ from }) => from)).toEqual([node, node, node, 'production', 'production']);
    expect(stages.at(-1)?.instructions).toEqual([]);
    expect(stages[0]?.from).toMatch(/^node:\d+\.\d+\.\d+-[a-z]+-slim(@sha256:[0-9a-f]{64})?$/);
  });

  it('copies by name what is there, and .dockerignore lets nothing else in', () => {
    const copied = [...new Set(stages.flatMap(fromRepository))].sort();
    expect(copied.filter(path => !exists(path))).toEqual([]);
    const rules = repositoryFile('.dockerignore').split('\n');
    const [first, ...exceptions] = rules.filter(rule => rule !== '' && !rule.startsWith('#'));
    expect(first).toBe('*');
    expect(exceptions.sort()).toEqual(copied.map(path => `!${path}`).sort());
  });

  it('builds from everything that the build is made from', () => {
    const [, list = ''] = /const SOURCES = \[([^\]]*)\]/.exec(repositoryFile('scripts/build.mjs')) ?? [];
    const sources = [...list.matchAll(/'([^']+)'/g)].map(([, path = '']) => path);
    expect(sources).toContain('src');
    const given = fromRepository(stageNamed('build'));
    expect(sources.filter(path => !given.some(one => path === one || path.startsWith(`${one}/`)))).toEqual(
      [],
    );
  });

  it('runs the build’s output with production packages, and holds no lock file', () => {
    expect(copiesOf(final)).toEqual([
      { from: 'packages', sources: ['/app/node_modules'] },
      { from: 'build', sources: ['/app/dist'] },
      { from: undefined, sources: ['package.json', 'LICENSE'] },
    ]);
    expect(values(stageNamed('packages'), 'RUN').join()).toContain('npm ci --omit=dev --omit=optional');
    expect(values(final, 'RUN')).toEqual([]);
  });

  it('is not root', () => {
    const users = values(final, 'USER');
    expect(users).toHaveLength(1);
    expect(users[0]).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(final.instructions.findIndex(({ name }) => name === 'USER')).toBeGreaterThan(
      final.instructions.findLastIndex(({ name }) => name === 'COPY'),
    );
  });

  it('starts the program itself, without a shell that would keep its signals', () => {
    const [entry = ''] = values(final, 'ENTRYPOINT');
    const [node, program = ''] = JSON.parse(entry) as string[];
    expect(node).toBe('node');
    // The build compiles src/ to dist/src/; the entry of a clone runs the same file.
    expect(exists(program.replace(/^dist\//, '').replace(/\.js$/, '.ts'))).toBe(true);
    expect(repositoryFile('bin/wikigauge.mjs')).toContain(`'../${program}'`);
    expect(values(final, 'EXPOSE')).toEqual([declarations.PORT.fallbackText]);
  });
});
