/** Settings of a command: also those that AWS tools find, and an endpoint found in any way is addressed in path style. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { ensureHome, readConfig, readVariables } from '../../src/commands/environment.ts';
import { s3Settings } from '../../src/config/places.ts';
import { openS3 } from '../../src/store/s3.ts';
import { HostileS3 } from '../support/hostile-s3.ts';
import { temporaryFolder } from '../support/temporary.ts';

let s3: HostileS3;

beforeEach(async () => {
  s3 = await HostileS3.open();
  const unset = [
    'AWS_REGION',
    'AWS_DEFAULT_REGION',
    'AWS_PROFILE',
    'AWS_ENDPOINT_URL',
    'AWS_ENDPOINT_URL_S3',
  ];
  for (const name of unset) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await s3.close();
  });
});

function useProfile(text: string): void {
  const file = join(temporaryFolder(), 'config');
  writeFileSync(file, `[profile lab]\naws_access_key_id = key\naws_secret_access_key = secret\n${text}`);
  vi.stubEnv('AWS_CONFIG_FILE', file);
  vi.stubEnv('AWS_PROFILE', 'lab');
}

/** Reads an object, and returns what the server was asked for. */
async function asked(): Promise<unknown> {
  const store = openS3(s3Settings(readConfig()));
  onTestFinished(() => store.close());
  s3.objects.set('a', Buffer.from('x'));
  await store.get('a');
  return s3.requests.map(({ key, headers }) => [
    key,
    /us-[a-z]+-\d|eu-[a-z]+-\d/.exec(headers.authorization ?? '')?.[0],
  ]);
}

test('AWS_ENDPOINT_URL_S3 is asked in path style', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL_S3', s3.endpoint.replace('127.0.0.1', 'localhost'));
  expect(await asked()).toEqual([['a', 'us-east-1']]);
});

test('the endpoint of a profile is asked in path style, for the region of the profile', async () => {
  useProfile(`region = eu-west-3\nendpoint_url = ${s3.endpoint.replace('127.0.0.1', 'localhost')}\n`);
  expect(await asked()).toEqual([['a', 'eu-west-3']]);
});

test('commands that start servers of their own do not take those of a profile', () => {
  useProfile('endpoint_url = http://s3.test\n');
  expect(readVariables().AWS_ENDPOINT_URL).toBeUndefined();
});

test('a user without a home gets the root folder, and any other home stays', () => {
  const nameless = (): string => {
    throw new Error('uv_os_homedir returned ENOENT');
  };
  const homeOf = (env: NodeJS.ProcessEnv, find: () => string): string | undefined => {
    ensureHome(env, find);
    return env['HOME'];
  };
  expect(homeOf({}, nameless)).toBe('/');
  expect(homeOf({ HOME: '' }, nameless)).toBe('/');
  expect(homeOf({ HOME: '/data' }, nameless)).toBe('/data');
  expect(homeOf({}, () => '/home/me')).toBeUndefined();
});
