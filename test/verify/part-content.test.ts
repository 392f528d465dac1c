/** Compares a part with its record, line by line. */
import { describe, expect, test } from 'vitest';
import type { PartEntry } from '../../src/contracts/storage/log-record.ts';
import { compareLetters, comparePart, readLetters, readPartLines } from '../../src/verify/part-content.ts';
import type { Position } from '../../src/verify/part-content.ts';
import { STREAM } from '../support/stream.ts';

const HOUR = '2026-11-20T10';
const START = Date.parse('2026-11-20T10:00:00Z') / 1000;
const KEY = 'bronze/yyyy=2026/mm=11/dd=20/hh=10/part-000000000002-a.ndjson.gz';

const line = (second: number, { offset, ...other }: Record<string, unknown> = {}): string =>
  JSON.stringify({
    meta: {
      id: `id-${second}`,
      dt: new Date((START + second) * 1000).toISOString(),
      topic: 't',
      partition: 0,
      ...(offset !== undefined && { offset }),
    },
    type: 'edit',
    wiki: 'enwiki',
    timestamp: START + second,
    revision: { new: second + 1 },
    ...other,
  });
const bytesOf = (...lines: readonly string[]): Buffer => Buffer.from(lines.map(text => `${text}\n`).join(''));

const bytes = bytesOf(line(5), line(70, { type: 'log' }), line(3));
const entry: PartEntry = {
  key: KEY,
  hour: HOUR,
  events: 3,
  edits: 2,
  bytes: bytes.length,
  storedBytes: 99,
  firstAt: START + 3,
  lastAt: START + 70,
  sent: [[START, START + 60]],
};

const findingsOf = (content: Buffer, said: PartEntry = entry, storedBytes = 99) => {
  const facts = readPartLines(
    content,
    { hour: HOUR, judge: STREAM.judge, needsId: true, sent: said.sent },
    () => undefined,
  );
  return comparePart(said, facts, { storedBytes, sequence: 2 });
};

describe('a part', () => {
  test('that equals its record has no findings', () => {
    expect(findingsOf(bytes)).toEqual([]);
  });

  test.each<[string, Partial<PartEntry>, string]>([
    ['events', { events: 4 }, 'events should be 4 but is 3'],
    ['bytes', { bytes: 5 }, `bytes should be 5 but is ${bytes.length}`],
    ['storedBytes', { storedBytes: 98 }, 'storedBytes should be 98 but is 99'],
    ['firstAt', { firstAt: 1 }, 'firstAt should be 1 but is'],
    ['lastAt', { lastAt: 1 }, 'lastAt should be 1 but is'],
    ['minutes', { sent: [[START, START]] }, 'outside the minutes of "sent" (first: 2026-11-20T10:01:00Z)'],
  ])('of which the record says other %s is found', (_, change, words) => {
    const findings = findingsOf(bytes, { ...entry, ...change });
    expect(findings.map(({ kind }) => kind)).toEqual(['object_differs']);
    expect(findings[0]?.message).toContain(words);
    expect(findings[0]?.message).toContain('record 2');
  });

  test('with another number of edits is only a note, because EDIT_TYPES may have changed', () => {
    expect(findingsOf(bytes, { ...entry, edits: 3 }).map(({ severity, kind }) => [severity, kind])).toEqual([
      ['note', 'edits_differ'],
    ]);
  });

  test('that is truncated or empty is found', () => {
    expect(findingsOf(bytes.subarray(0, -1))[0]?.message).toContain('bytes should be');
    expect(findingsOf(Buffer.alloc(0))[0]?.message).toContain('firstAt should be');
  });

  test('with lines that are not events, or of another hour, is reported with the first line number', () => {
    const wrong = bytesOf(line(5), '{', line(3_600), line(3_601), '7');
    const messages = findingsOf(wrong).map(({ message }) => message);
    expect(messages).toContain(`${KEY}: 2 lines are not usable events; line 2: not_json`);
    expect(messages).toContain(
      `${KEY}: 2 lines are outside hour ${HOUR}; line 3: timestamp 2026-11-20T11:00:00Z`,
    );
  });

  test('yields each event with its offset', () => {
    const seen: unknown[] = [];
    const content = bytesOf(line(1, { offset: 6_496_589_447 }), line(2), '{');
    readPartLines(content, { hour: HOUR, judge: STREAM.judge, needsId: true }, event => seen.push(event));
    expect(seen).toEqual([
      { id: 'id-1', position: { topic: 't/0', offset: 6_496_589_447 } },
      { id: 'id-2', position: undefined },
    ]);
  });
});

describe('dead letters', () => {
  const letter = (raw: string): string =>
    JSON.stringify({ reason: 'not_json', raw, eventId: '', receivedAt: '' });

  test('yield their offsets, if their bytes contain them', () => {
    const positions: Position[] = [];
    const facts = readLetters(
      bytesOf(letter(line(1, { offset: 8 })), letter('{"meta":'), letter('null')),
      position => positions.push(position),
    );
    expect(facts).toEqual({ letters: 3, damaged: undefined, withoutPosition: 2 });
    expect(positions).toEqual([{ topic: 't/0', offset: 8 }]);
    expect(compareLetters({ key: 'd', events: 3 }, facts, 2)).toEqual([]);
  });

  test('that differ from the record or are missing are found', () => {
    const facts = readLetters(bytesOf(letter('x'), '{"reason":1}', 'x'), () => undefined);
    const [finding] = compareLetters({ key: 'd', events: 2 }, facts, 2);
    expect(finding?.message).toContain('events should be 2 but is 3; 2 lines are not dead letters; line 2');
  });
});
