/** Where a log goes on when it is not what its workflow remembers. */
import { describe, expect, test } from 'vitest';
import { CommitLog } from '../../src/bronze/commit-log.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';

const persistence = { signal: AbortSignal.timeout(600_000) };
const writer = (attempt: string) => ({ attempt, workflowId: 'ingest', runId: 'run' });
const told = { ...persistence, acknowledged: 70 };

describe('a log', () => {
  test('that has expired as a whole goes on behind what was acknowledged', async () => {
    const store = new MemoryObjectStore();
    expect((await CommitLog.open(store, writer('late'), told)).fence).toBe(71);
    expect((await CommitLog.open(store, writer('later'), told)).fence).toBe(72);
  });

  test('that ends before what was acknowledged is refused, and nothing is written', async () => {
    const store = new MemoryObjectStore();
    await CommitLog.open(store, writer('first'), persistence);
    await expect(CommitLog.open(store, writer('second'), told)).rejects.toMatchObject({
      code: 'log_shortened',
      hint: expect.stringContaining('BUCKET'),
    });
    expect(store.keys).toHaveLength(1);
  });
});
