/** Where a log resumes when it is not what its workflow remembers. */
import { describe, expect, test } from 'vitest';
import { CommitLog } from '../../src/bronze/commit-log.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { LOG_KEYS } from '../support/stream.ts';

const persistence = { signal: AbortSignal.timeout(600_000) };
const writer = (attempt: string) => ({ attempt, workflowId: 'ingest', runId: 'run' });
const acknowledging = { ...persistence, acknowledged: 70 };

describe('a log', () => {
  test('that has expired completely resumes after the acknowledged sequence', async () => {
    const store = new MemoryObjectStore();
    expect((await CommitLog.open(store, LOG_KEYS, writer('late'), acknowledging)).fence).toBe(71);
    expect((await CommitLog.open(store, LOG_KEYS, writer('later'), acknowledging)).fence).toBe(72);
  });

  test('that ends before the acknowledged sequence is rejected, and nothing is written', async () => {
    const store = new MemoryObjectStore();
    await CommitLog.open(store, LOG_KEYS, writer('first'), persistence);
    await expect(CommitLog.open(store, LOG_KEYS, writer('second'), acknowledging)).rejects.toMatchObject({
      code: 'log_shortened',
      hint: expect.stringContaining('BUCKET'),
    });
    expect(store.keys).toHaveLength(1);
  });
});
