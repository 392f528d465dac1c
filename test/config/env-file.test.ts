/** `.env` files and variables as people's tools write them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { readConfig } from '../../src/commands/environment.ts';
import { loadConfig } from '../../src/config/declarations.ts';
import { parseEnvFile } from '../../src/config/env-file.ts';
import { temporaryFolder } from '../support/temporary.ts';

describe('a .env file', () => {
  test('may start with a byte order mark', () => {
    expect(parseEnvFile('\uFEFFBUCKET=mine\nPORT=1\n')).toEqual({ BUCKET: 'mine', PORT: '1' });
  });

  test('may have Windows line ends, comments and quotes', () => {
    expect(parseEnvFile(`# a comment\r\nBUCKET="mine"\r\nUSER_AGENT='x (me@example.org)'\r\n`)).toEqual({
      BUCKET: 'mine',
      USER_AGENT: 'x (me@example.org)',
    });
  });
});

describe('variables', () => {
  test.each([
    ['"mine"', 'mine'],
    ["'mine'", 'mine'],
    [' "mine" ', 'mine'],
    ['mine', 'mine'],
  ])('BUCKET=%s, as docker passes it on, is %s', (given, bucket) => {
    expect(loadConfig({ BUCKET: given }).BUCKET).toBe(bucket);
  });

  test('quotes of a keyword string are its own', () => {
    const dsn = "host=h password='two words'";
    expect(loadConfig({ PG_DSN: dsn }).PG_DSN).toBe(dsn);
    expect(loadConfig({ PG_DSN: `"${dsn}"` }).PG_DSN).toBe(dsn);
  });

  test.each(['SIMULATE_PORT', 'STACK_S3_PORT', 'STACK_POSTGRES_PORT'])(
    '%s of a service beside us is not a setting',
    name => {
      expect(loadConfig({ [name]: 'tcp://10.96.0.1:8080' })).toEqual(loadConfig({}));
    },
  );

  test('PORT is always a setting', () => {
    expect(() => loadConfig({ PORT: 'tcp://10.96.0.1:8080' })).toThrow('PORT: expected a whole number');
  });
});

describe('a process', () => {
  const folder = process.cwd();
  afterEach(() => {
    process.chdir(folder);
    vi.unstubAllEnvs();
  });

  test('reads a file with a byte order mark, and takes quotes off what its SDKs read', () => {
    const home = temporaryFolder();
    writeFileSync(join(home, '.env'), '\uFEFFBUCKET=mine\nPORT=1\n');
    vi.stubEnv('BUCKET', undefined);
    vi.stubEnv('PORT', '2');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', '"secret"');
    process.chdir(home);
    expect(readConfig()).toMatchObject({ BUCKET: 'mine', PORT: 2 });
    expect(process.env['AWS_SECRET_ACCESS_KEY']).toBe('secret');
  });
});
