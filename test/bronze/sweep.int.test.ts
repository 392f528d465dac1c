/** Objects left by a crash are removed, and nothing else, even while others write (invariants 1 and 4). */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deadLetterKey, streamPartKey } from '../../src/contracts/storage/object-keys.ts';
import { CommitLog } from '../../src/bronze/commit-log.ts';
import { sweepUnnamed } from '../../src/bronze/sweep.ts';
import { commitEdits } from '../support/parts.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { LOG_KEYS } from '../support/stream.ts';

const persistence = { signal: AbortSignal.timeout(120_000) };
const HOUR = '2026-11-20T10';
const AT = Date.parse(`${HOUR}:00:00Z`) / 1000;

describe('sweep', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  const newAttempt = (): string => randomBytes(5).toString('hex');
  const begin = (attempt = newAttempt()): Promise<CommitLog> =>
    CommitLog.open(world.store, LOG_KEYS, { attempt, workflowId: 'w', runId: 'r' }, persistence);
  const put = async (key: string): Promise<string> => {
    await world.store.putIfAbsent(key, Buffer.from('x'), { contentType: 'application/gzip' });
    return key;
  };
  const isThere = async (key: string): Promise<boolean> => (await world.store.get(key)) !== undefined;

  test('removes the parts and dead letters of a flush that died before its record', async () => {
    const named = await commitEdits(world, [{ timestamp: AT }, { timestamp: AT + 7_200 }]);
    const attempt = newAttempt();
    const crashed = await begin(attempt);
    const part = await put(streamPartKey(HOUR, crashed.nextSequence, attempt));
    const letters = await put(deadLetterKey(AT * 1000, crashed.nextSequence, attempt));
    const log = await begin();
    expect((await sweepUnnamed(world.store, log, persistence)).sort()).toEqual([part, letters].sort());
    for (const key of named) expect(await isThere(key)).toBe(true);
    expect(await sweepUnnamed(world.store, log, persistence)).toEqual([]);
  });

  test('keeps what a newer epoch is about to commit', async () => {
    const log = await begin();
    const attempt = newAttempt();
    const newer = await begin(attempt);
    const part = await put(streamPartKey(HOUR, newer.nextSequence, attempt));
    expect(await sweepUnnamed(world.store, log, persistence)).toEqual([]);
    expect(await isThere(part)).toBe(true);
  });

  test('finds garbage of several epochs ago, and keeps foreign objects', async () => {
    const attempt = newAttempt();
    const crashed = await begin(attempt);
    const part = await put(streamPartKey(HOUR, crashed.nextSequence, attempt));
    for (let epoch = 0; epoch < 3; epoch += 1) await commitEdits(world, [{ timestamp: AT + epoch }]);
    const foreign = [
      await put(`bronze/yyyy=2026/mm=11/dd=20/hh=10/part-api-enwiki.ndjson.gz`),
      await put(streamPartKey(HOUR, crashed.nextSequence, 'otherattempt')),
      await put(`bronze/yyyy=2026/mm=11/dd=20/hh=10/notes.txt`),
    ];
    expect(await sweepUnnamed(world.store, await begin(), persistence)).toEqual([part]);
    for (const key of foreign) expect(await isThere(key)).toBe(true);
  });

  test('removes no part whose log records are lost', async () => {
    const [old = ''] = await commitEdits(world, [{ timestamp: AT }]);
    for (let sequence = 1; sequence <= 2; sequence += 1) {
      await world.store.remove(`bronze/_log/recentchange/${String(sequence).padStart(12, '0')}.json`);
    }
    await commitEdits(world, [{ timestamp: AT }]);
    const log = await begin();
    expect(await sweepUnnamed(world.store, log, persistence)).toEqual([]);
    expect(await isThere(old)).toBe(true);
  });
});
