/** Offsets that are stored nowhere, and their explanations. */
import { describe, expect, test } from 'vitest';
import type { CommitRecord, FenceRecord, LogRecord } from '../../src/contracts/storage/log-record.ts';
import { StoredOffsets, compareOffsets } from '../../src/verify/offsets.ts';
import type { OffsetComparison } from '../../src/verify/offsets.ts';

const TOPIC = 'eqiad.mediawiki.recentchange';
const OTHER = 'codfw.mediawiki.recentchange';

interface Passed {
  readonly to: Readonly<Record<string, number | undefined>>;
  readonly stored?: Readonly<Record<string, readonly number[]>>;
  readonly skipped?: Partial<CommitRecord['skipped']>;
}

/** Records 1, 2, … with the offsets that each has reached and stored. */
function compare(
  passed: readonly Passed[],
  { gaps = {}, lettersOf = {}, without = [] as number[], before = true } = {},
): OffsetComparison {
  const stored = new StoredOffsets();
  const all = passed.map(({ to, skipped }, i): LogRecord => {
    const topics = Object.entries(to).map(([topic, offset]) => [
      topic,
      { partition: 0, timestampMs: 1, ...(offset !== undefined && { offset }) },
    ]);
    const sequence = i + 1;
    const base = {
      version: 1,
      sequence,
      at: '',
      storedToMs: 0,
      cursor: { topics: Object.fromEntries(topics) },
    } as const;
    const writer = { attempt: 'a', workflowId: 'w', runId: 'r' };
    const skips = { canaries: 0, duplicates: 0, filtered: 0, ...skipped };
    return i === 0
      ? ({ ...base, writer, epoch: 1, kind: 'fence', previousEpoch: 0 } satisfies FenceRecord)
      : ({
          ...base,
          writer,
          epoch: 1,
          kind: 'commit',
          parts: [],
          deadLetters: [],
          skipped: skips,
        } satisfies CommitRecord);
  });
  for (const [i, { stored: offsets = {} }] of passed.entries()) {
    for (const [topic, list] of Object.entries(offsets))
      for (const offset of list) stored.add({ topic: `${topic}/0`, offset }, i + 1);
  }
  for (const [sequence, letters] of Object.entries(lettersOf)) {
    // Twice, as when an hour is checked again.
    for (const _ of [1, 2]) stored.addUnknown(Number(letters), 'deadletter/x', Number(sequence));
  }
  const [first, ...rest] = all;
  const records = rest.filter(({ sequence }) => !without.includes(sequence));
  return compareOffsets(
    { before: before ? first : undefined, records },
    stored,
    new Map(Object.entries(gaps)),
  );
}

const start: Passed = { to: { [TOPIC]: 9 } };
const errorsOf = ({ findings }: OffsetComparison): string[] =>
  findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);

describe('compareOffsets', () => {
  test('finds nothing if all offsets are stored, in any record', () => {
    const result = compare([
      start,
      { to: { [TOPIC]: 12 }, stored: { [TOPIC]: [10, 12] } },
      { to: { [TOPIC]: 13 }, stored: { [TOPIC]: [13, 11] } },
    ]);
    expect(result).toEqual({ findings: [], topics: 1, passed: 4, missing: 0, explained: 0 });
  });

  test('names record, topic and holes if more offsets are missing than were skipped', () => {
    const result = compare([
      start,
      { to: { [TOPIC]: 20 }, stored: { [TOPIC]: [10, 11, 15, 20] }, skipped: { canaries: 2, duplicates: 1 } },
    ]);
    const [message = ''] = errorsOf(result);
    expect(message).toContain('record 2 passed 7 offsets that are not stored; 3 may have been skipped');
    expect(message).toContain(`${TOPIC}/0: 12 to 14, 16 to 19`);
    expect(result).toMatchObject({ passed: 11, missing: 7, explained: 3 });
  });

  test.each([
    ['canaries', { skipped: { canaries: 2 } }, {}],
    ['duplicates', { skipped: { duplicates: 2 } }, {}],
    ['events of other wikis', { skipped: { filtered: 2 } }, {}],
    ['dead letters that do not say where they lay', {}, { lettersOf: { 2: 2 } }],
    ['a gap of the topic that is known', {}, { gaps: { [TOPIC]: 2 } }],
    ['a gap of an unknown topic', {}, { gaps: { '': 2 } }],
  ])('%s explain as many holes, and not one more', (_, record, options) => {
    const stored = (offsets: readonly number[]) => ({
      to: { [TOPIC]: 14 },
      stored: { [TOPIC]: offsets },
      ...record,
    });
    const two = compare([start, stored([10, 12, 14])], options);
    expect(errorsOf(two)).toEqual([]);
    expect(two).toMatchObject({ missing: 2, explained: 2 });
    expect(errorsOf(compare([start, stored([10, 14])], options))).toHaveLength(1);
  });

  test('skips of another record and gaps of another topic do not explain a hole', () => {
    const hole = { to: { [TOPIC]: 12 }, stored: { [TOPIC]: [10, 12] } };
    const next = { to: { [TOPIC]: 13 }, stored: { [TOPIC]: [13] }, skipped: { canaries: 5 } };
    expect(errorsOf(compare([start, hole, next], { gaps: { [OTHER]: 5 } }))).toHaveLength(1);
  });

  test('a known gap explains its offsets once', () => {
    const holes = [12, 15].map(to => ({ to: { [TOPIC]: to }, stored: { [TOPIC]: [to, to - 2] } }));
    const result = compare([start, ...holes], { gaps: { [TOPIC]: 1 } });
    expect(errorsOf(result)).toHaveLength(1);
    expect(result).toMatchObject({ missing: 2, explained: 1 });
  });

  test('topics are separate, and a new topic begins at its first stored offset', () => {
    const result = compare([
      start,
      { to: { [TOPIC]: 9, [OTHER]: 501 }, stored: { [OTHER]: [500, 501] } },
      { to: { [TOPIC]: 9, [OTHER]: 503 }, stored: { [OTHER]: [502] } },
    ]);
    expect(result).toMatchObject({ topics: 1, passed: 4, missing: 1 });
    expect(errorsOf(result)[0]).toContain(`${OTHER}/0: 503`);
  });

  test('offsets before the first record or in a missing record are not expected', () => {
    const second = { to: { [TOPIC]: 101 }, stored: { [TOPIC]: [100, 101] } };
    expect(errorsOf(compare([start, second], { before: false }))).toEqual([]);
    const lost = { to: { [TOPIC]: 60 } };
    expect(errorsOf(compare([start, lost, second], { without: [2] }))).toEqual([]);
    expect(errorsOf(compare([start, lost, second]))).toHaveLength(2);
  });

  test('reports that holes cannot be explained while wikis are filtered', () => {
    const result = compare([
      start,
      { to: { [TOPIC]: 10 }, stored: { [TOPIC]: [10] }, skipped: { filtered: 4 } },
    ]);
    expect(result.findings.map(({ severity, kind }) => [severity, kind])).toEqual([
      ['note', 'holes_unclear'],
    ]);
  });
});
