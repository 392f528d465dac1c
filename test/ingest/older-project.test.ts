/** What an older project has left in bronze, and that ingest does not begin while that project still counts. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { hourPrefix } from '../../src/contracts/storage/object-keys.ts';
import { hourOf } from '../../src/core/time.ts';
import { assertOlderProjectQuiet, lastForeignMinute } from '../../src/ingest/older-project.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { editLine } from '../support/parts.ts';
import { STREAM } from '../support/stream.ts';

const START = Date.parse('2025-11-20T10:00:00Z') / 1000;
const { signal } = new AbortController();

/** A part as that project names it: by its first event, with the hex digits of a uuid. */
async function writeForeign(store: MemoryObjectStore, digit: string, ...timestamps: number[]): Promise<void> {
  const key = `${hourPrefix(hourOf(timestamps[0] ?? 0))}part-${digit.repeat(32)}.ndjson.gz`;
  const lines = timestamps.map(timestamp => `${editLine({ timestamp })}\n`).join('');
  await store.putIfAbsent(key, gzipSync(lines), { contentType: 'application/gzip' });
}

describe('the last minute that an older project has in bronze', () => {
  const last = (store: MemoryObjectStore, nowMs = (START + 86_400) * 1000) =>
    lastForeignMinute({ store, judge: STREAM.judge, signal }, nowMs);

  test('is that of its last event, in whichever part that is', async () => {
    const store = new MemoryObjectStore();
    expect(await last(store)).toBeUndefined();
    // A part that caught up reaches over nine hours, beyond a later one.
    await writeForeign(store, '0', START, START + 9 * 3_600 + 130);
    await writeForeign(store, 'a', START + 3_600, START + 7_000);
    expect(await last(store)).toBe((START + 9 * 3_600 + 120) * 1000);
    expect(await last(store, (START + 300) * 1000)).toBe((START + 300) * 1000);
  });

  test('needs each part read once', async () => {
    const store = new MemoryObjectStore();
    await writeForeign(store, '0', START, START + 60);
    await last(store);
    const { get } = store.calls;
    await last(store);
    expect(store.calls.get).toBe(get);
  });

  test('is found beside parts of ours and damaged ones', async () => {
    const store = new MemoryObjectStore();
    await writeForeign(store, '0', START);
    const put = (name: string) =>
      store.putIfAbsent(`${hourPrefix('2025-11-20T11')}part-${name}.ndjson.gz`, Buffer.from('no gzip'), {
        contentType: 'application/gzip',
      });
    await put('0'.repeat(32));
    await put('000000000001-abc');
    expect(await last(store)).toBe(START * 1000);
  });
});

describe('ingest waits', () => {
  test('while that project counts', async () => {
    const olderProject = async () => ({ lastMinute: START, quietMs: 1_000 });
    await expect(assertOlderProjectQuiet({ olderProject })).rejects.toMatchObject({
      code: 'older_project_running',
    });
  });

  test('not for a gold that is down', async () => {
    const olderProject = async () => {
      throw new Error('down');
    };
    expect(await assertOlderProjectQuiet({ olderProject })).toBeUndefined();
  });
});
