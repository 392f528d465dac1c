/**
 * A bucket whose Object Lock retains every version for years: nothing can be deleted there, only hidden by newer
 * versions and markers. A whole pipeline with gold in S3 works on it, its lease and its finished days too.
 */
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { GOLD_DAYS, goldDayKey } from '../../src/contracts/storage/object-keys.ts';
import { TASK_QUEUE, compactDayId } from '../../src/contracts/temporal/names.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { withLease } from '../../src/store/lease.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import type { compactDay, transformRange } from '../../src/workflows/index.ts';
import { runCli } from '../support/cli.ts';
import { bronzeEvents, rowsInS3, untilExact } from '../support/exactness.ts';
import { startMoto } from '../support/moto.ts';
import type { Moto } from '../support/moto.ts';
import { commitEdits } from '../support/parts.ts';
import { startProcess } from '../support/processes.ts';
import { untilHolds } from '../support/until.ts';
import { verifyWorld } from '../support/verify.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const MINUTE = 60_000;
const DAY = '2026-11-01';
const RANGE = [`${DAY}T00:00:00Z`, `${DAY}T24:00:00Z`] as const;
const at = (hour: number): number => Date.parse(RANGE[0]) / 1000 + hour * 3_600;

describe('a bucket that retains every object', () => {
  let moto: Moto;
  let s3: S3Client;
  let wikimedia: Wikimedia;
  let world: World;
  let worker: Child;
  let env: Record<string, string>;

  beforeAll(async () => {
    moto = await startMoto();
    const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    s3 = new S3Client({ endpoint: moto.url, region: 'us-east-1', forcePathStyle: true, credentials });
    world = await openWorld({
      gold: 's3',
      stack: { ...inject('stackEnv'), ...keys, AWS_ENDPOINT_URL: moto.url },
      makeBucket: async Bucket => {
        await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
        const Rule = { DefaultRetention: { Mode: 'COMPLIANCE' as const, Years: 5 } };
        const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled' as const, Rule };
        await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
      },
    });
    wikimedia = await startWikimedia({ port: 0, rate: 20 });
    env = { FLUSH_MIN_LINES: '500', FLUSH_MAX_SEC: '1', EVENTSTREAMS_URL: wikimedia.streamUrl };
    worker = await startProcess(world, 'worker', { env });
  }, 300_000);
  afterAll(async () => {
    await worker.stop();
    await world.close();
    await wikimedia.close();
    s3.destroy();
    await moto.server.stop();
  });

  const Bucket = (): string => world.env['BUCKET'] ?? '';
  const versions = async () =>
    (await s3.send(new ListObjectVersionsCommand({ Bucket: Bucket() }))).Versions ?? [];
  const transform = () =>
    world.client.workflow.execute<typeof transformRange>('transformRange', {
      taskQueue: TASK_QUEUE,
      workflowId: 'transform',
      args: [{ from: RANGE[0], to: RANGE[1] }],
    });
  const compact = () =>
    world.client.workflow.execute<typeof compactDay>('compactDay', {
      taskQueue: TASK_QUEUE,
      workflowId: compactDayId(DAY),
      args: [{ day: DAY }],
    });

  test('really does: a version cannot be deleted', async () => {
    const [version] = await versions();
    const { Key, VersionId } = version ?? {};
    const command = new DeleteObjectCommand({ Bucket: Bucket(), Key, VersionId });
    await expect(s3.send(command)).rejects.toThrow(/access denied|lock/i);
  });

  test('takes events from the stream, also those of a worker that was killed in between', async () => {
    const from = Math.floor(Date.now() / MINUTE) * MINUTE - 5 * MINUTE;
    await startIngest(world.client, INGEST_ID, { since: new Date(from).toISOString() });
    const handle = world.client.workflow.getHandle(INGEST_ID);
    await untilHolds(async () =>
      expect((await handle.query<{ events: number }>('progress')).events).toBeGreaterThan(1_000),
    );
    await worker.kill();
    worker = await startProcess(world, 'worker', { env });
    const until = Math.floor(Date.now() / MINUTE) * MINUTE;
    await untilExact(world, wikimedia.url, new Date(from).toISOString(), new Date(until).toISOString());
    await handle.signal('stop');
    await handle.result();
    const ids = (await bronzeEvents(world)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('has its hours and days replaced by newer versions', async () => {
    await commitEdits(
      world,
      [at(1), at(2), at(3)].map(timestamp => ({ timestamp })),
    );
    await transform();
    expect(await compact()).toMatchObject({ rows: 3, isChanged: true });
    await commitEdits(world, [{ timestamp: at(2) + 60, wiki: 'lvwiki' }]);
    await transform();
    expect(await compact()).toMatchObject({ rows: 4, isChanged: true });
    expect(await rowsInS3(world, ...RANGE, GOLD_DAYS)).toEqual(await rowsInS3(world, ...RANGE));
    const days = (await versions()).filter(({ Key }) => Key === goldDayKey(DAY));
    expect(days.length).toBeGreaterThan(1);
  });

  test('has a lease that is taken, released and taken again', async () => {
    const held: string[] = [];
    const lease = { key: 'gold/_lease', onWait: () => undefined, pollMs: 20 };
    const work = (name: string) => async (): Promise<void> => void held.push(name);
    await withLease(world.store, lease, work('first'));
    await Promise.all([
      withLease(world.store, lease, work('second')),
      withLease(world.store, lease, work('third')),
    ]);
    expect(held[0]).toBe('first');
    expect(held.slice(1).sort()).toEqual(['second', 'third']);
  });

  test('hides what is removed', async () => {
    await world.store.remove(goldDayKey(DAY));
    expect(await world.store.read(goldDayKey(DAY))).toBeUndefined();
    expect(await compact()).toMatchObject({ rows: 4, isChanged: true });
    expect(await world.store.read(goldDayKey(DAY))).toBeDefined();
  });

  test('takes the rules of `lifecycle`, and verifies', async () => {
    const { code, stdout } = await runCli(world, ['lifecycle']);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('wikigauge-bronze') });
    expect(await verifyWorld(world, { from: RANGE[0], to: RANGE[1] })).toMatchObject({ code: 0 });
  });
});
