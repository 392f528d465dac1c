/** The gaps of a log record, as they are reported outside the log. */
import { describe, expect, test } from 'vitest';
import { gapsOf } from '../../../src/contracts/storage/log-record.ts';
import type { CommitRecord } from '../../../src/contracts/storage/log-record.ts';

const RECORD: CommitRecord = {
  version: 1,
  kind: 'commit',
  sequence: 7,
  epoch: 1,
  writer: { attempt: 'a1', workflowId: 'w', runId: 'r' },
  at: '2026-11-20T10:05:00.000Z',
  cursor: { topics: {} },
  storedToMs: 0,
  parts: [],
  deadLetters: [],
  skipped: { canaries: 0, duplicates: 0, filtered: 0 },
};
const FROM_MS = Date.parse('2026-11-20T10:00:00.250Z');
const TO_MS = Date.parse('2026-11-20T10:05:00Z');

describe('the gaps of a record', () => {
  test('are none when it has none', () => {
    expect(gapsOf(RECORD)).toEqual([]);
    expect(gapsOf({ ...RECORD, gaps: [] })).toEqual([]);
  });

  test('have an id of cause, topic and range, whatever the sequence of the record', () => {
    const gaps = [
      { cause: 'offsets', topic: 'eqiad.recentchange', fromMs: FROM_MS, toMs: TO_MS, missing: 0 },
    ] as const;
    const expected = [
      {
        id: 'offsets eqiad.recentchange 2026-11-20T10:00:00.250Z 2026-11-20T10:05:00.000Z',
        cause: 'offsets',
        topic: 'eqiad.recentchange',
        from: '2026-11-20T10:00:00.250Z',
        to: '2026-11-20T10:05:00.000Z',
        missing: 0,
      },
    ];
    expect(gapsOf({ ...RECORD, gaps })).toStrictEqual(expected);
    const another = { ...RECORD, sequence: 1, gaps };
    expect(gapsOf(another)).toStrictEqual(expected);
  });

  test('of the whole stream have neither a topic nor a number of messages', () => {
    const gaps = [{ cause: 'log_lost', fromMs: FROM_MS, toMs: TO_MS }] as const;
    expect(gapsOf({ ...RECORD, gaps })).toStrictEqual([
      {
        id: 'log_lost stream 2026-11-20T10:00:00.250Z 2026-11-20T10:05:00.000Z',
        cause: 'log_lost',
        from: '2026-11-20T10:00:00.250Z',
        to: '2026-11-20T10:05:00.000Z',
      },
    ]);
  });
});
