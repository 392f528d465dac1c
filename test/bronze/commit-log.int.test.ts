/** The commit log on the real S3 gateway: one of several writers wins (invariant 3), and nothing is overwritten (4). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommitRecord, LogRecord, Writer } from '../../src/contracts/storage/log-record.ts';
import { CommitLog, FencedError } from '../../src/bronze/commit-log.ts';
import type { Draft } from '../../src/bronze/commit-log.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { LOG_KEYS } from '../support/stream.ts';

const persistence = { signal: AbortSignal.timeout(60_000) };
const draft: Draft = {
  parts: [],
  deadLetters: [],
  skipped: { canaries: 1, duplicates: 0, filtered: 0 },
  cursor: { topics: { eqiad: { partition: 0, timestampMs: 1_000 } } },
  storedToMs: 500,
};
const writer = (attempt: string, workflowId = 'ingest'): Writer => ({
  attempt,
  workflowId,
  runId: `run-${attempt}`,
});

describe('commit log', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  test('an epoch starts with a fence that has the last cursor', async () => {
    const first = await CommitLog.open(world.store, LOG_KEYS, writer('a'), persistence);
    expect(first.fence).toBe(1);
    await first.commit(draft, persistence);
    const second = await CommitLog.open(world.store, LOG_KEYS, writer('b'), {
      ...persistence,
      acknowledged: 2,
    });
    expect(second.tail).toMatchObject({
      sequence: 3,
      kind: 'fence',
      previousEpoch: 1,
      cursor: draft.cursor,
      storedToMs: 500,
    });
  });

  test('an older writer is fenced, learns by whom, and writes nothing', async () => {
    const older = await CommitLog.open(world.store, LOG_KEYS, writer('c'), persistence);
    const newer = await CommitLog.open(world.store, LOG_KEYS, writer('d', 'other'), persistence);
    const failure = await older.commit(draft, persistence).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FencedError);
    expect((failure as FencedError).by).toMatchObject({ attempt: 'd', workflowId: 'other' });
    expect((await newer.commit(draft, persistence)).sequence).toBe(newer.fence + 1);
  });

  test('a PUT that was stored although its response was lost is recognised as our own', async () => {
    const flaky = losingResponses(world.store);
    const log = await CommitLog.open(flaky, LOG_KEYS, writer('e'), persistence);
    const record = await log.commit(draft, persistence);
    expect(JSON.parse(text((await world.store.get(LOG_KEYS.keyOf(record.sequence)))?.body))).toMatchObject({
      writer: writer('e'),
    });
  });

  test('of many writers that start together each gets an epoch, and only the last can commit', async () => {
    const names = Array.from({ length: 8 }, (_, i) => `race${i}`);
    const logs = await Promise.all(
      names.map(name => CommitLog.open(world.store, LOG_KEYS, writer(name), persistence)),
    );
    expect(new Set(logs.map(log => log.fence)).size).toBe(names.length);
    const outcomes = await Promise.allSettled(logs.map(log => log.commit(draft, persistence)));
    const committed = outcomes.flatMap(outcome =>
      outcome.status === 'fulfilled' ? outcome.value.sequence : [],
    );
    expect(committed).toEqual([Math.max(...logs.map(log => log.fence)) + 1]);
  });

  test('reads backwards and forwards across all epochs without holes', async () => {
    const log = await CommitLog.open(world.store, LOG_KEYS, writer('f'), persistence);
    const backwards: LogRecord[] = [];
    for await (const record of log.backwards(persistence)) backwards.push(record);
    expect(backwards.map(record => record.sequence)).toEqual(
      Array.from({ length: log.fence }, (_, i) => log.fence - i),
    );
    const forwards: CommitRecord[] = [];
    for await (const record of log.commitsBeforeFence(1, persistence)) forwards.push(record);
    expect(forwards).toEqual(backwards.filter(record => record.kind === 'commit').toReversed());
  });

  test('an object that is not a record is an error that names it, who wrote it, and what to do', async () => {
    const { store } = world;
    const log = await CommitLog.open(store, LOG_KEYS, writer('g'), persistence);
    await store.putIfAbsent(LOG_KEYS.keyOf(log.nextSequence), Buffer.from('{}'), {
      contentType: 'application/json',
      metadata: { by: 'a script' },
    });
    await expect(log.commit(draft, persistence)).rejects.toMatchObject({
      code: 'object_unreadable',
      message: expect.stringMatching(
        /: written at \d{4}-\S+Z by .+, with metadata by=a script; it begins "\{\}"$/,
      ),
      hint: expect.stringContaining(`resumes after record ${log.nextSequence - 1}`),
      subject: LOG_KEYS.keyOf(log.nextSequence),
    });
  });
});

/** Stores every PUT, but loses its first response. */
function losingResponses(store: ObjectStore): ObjectStore {
  const lost = new Set<string>();
  return {
    putIfAbsent: async (key, body, options) => {
      const outcome = await store.putIfAbsent(key, body, options);
      if (lost.has(key)) return outcome;
      lost.add(key);
      const { PipelineError } = await import('../../src/contracts/errors.ts');
      throw new PipelineError('response lost', {
        code: 'storage_unavailable',
        op: 'put',
        subject: key,
        retryable: true,
      });
    },
    get: key => store.get(key),
    list: (prefix, after) => store.list(prefix, after),
    folders: prefix => store.folders(prefix),
    remove: key => store.remove(key),
  };
}

function text(body: Uint8Array | undefined): string {
  return new TextDecoder().decode(body);
}
