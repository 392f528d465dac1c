/** The settings: documented defaults, accepted and rejected values, and generated documents that are up to date. */
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { configurationPage, envExample } from '../../scripts/docs.mjs';
import { declarations, loadConfig } from '../../src/config/declarations.ts';
import { ConfigurationError } from '../../src/config/kinds.ts';

function refusal(env: Readonly<Record<string, string>>): string {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('defaults', () => {
  test('are the documented ones', () => {
    expect(loadConfig({})).toMatchObject({
      FILTER_WIKI: [],
      FLUSH_MIN_LINES: 20_000,
      FLUSH_MAX_SEC: 300,
      HOURS: 1_440,
      HOST: '127.0.0.1',
      PORT: 5_000,
      GOLD: ['postgres'],
      EVENTSTREAMS_URL: 'https://stream.wikimedia.org/v2/stream/recentchange',
      LATENESS_SEC: 300,
      EDIT_TYPES: ['edit'],
      WIKIGAUGE_HOME: '.wikigauge',
      STACK_TEMPORAL_PORT: 7_233,
      STACK_TEMPORAL_UI_PORT: 8_233,
      STACK_POSTGRES_PORT: 5_433,
      STACK_S3_PORT: 7_070,
      PG_DSN: undefined,
      AWS_PROFILE: undefined,
      AWS_ENDPOINT_URL: undefined,
      TEMPORAL_ADDRESS: undefined,
      TEMPORAL_NAMESPACE: undefined,
      TEMPORAL_API_KEY: undefined,
      TEMPORAL_PROFILE: undefined,
    });
  });

  test('are valid values', () => {
    const env = Object.entries(declarations).map(([name, { fallbackText }]) => [name, fallbackText]);
    expect(loadConfig(Object.fromEntries(env) as Record<string, string>)).toEqual(loadConfig({}));
  });

  test('include a User-Agent with a contact, as Wikimedia requires', () => {
    expect(loadConfig({}).USER_AGENT).toMatch(/^wikigauge\/\S+ \(https:\/\/\S+\)$/);
  });
});

describe('accepted values', () => {
  test.each([
    ['FILTER_WIKI', 'enwiki', ['enwiki']],
    ['FILTER_WIKI', ' enwiki , dewiki,enwiki ', ['enwiki', 'dewiki']],
    ['FILTER_WIKI', 'zh_min_nanwiki', ['zh_min_nanwiki']],
    ['EDIT_TYPES', 'edit,new', ['edit', 'new']],
    ['EDIT_TYPES', 'new', ['new']],
    ['FLUSH_MIN_LINES', '1', 1],
    ['FLUSH_MAX_SEC', '1', 1],
    ['LATENESS_SEC', '0', 0],
    ['PORT', '0', 0],
    ['PORT', '65535', 65_535],
    ['BUCKET', 'my-bucket.v2', 'my-bucket.v2'],
    ['USER_AGENT', 'x (me@example.org)', 'x (me@example.org)'],
    ['USER_AGENT', 'x (https://example.org/me)', 'x (https://example.org/me)'],
    ['PG_DSN', 'host=h dbname=d', 'host=h dbname=d'],
    ['PG_DSN', 'postgres://u:p@h/d', 'postgres://u:p@h/d'],
    ['TEMPORAL_ADDRESS', 'temporal.example.org:7233', 'temporal.example.org:7233'],
    ['AWS_ENDPOINT_URL', 'http://127.0.0.1:7070', 'http://127.0.0.1:7070'],
  ])('%s=%s', (name, given, value) => {
    expect(loadConfig({ [name]: given })).toMatchObject({ [name]: value });
  });
});

describe('rejected values', () => {
  test.each([
    ['FLUSH_MIN_LINES', '-1'],
    ['FLUSH_MIN_LINES', '0'],
    ['FLUSH_MIN_LINES', '20k'],
    ['FLUSH_MAX_SEC', '0'],
    ['FLUSH_MAX_SEC', '5m'],
    ['LATENESS_SEC', '-1'],
    ['HOURS', '0'],
    ['HOURS', '1.5'],
    ['PORT', 'abc'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['GOLD', 'mysql'],
    ['GOLD', 'Postgres'],
    ['FILTER_WIKI', 'en.wikipedia.org'],
    ['FILTER_WIKI', 'enwiki dewiki'],
    ['FILTER_WIKI', 'enwiki;dewiki'],
    ['EDIT_TYPES', 'edits'],
    ['EDIT_TYPES', ','],
    ['BUCKET', 'My_Bucket'],
    ['BUCKET', 'ab'],
    ['BUCKET', 's3://bucket'],
    ['AWS_REGION', 'eu central 1'],
    ['AWS_ENDPOINT_URL', '127.0.0.1:7070'],
    ['EVENTSTREAMS_URL', 'stream.wikimedia.org'],
    ['USER_AGENT', 'wikigauge/1.0'],
    ['USER_AGENT', 'curl/8.0'],
    ['USER_AGENT', 'x/1 – (https://example.org)'],
    ['USER_AGENT', 'вики/1 (me@example.org)'],
    ['SIMULATE_PORT', 'http://10.0.0.1:80'],
    ['PG_DSN', 'mysql://u:p@h/d'],
    ['PG_DSN', 'h'],
    ['TEMPORAL_ADDRESS', '127.0.0.1'],
    ['TEMPORAL_ADDRESS', 'http://127.0.0.1:7233/'],
    ['TEMPORAL_NAMESPACE', 'two words'],
    ['LOG_LEVEL', 'verbose'],
  ])('%s=%s', (name, given) => {
    const message = refusal({ [name]: given });
    const got = name === 'PG_DSN' ? '(hidden)' : JSON.stringify(given);
    const [, line = ''] = message.split('\n');
    expect(line.startsWith(`  ${name}: expected `)).toBe(true);
    expect(line).toContain(`, got ${got}. ${name === 'PG_DSN' ? 'It cannot be read' : 'Example: '}`);
    expect(line).toContain(`. Example: ${name}=`);
    expect(line).not.toMatch(/\.\.|, which [^.]*, which /);
  });

  test('are all reported at once', () => {
    const message = refusal({
      FLUSH_MIN_LINES: '-1',
      GOLD: 'mysql',
      PORT: 'abc',
      BUCKET: 'fine-bucket',
      FILTER_WIKI: 'a b',
    });
    expect(message).toMatch(/^4 settings are wrong:\n/);
    const named = message.match(/^ {2}\w+(?=:)/gm)?.map(name => name.trim());
    expect(named?.toSorted()).toEqual(['FILTER_WIKI', 'FLUSH_MIN_LINES', 'GOLD', 'PORT']);
  });

  test.each([
    ['host=h passwrd=hunter2', 'got (hidden). It has the unknown keyword passwrd. Example: '],
    [
      'host=h tcp_user_timeout=5000',
      'got (hidden). It has the keyword tcp_user_timeout, which is not supported: remove it, because every statement has a time limit of its own. Example: ',
    ],
    [
      'postgres://h/d?service=x',
      'It has the keyword service, which is not supported: copy its keywords from the service file into PG_DSN. Example: ',
    ],
    [
      'host=h sslmode=requird',
      'It has the sslmode "requird"; expected disable, allow, prefer, require, verify-ca or verify-full. Example: ',
    ],
    [
      'host=h gssencmode=require',
      'It has the gssencmode "require", which is not supported: encrypt with sslmode=require instead. Example: ',
    ],
  ])('name what is wrong in PG_DSN: %s', (dsn, why) => {
    expect(refusal({ PG_DSN: dsn })).toContain(why);
  });

  test.each([
    'host=h password=hunter2 colour=blue',
    "host=h password='hunter2",
    'password=hunter2 port=x',
    'postgres://user:hunter2@h:99999/d',
    'mysql://user:hunter2@h/d',
  ])('never show the password in PG_DSN', dsn => {
    const message = refusal({ PG_DSN: dsn });
    expect(message).toContain('PG_DSN: expected');
    expect(message).not.toContain('hunter2');
  });
});

describe('examples', () => {
  test.each(Object.entries(declarations))('of %s is valid', (name, { example }) => {
    // As a shell or a .env file reads it.
    const given = parseEnv(`${name}=${example}`)[name];
    expect(given).not.toBe('');
    expect(() => loadConfig({ [name]: given })).not.toThrow();
  });
});

describe('generated documents', () => {
  const onDisk = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

  test('.env.example is up to date (else run: node scripts/docs.mjs)', () => {
    expect(onDisk('.env.example')).toBe(envExample(declarations));
  });

  test('docs/configuration.md is up to date (else run: node scripts/docs.mjs)', () => {
    expect(onDisk('docs/configuration.md')).toBe(configurationPage(declarations));
  });

  test('.env.example is a valid environment with every line uncommented', () => {
    const uncommented = envExample(declarations).replaceAll(/^# (?=[A-Z0-9_]+=)/gm, '');
    const env = parseEnv(uncommented);
    expect(Object.keys(env).toSorted()).toEqual(Object.keys(declarations).toSorted());
    expect(() => loadConfig(env)).not.toThrow();
  });

  test('.env.example has the defaults that the stream check reads from it', () => {
    // As dev/bootstrap/stream-check.mjs reads it.
    const example = (name: string): string | undefined =>
      new RegExp(`^#?\\s*${name}=["']?(.*?)["']?$`, 'm').exec(envExample(declarations))?.[1]?.trim();
    expect(example('EVENTSTREAMS_URL')).toBe(declarations.EVENTSTREAMS_URL.fallback);
    expect(example('USER_AGENT')).toBe(declarations.USER_AGENT.fallback);
  });

  test('name every setting and mark the secret ones', () => {
    const page = configurationPage(declarations);
    for (const [name, { secret }] of Object.entries(declarations)) {
      const row = page.split('\n').find(line => line.startsWith(`| \`${name}\``)) ?? '';
      expect([name, row.includes('(secret)')]).toEqual([name, secret]);
    }
  });
});
