/** Reading the log: holes, the records and parts kept for a range, and commits that are made meanwhile. */
import { describe, expect, test } from 'vitest';
import { streamPartKey } from '../../src/contracts/storage/object-keys.ts';
import type { CommitRecord, LogRecord } from '../../src/contracts/storage/log-record.ts';
import type { Finding } from '../../src/verify/findings.ts';
import { LogReader } from '../../src/verify/log-reader.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { LOG_KEYS } from '../support/stream.ts';

const base = {
  version: 1,
  writer: { attempt: 'a', workflowId: 'w', runId: 'r' },
  at: '2026-11-20T12:30:00Z',
  cursor: { topics: {} },
  storedToMs: 0,
} as const;

function record(sequence: number, hour?: string, deadLetters = 0): LogRecord {
  if (sequence === 1) return { ...base, sequence, epoch: 1, kind: 'fence', previousEpoch: 0 };
  const key = streamPartKey(hour ?? '', sequence, 'a');
  const numbers = { events: 1, edits: 1, bytes: 1, storedBytes: 1, firstAt: 0, lastAt: 0 };
  return {
    ...base,
    sequence,
    epoch: 1,
    kind: 'commit' as const,
    parts: hour === undefined ? [] : [{ key, hour, sent: [], ...numbers }],
    deadLetters: deadLetters === 0 ? [] : [{ key: `deadletter/${sequence}`, events: deadLetters, sent: [] }],
    skipped: { canaries: 0, duplicates: 0, filtered: 0 },
  } satisfies CommitRecord;
}

async function put(store: MemoryObjectStore, ...records: readonly LogRecord[]): Promise<void> {
  for (const one of records)
    await store.putIfAbsent(LOG_KEYS.keyOf(one.sequence), Buffer.from(JSON.stringify(one)), {
      contentType: 'x/y',
    });
}

function open(store: MemoryObjectStore) {
  const findings: Finding[] = [];
  const range = [Date.parse('2026-11-20T12:00Z'), Date.parse('2026-11-20T14:00Z')] as const;
  const hours = new Set(['2026-11-20T12', '2026-11-20T13']);
  return { findings, log: new LogReader(store, LOG_KEYS, hours, range, finding => findings.push(finding)) };
}

describe('LogReader', () => {
  test('keeps whole records, from the first to the last that touch the range, and the parts of its hours', async () => {
    const store = new MemoryObjectStore({ pageSize: 3 });
    const hours = [
      undefined,
      '2026-11-20T11',
      '2026-11-20T12',
      '2026-11-20T11',
      '2026-11-20T13',
      '2026-11-20T14',
    ];
    await put(store, record(1), ...hours.map((hour, i) => record(i + 2, hour)));
    const { log, findings } = open(store);
    await log.readAll();
    expect(findings).toEqual([]);
    expect([log.oldest, log.tail, log.counts]).toEqual([1, 7, { records: 7, epochs: 1 }]);
    expect(log.span.before?.sequence).toBe(3);
    expect(log.span.records.map(({ sequence }) => sequence)).toEqual([4, 5, 6]);
    expect([...log.partsOf('2026-11-20T12').values()].map(({ sequence }) => sequence)).toEqual([4]);
    expect([...log.partsOf('2026-11-20T14')]).toEqual([]);
  });

  test('a record with dead letters alone is in the range if it was written in it', async () => {
    const store = new MemoryObjectStore();
    await put(store, record(1), record(2, undefined, 3), {
      ...record(3, undefined, 3),
      at: '2026-11-20T15:00:00Z',
    });
    const { log } = open(store);
    await log.readAll();
    expect(log.span.records.map(({ sequence }) => sequence)).toEqual([2]);
  });

  test('names records missing in the middle, none at the front', async () => {
    const store = new MemoryObjectStore();
    await put(store, ...[4, 5, 9, 10, 12].map(sequence => record(sequence)));
    const { log, findings } = open(store);
    await log.readAll();
    expect(findings.map(({ message }) => message)).toEqual([
      `records 6 to 8 are missing: ${LOG_KEYS.keyOf(6)} to ${LOG_KEYS.keyOf(8)}`,
      `record 11 is missing: ${LOG_KEYS.keyOf(11)}`,
    ]);
    expect([log.oldest, log.tail]).toEqual([4, 12]);
  });

  test('names an unreadable record, which does not count as missing', async () => {
    const store = new MemoryObjectStore();
    await put(store, record(1), record(3), { ...record(4), parts: [5] } as unknown as LogRecord);
    await store.putIfAbsent(LOG_KEYS.keyOf(2), Buffer.from('{"sequence":7}'), { contentType: 'x/y' });
    await store.putIfAbsent(`${LOG_KEYS.keyOf(2)}.bak`, Buffer.from(''), { contentType: 'x/y' });
    const { log, findings } = open(store);
    await log.readAll();
    expect(findings.map(({ severity, subject }) => [severity, subject])).toEqual([
      ['note', `${LOG_KEYS.keyOf(2)}.bak`],
      ['error', LOG_KEYS.keyOf(2)],
      ['error', LOG_KEYS.keyOf(4)],
    ]);
  });

  test('reads records committed after the listing on demand', async () => {
    const store = new MemoryObjectStore();
    const { log, findings } = open(store);
    await log.readAll();
    expect(findings.map(({ kind }) => kind)).toEqual(['log_empty']);
    await put(store, record(1), record(2, '2026-11-20T12'));
    await log.readNew();
    expect(log.tail).toBe(2);
    expect([...log.partsOf('2026-11-20T12').keys()]).toEqual([streamPartKey('2026-11-20T12', 2, 'a')]);
  });
});
