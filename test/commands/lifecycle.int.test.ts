/** `npm run lifecycle` on an S3 that supports lifecycle rules, and on the local gateway, which does not. */
import {
  CreateBucketCommand,
  GetBucketLifecycleConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { startMoto } from '../support/moto.ts';
import type { Moto } from '../support/moto.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('on an S3 with lifecycle rules', () => {
  const Bucket = 'with-rules';
  const foreign = {
    ID: 'backups',
    Status: 'Enabled' as const,
    Filter: { Prefix: 'backups/' },
    Expiration: { Days: 365 },
  };
  let moto: Moto;
  let client: S3Client;
  beforeAll(async () => {
    moto = await startMoto();
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    client = new S3Client({ endpoint: moto.url, region: 'us-east-1', forcePathStyle: true, credentials });
    await client.send(new CreateBucketCommand({ Bucket }));
  }, 300_000);
  afterAll(async () => {
    client.destroy();
    await moto.server.stop();
  });

  const env = () => ({
    AWS_ENDPOINT_URL: moto.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    BUCKET: Bucket,
  });
  const lifecycle = (...flags: string[]) => runCli(world, ['lifecycle', ...flags], { env: env() });
  const old = (days: number) => ({ NoncurrentVersionExpiration: { NoncurrentDays: days } });
  const rules = async () =>
    (await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules ?? [];

  test('--dry-run shows the new rules and writes nothing', async () => {
    const { code, stdout } = await lifecycle('--dry-run');
    expect(stdout).toContain(
      'before:\n  (no rules)\nwould change (dry run, nothing was written):\n  + wikigauge-bronze',
    );
    expect(code).toBe(0);
    await expect(rules()).rejects.toThrow('lifecycle configuration does not exist');
  });

  test('adds its rules once and keeps the others', async () => {
    await client.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [foreign] } }),
    );
    const { code, stdout } = await lifecycle();
    expect(stdout).toContain('after:\n  backups: backups/ deleted after 365 days\n  wikigauge-bronze:');
    expect(code).toBe(0);
    expect(await rules()).toMatchObject([
      foreign,
      { Filter: { Prefix: 'bronze/' }, Expiration: { Days: 7 }, Status: 'Enabled', ...old(1) },
      { Filter: { Prefix: 'deadletter/' }, Expiration: { Days: 7 }, Status: 'Enabled', ...old(1) },
      {
        Filter: { Prefix: 'gold/' },
        Transitions: [{ Days: 30, StorageClass: 'INTELLIGENT_TIERING' }],
        ...old(7),
      },
    ]);
    expect((await lifecycle()).stdout).toContain('nothing to change');
  });

  test('replaces its rules when the days change', async () => {
    const { stdout } = await lifecycle('--bronze-days', '14', '--gold-days', '60');
    expect(stdout).toContain('- wikigauge-bronze: bronze/ deleted after 7 days');
    expect(stdout).toContain('+ wikigauge-gold: gold/ to INTELLIGENT_TIERING after 60 days');
    expect(await rules()).toHaveLength(4);
  });

  test('names a bucket that does not exist', async () => {
    const { code, output } = await runCli(world, ['lifecycle'], { env: { ...env(), BUCKET: 'nowhere' } });
    expect(output).toContain('Create bucket nowhere or correct BUCKET');
    expect(code).toBe(1);
  });
});

test('fails on the local gateway, which has no lifecycle rules, and says what to do', async () => {
  const { code, output } = await runCli(world, ['lifecycle']);
  expect(output).toContain('does not support lifecycle rules (501, not implemented); nothing was changed');
  expect(output).toContain(
    'Delete old objects under bronze/ and deadletter/ with a scheduled job of your own',
  );
  expect(code).toBe(1);
});

test.each([
  ['--bronze-days', '0'],
  ['--bronze-days', 'week'],
  ['--gold-days', '1.5'],
])('rejects %s %s', async (flag, days) => {
  const { code, output } = await runCli(world, ['lifecycle', flag, days]);
  expect(output).toContain(
    `${flag}: expected a whole number of days from 1 to 36500, got "${days}". Example:`,
  );
  expect(code).toBe(1);
});
