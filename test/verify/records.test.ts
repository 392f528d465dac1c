/** How a record must follow from the previous ones. */
import { describe, expect, test } from 'vitest';
import type { CommitRecord, FenceRecord, LogRecord } from '../../src/contracts/storage/log-record.ts';
import { examineRecord, missingRecords, shapeProblem } from '../../src/verify/records.ts';
import { LOG_KEYS } from '../support/stream.ts';

const writer = { attempt: 'a', workflowId: 'w', runId: 'r' };
const cursor = { startMs: 1, topics: { t: { partition: 0, timestampMs: 100, offset: 7 } } };
const at = '2026-11-20T10:00:00Z';
const fence: FenceRecord = {
  version: 1,
  sequence: 4,
  epoch: 4,
  kind: 'fence',
  previousEpoch: 2,
  writer,
  at,
  cursor,
  storedToMs: 50,
};
const commit: CommitRecord = {
  version: 1,
  sequence: 5,
  epoch: 4,
  kind: 'commit',
  writer,
  at,
  cursor,
  storedToMs: 50,
  parts: [],
  deadLetters: [],
  skipped: { canaries: 0, duplicates: 0, filtered: 0 },
};
const third: CommitRecord = { ...commit, sequence: 3, epoch: 2 };

const problemsOf = (record: LogRecord, before: LogRecord | undefined, known?: LogRecord): string[] =>
  examineRecord(record, { before, older: before, fence: known }, LOG_KEYS).map(({ message }) => message);

describe('examineRecord', () => {
  test('finds nothing if a record follows from the previous one', () => {
    expect(problemsOf(fence, third)).toEqual([]);
    expect(problemsOf(commit, fence, fence)).toEqual([]);
    expect(problemsOf({ ...commit, sequence: 6 }, commit, fence)).toEqual([]);
    expect(problemsOf({ ...fence, sequence: 1, epoch: 1, previousEpoch: 0 }, undefined)).toEqual([]);
    // The front of the log has expired, so the previous record is unknown.
    expect(problemsOf(commit, undefined)).toEqual([]);
    expect(problemsOf(fence, undefined)).toEqual([]);
  });

  const moved = (change: object) => ({ ...cursor, topics: { t: { ...cursor.topics.t, ...change } } });
  test.each<[string, LogRecord, LogRecord | undefined, string]>([
    ['a fence of another epoch', { ...fence, epoch: 3 }, third, 'epoch is 3, not its own sequence'],
    ['a chain that is broken', { ...fence, previousEpoch: 1 }, third, 'previousEpoch is 1'],
    [
      'a first fence with an epoch before it',
      { ...fence, sequence: 1, epoch: 1 },
      undefined,
      'previousEpoch is 2',
    ],
    ['a log without a fence', { ...commit, sequence: 1, epoch: 0 }, undefined, 'begins with a commit'],
    ['a commit of another epoch', { ...commit, epoch: 3 }, fence, 'the last fence before it is 4'],
    [
      'a commit of a later epoch',
      { ...commit, epoch: 9 },
      undefined,
      'epoch 9 is not the sequence of an earlier fence',
    ],
    [
      'a writer who was fenced',
      { ...commit, writer: { ...writer, attempt: 'b' } },
      fence,
      'written by attempt b',
    ],
    ['storedToMs', { ...commit, storedToMs: 49 }, fence, 'storedToMs goes back from 50 to 49'],
    ['a timestamp', { ...commit, cursor: moved({ timestampMs: 99 }) }, fence, 'goes back from 100 to 99'],
    ['an offset', { ...commit, cursor: moved({ offset: 6 }) }, fence, 'offset of t goes back from 7 to 6'],
    [
      'how far was read',
      { ...commit, sequence: 6, readTo: '2026-11-20T09:58:00.000Z' },
      { ...commit, readTo: '2026-11-20T09:59:00.000Z' },
      'readTo goes back from 2026-11-20T09:59:00.000Z to 2026-11-20T09:58:00.000Z',
    ],
    ['a topic', { ...commit, cursor: { topics: {} } }, fence, 'lost topic t'],
  ])('finds %s', (_, record, before, problem) => {
    const found = problemsOf(record, before, fence);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(problem);
    expect(found[0]).toContain(`record ${record.sequence} (${record.kind})`);
  });

  test('finds a partition that goes back or is lost', () => {
    const partitions = { 't/1': { partition: 1, timestampMs: 90, offset: 3 } };
    const before = { ...fence, cursor: { ...cursor, partitions } };
    const after = {
      ...commit,
      cursor: { ...cursor, partitions: { 't/1': { partition: 1, timestampMs: 89 } } },
    };
    expect(problemsOf(after, before, before)).toEqual([
      expect.stringContaining('the cursor of t/1 goes back from 90 to 89'),
    ]);
    expect(problemsOf(commit, before, before)).toEqual([
      expect.stringContaining('the cursor has lost topic t/1'),
    ]);
  });

  test('a cursor that lay in the future when it was written may be set back, offset included', () => {
    const ahead = { ...fence, cursor: moved({ timestampMs: Date.parse(at) + 1, offset: 9 }) };
    expect(problemsOf(commit, ahead, ahead)).toEqual([]);
    const past = { ...fence, cursor: moved({ timestampMs: Date.parse(at) }) };
    expect(problemsOf(commit, past, past)).toHaveLength(1);
  });

  test('compares with the newest existing record if some are missing', () => {
    const back = { ...commit, sequence: 9, storedToMs: 10 };
    const [found, ...others] = examineRecord(
      back,
      { before: undefined, older: commit, fence: undefined },
      LOG_KEYS,
    );
    expect(found?.message).toContain('storedToMs goes back from 50 to 10');
    expect(others).toEqual([]);
  });
});

test('missing records are named with their keys', () => {
  expect(missingRecords(7, 7, LOG_KEYS).message).toBe(`record 7 is missing: ${LOG_KEYS.keyOf(7)}`);
  expect(missingRecords(7, 9, LOG_KEYS).message).toBe(
    `records 7 to 9 are missing: ${LOG_KEYS.keyOf(7)} to ${LOG_KEYS.keyOf(9)}`,
  );
});

test.each([
  [{ cursor: {} }, 'cursor.topics'],
  [{ parts: [{}] }, 'parts'],
  [{ parts: undefined }, 'parts'],
  [{ deadLetters: [null] }, 'deadLetters'],
  [{ skipped: { canaries: 1 } }, 'skipped'],
  [{ epoch: '4' }, 'epoch'],
  [{ writer: undefined }, 'writer'],
  [{ storedToMs: null }, 'storedToMs'],
])('a record with %o is not whole', (change, word) => {
  expect(shapeProblem(commit)).toBeUndefined();
  expect(shapeProblem({ ...commit, ...change } as unknown as LogRecord)).toContain(word);
});
