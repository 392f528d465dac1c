/**
 * A whole pipeline, gold in S3 too, on a store that answers in all the ways that stores, proxies and expired credentials
 * do. What refuses is shown with its cause and its remedy while it lasts, and heals by itself; what is only odd goes
 * unnoticed. At the end every row is right.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import type { Trouble } from '../../src/contracts/temporal/trouble.ts';
import { TASK_QUEUE, compactDayId } from '../../src/contracts/temporal/names.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { readerOf } from '../../src/temporal/pipeline-reader.ts';
import { openS3Gold } from '../../src/gold/parquet/parquet-gold.ts';
import { openS3 } from '../../src/store/s3.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { bronzeEvents, untilExact } from '../support/exactness.ts';
import { sampled } from '../support/form.ts';
import { errorXml } from '../support/hostile-s3.ts';
import type { S3Request, ScriptedAnswer } from '../support/hostile-s3.ts';
import { commitEdits } from '../support/parts.ts';
import { startProcess } from '../support/processes.ts';
import { S3Edge } from '../support/s3-edge.ts';
import { LOG_KEYS } from '../support/stream.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const MINUTE = 60_000;
const OFTEN = { FLUSH_MIN_LINES: '200', FLUSH_MAX_SEC: '1' };
const XML = { 'content-type': 'application/xml' };
const PAGE = {
  headers: { 'content-type': 'text/html' },
  body: '<!DOCTYPE html><html><body>Sign in</body></html>',
};

let wikimedia: Wikimedia;
let world: World;
let edge: S3Edge;
let worker: Child;
let fromMs: number;

beforeAll(async () => {
  wikimedia = await startWikimedia({ port: 0, rate: 20 });
  world = await openWorld({ gold: 's3' });
  edge = await S3Edge.open(world.env['AWS_ENDPOINT_URL'] ?? '');
  worker = await startProcess(world, 'worker', {
    env: { ...OFTEN, EVENTSTREAMS_URL: wikimedia.streamUrl, AWS_ENDPOINT_URL: edge.endpoint },
  });
  fromMs = Math.floor(Date.now() / MINUTE) * MINUTE - 5 * MINUTE;
  await startIngest(world.client, INGEST_ID, { since: new Date(fromMs).toISOString() });
  await untilCommitted();
});
afterAll(async () => {
  await worker.stop();
  await edge.close();
  await world.close();
  await wikimedia.close();
});

interface Progress {
  readonly stage: string;
  readonly commits: number;
  readonly troubles?: readonly Trouble[];
}

const progress = (): Promise<Progress> =>
  world.client.workflow.getHandle(INGEST_ID).query<Progress>('progress');

function run(type: string, workflowId: string, input: unknown): Promise<unknown> {
  return world.client.workflow.execute(type, { taskQueue: TASK_QUEUE, workflowId, args: [input] });
}

/** Resolves once ingest reads without trouble and has committed a few times more. */
async function untilCommitted(): Promise<void> {
  const { commits } = await untilHolds(progress);
  await untilHolds(async () => {
    const now = await progress();
    expect(now).toMatchObject({ stage: 'streaming' });
    expect(now.troubles).toBeUndefined();
    expect(now.commits).toBeGreaterThan(commits + 2);
  });
}

const refusals: readonly (readonly [name: string, answer: ScriptedAnswer, what: RegExp, remedy: RegExp])[] = [
  [
    '400 that names another region',
    { status: 400, headers: { 'x-amz-bucket-region': 'eu-central-1' }, body: errorXml('IllegalLocation') },
    /IllegalLocation/,
    /set AWS_REGION=eu-central-1/,
  ],
  [
    '301 to another region',
    { status: 301, headers: { 'x-amz-bucket-region': 'eu-west-3' }, body: errorXml('PermanentRedirect') },
    /PermanentRedirect/,
    /set AWS_REGION=eu-west-3/,
  ],
  [
    '400 ExpiredToken',
    { status: 400, body: errorXml('ExpiredToken') },
    /ExpiredToken/,
    /credentials expired/,
  ],
  [
    '403 RequestTimeTooSkewed',
    { status: 403, body: errorXml('RequestTimeTooSkewed') },
    /RequestTimeTooSkewed/,
    /clock of this machine/,
  ],
  ['403 AccessDenied', { status: 403, body: errorXml('AccessDenied') }, /AccessDenied/, /Allow s3:/],
  ['403 with a page', { status: 403, ...PAGE }, /403 with an HTML page/, /This is not S3/],
  ['404 NoSuchBucket', { status: 404, body: errorXml('NoSuchBucket') }, /NoSuchBucket/, /Create bucket/],
  ['404 with a page', { status: 404, ...PAGE }, /404 with an HTML page/, /This is not S3/],
  ['200 with a page', { status: 200, ...PAGE }, /200 with an HTML page/, /This is not S3/],
  [
    '200 with an error',
    { status: 200, headers: XML, body: errorXml('InternalError') },
    /InternalError/,
    /is reachable/,
  ],
  ['503 SlowDown', { status: 503, body: errorXml('SlowDown') }, /SlowDown/, /is reachable/],
  [
    '501 NotImplemented',
    { status: 501, body: errorXml('NotImplemented') },
    /NotImplemented/,
    /another S3|conditional writes/,
  ],
];

describe.each(sampled(refusals, 4))('%s to every request', (_, answer, what, remedy) => {
  test('is the trouble that progress and the API show, the log says what to do, and it heals', async () => {
    const before = (await readFile(worker.logFile, 'utf8')).length;
    edge.script = () => answer;
    const trouble = { kind: 'storage', what: expect.stringMatching(what) };
    const seen = await untilHolds(async () => {
      const now = await progress();
      expect(now).toMatchObject({ stage: 'troubled', troubles: [trouble] });
      return now;
    });
    expect(await readerOf(() => world.client, INGEST_ID)()).toMatchObject({
      kind: 'known',
      ingest: { status: 'running', stage: 'troubled', troubles: [trouble], attempt: 1 },
    });
    expect(JSON.stringify(seen)).not.toContain('Sign in');
    expect((await readFile(worker.logFile, 'utf8')).slice(before)).toMatch(remedy);
    edge.script = undefined;
    await untilCommitted();
  });
});

describe('goes unnoticed:', () => {
  /** Whether ingest goes on although the store answers like this, and has met such answers. */
  const isUnnoticed = async (script: S3Edge['script'], isStruck: () => boolean): Promise<boolean> => {
    edge.script = script;
    await untilHolds(() => expect(isStruck()).toBe(true));
    await untilCommitted();
    const { troubles } = await progress();
    edge.script = undefined;
    return troubles === undefined;
  };

  test('a store that wants a digest with each PUT', async () => {
    let asked = 0;
    let given = 0;
    const unnoticed = await isUnnoticed(
      ({ call, headers }) => {
        if (call !== 'PUT') return undefined;
        if (headers['content-md5'] !== undefined) given += 1;
        else asked += 1;
        return headers['content-md5'] === undefined
          ? { status: 400, headers: XML, body: errorXml('InvalidRequest') }
          : undefined;
      },
      () => given > 3,
    );
    expect(unnoticed).toBe(true);
    expect(asked).toBeGreaterThan(0);
    // It is not asked for again and again.
    expect(asked).toBeLessThan(given);
  });

  test('answers in chunks of unknown length', async () => {
    edge.isChunked = true;
    expect(await isUnnoticed(undefined, () => true)).toBe(true);
    edge.isChunked = false;
  });
});

test('412 to a record that is not there afterwards is tried again with pauses, and heals', async () => {
  const isRecord = ({ call, key }: S3Request): boolean => call === 'PUT' && key.startsWith(LOG_KEYS.prefix);
  const refused: number[] = [];
  edge.script = request => {
    if (!isRecord(request) || refused.length >= 6) return undefined;
    refused.push(performance.now());
    return { status: 412, headers: XML, body: errorXml('PreconditionFailed') };
  };
  await untilHolds(() => expect(refused.length).toBe(6));
  edge.script = undefined;
  // Without pauses, six tries take less than half a second.
  expect((refused.at(-1) ?? 0) - (refused[0] ?? 0)).toBeGreaterThan(1_000);
  await untilCommitted();
});

test('afterwards every event is stored once, and every row is right', async () => {
  const until = Math.floor(Date.now() / MINUTE) * MINUTE;
  await untilExact(world, wikimedia.url, new Date(fromMs).toISOString(), new Date(until).toISOString());
  const stored = await bronzeEvents(world);
  expect(new Set(stored.map(event => event.id)).size).toBe(stored.length);
});

test('404 with an empty body for what is not there, and whole objects for ranges, are understood', async () => {
  const day = '2026-11-01';
  const range = { from: `${day}T00:00:00Z`, to: `${day}T24:00:00Z` };
  // Another writer ends ingest, so it is last.
  await world.client.workflow.getHandle(INGEST_ID).signal('stop');
  await world.client.workflow.getHandle(INGEST_ID).result();
  await commitEdits(
    world,
    [1, 2, 3].map(hour => ({ timestamp: Date.parse(`${day}T0${hour}:30:00Z`) / 1000 })),
  );
  let empty = 0;
  edge.script = async ({ call, key }) => {
    if (call !== 'GET' || (await world.store.get(key)) !== undefined) return undefined;
    empty += 1;
    return { status: 404 };
  };
  await run('transformRange', 'transform', range);
  expect(empty).toBeGreaterThan(0);
  edge.script = undefined;

  // A finished day is read from the end of its object, and then the wiki that was asked for.
  await run('compactDay', compactDayId(day), { day });
  const before = edge.wholes;
  edge.wholeOf = async key => (await world.store.get(key))?.body ?? Buffer.alloc(0);
  const bucket = world.env['BUCKET'] ?? '';
  const store = openS3({ bucket, region: 'us-east-1', endpoint: edge.endpoint });
  const edits = await openS3Gold(store).edits('enwiki', Date.parse(range.from) / 1000);
  expect(edits.filter(({ minute }) => minute < Date.parse(range.to) / 1000)).toHaveLength(3);
  expect(edge.wholes).toBeGreaterThan(before);
  store.close();
});
