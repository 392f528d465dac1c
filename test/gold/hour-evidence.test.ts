/** What gold keeps of a rebuild: the evidence that one can cite, and the corrections with their reasons. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { belongsTo, correctionsIn, evidenceIn } from '../../src/contracts/storage/hour-evidence.ts';
import type { CountedPart, HourContent, HourEvidence } from '../../src/contracts/storage/hour-evidence.ts';
import { backfillPartKey, hourPrefix, replayPartKey } from '../../src/contracts/storage/object-keys.ts';
import type { MinuteRow } from '../../src/core/minute-counts.ts';
import type { RebuiltHour } from '../../src/gold/gold-store.ts';
import {
  KEPT_CORRECTIONS,
  correctionOf,
  evidenceOf,
  fillCorrectionOf,
  rowsDigest,
  withCorrection,
} from '../../src/gold/hour-evidence.ts';

const HOUR = '2026-11-20T10';
const START = Date.parse(`${HOUR}:00:00Z`) / 1000;
const AT = '2026-11-20T11:05:00.000Z';
const key = (nth: number): string => `${hourPrefix(HOUR)}part-00000000000${nth}-a1.ndjson.gz`;
const part = (nth: number, change: Partial<CountedPart> = {}): CountedPart => ({
  key: key(nth),
  url: 'https://stream.example/',
  simulated: true,
  lines: 2,
  bytes: 20,
  sha256: 'ab'.repeat(32),
  ...change,
});
const content = (change: Partial<HourContent> = {}): HourContent => ({
  at: AT,
  parts: [part(1)],
  offsets: [{ topic: 't', partition: 0, first: 1, last: 2, events: 2 }],
  ...change,
});
const row = (minute: number, edits: number, change: Partial<MinuteRow> = {}): MinuteRow => ({
  minute: START + minute * 60,
  wiki: 'enwiki',
  isBot: false,
  edits,
  bytesChange: 0,
  ...change,
});
const NEVER = { audit: undefined, evidence: undefined };
const sealed = { isSealed: true, content: content() };
const audit = { isSealed: true, duplicates: 0 };

describe('the evidence of a rebuild', () => {
  const first = evidenceOf(sealed, [row(0, 2)], 3, NEVER);

  test('has what was counted and a digest of the rows', () => {
    expect(first).toEqual({ ...content(), isSealed: true, changedRows: 3, rows: rowsDigest([row(0, 2)]) });
  });

  test('stays that of the one before when nothing has changed since', () => {
    const later = { isSealed: false, content: content({ at: '2026-11-21T00:00:00.000Z' }) };
    expect(evidenceOf(later, [row(0, 2)], 0, { audit, evidence: first })).toBe(first);
  });

  test.each<[string, Partial<HourContent>, readonly MinuteRow[], number]>([
    ['a row was corrected', {}, [row(0, 2)], 1],
    ['the rows are others', {}, [row(0, 3)], 0],
    ['a part was added', { parts: [part(1), part(2)] }, [row(0, 2)], 0],
    ['the lines of a part are others', { parts: [part(1, { sha256: 'cd'.repeat(32) })] }, [row(0, 2)], 0],
    ['events lie at other offsets', { offsets: [] }, [row(0, 2)], 0],
  ])('is a new one when %s', (_, change, rows, changedRows) => {
    const at = '2026-11-21T00:00:00.000Z';
    const again = { isSealed: false, content: content({ at, ...change }) };
    const next = evidenceOf(again, rows, changedRows, { audit, evidence: first });
    expect(next).toMatchObject({ at, changedRows, isSealed: true });
  });

  test('says since when corrections are recorded, where an earlier version has rebuilt the hour before', () => {
    const known = evidenceOf(sealed, [], 0, { audit, evidence: undefined });
    expect(known?.correctionsSince).toBe(AT);
    const later = { isSealed: true, content: content({ at: '2026-11-21T00:00:00.000Z' }) };
    const next = evidenceOf(later, [], 2, { audit, evidence: known });
    expect(next).toMatchObject({ at: '2026-11-21T00:00:00.000Z', correctionsSince: AT });
  });

  test('has no digest of rows among which are those of an older project', () => {
    expect(evidenceOf(sealed, undefined, 0, NEVER)).not.toHaveProperty('rows');
  });

  test('is absent when it is not known what was counted', () => {
    expect(evidenceOf({ isSealed: true }, [], 0, { audit, evidence: first })).toBeUndefined();
  });
});

test('rows are digested as lines, in the order of the primary key and as gold stores them', () => {
  const rows = [
    row(1, 3, { bytesChange: -(2 ** 40) }),
    row(0, 1, { isBot: true, bytesChange: -5 }),
    row(0, 2),
    row(0, 4, { wiki: 'W' }),
  ];
  const lines = [
    '2026-11-20T10:00:00Z,W,false,4,0',
    '2026-11-20T10:00:00Z,enwiki,false,2,0',
    '2026-11-20T10:00:00Z,enwiki,true,1,-5',
    '2026-11-20T10:01:00Z,enwiki,false,3,-2147483648',
  ];
  const sha256 = createHash('sha256')
    .update(lines.map(line => `${line}\n`).join(''))
    .digest('hex');
  expect(rowsDigest(rows)).toEqual({ rows: 4, edits: 10, bytesChange: -5 - 2 ** 31, sha256 });
});

describe('a correction', () => {
  const rebuilt = (change: Partial<RebuiltHour> = {}): RebuiltHour => ({
    hour: HOUR,
    keys: [key(1)],
    counts: { rows: [], events: 3, edits: 3, distinct: 3, late: 0, unusable: 0 },
    sources: [],
    isSealed: true,
    covered: undefined,
    content: content(),
    ...change,
  });
  type IsNew = (key: string) => boolean;
  const none: IsNew = () => false;
  const all: IsNew = () => true;
  const api = backfillPartKey(HOUR, { source: 'api', wiki: 'enwiki', window: '0000-6000' });
  const replay = replayPartKey(HOUR, { sequence: 1, attempt: 'a1' }, '0123456789abcdef');
  const foreign = `${hourPrefix(HOUR)}part-0123456789abcdef0123456789abcdef.ndjson.gz`;
  const repeating = { ...rebuilt().counts, distinct: 2 };

  test('is none when no row has changed', () => {
    expect(correctionOf(rebuilt(), all, 0, NEVER, 0)).toBeUndefined();
  });

  test.each<[string, Partial<RebuiltHour>, IsNew, number, [parts: number, reasons: string[]]]>([
    ['by a backfill', { keys: [key(1), api], counts: repeating }, one => one === api, 0, [1, ['backfill']]],
    ['by a replay', { keys: [key(1), replay] }, one => one === replay, 0, [1, ['replay']]],
    ['by a backfill and a replay', { keys: [api, replay] }, all, 0, [2, ['backfill', 'replay']]],
    [
      'by lines of an older project',
      { keys: [foreign], recountedTo: START },
      none,
      0,
      [0, ['older_project']],
    ],
    ['by removing repetitions', { counts: repeating }, none, 0, [0, ['repeated_revisions']]],
    [
      'by repair, when repetitions had been removed before',
      { counts: repeating },
      none,
      1,
      [0, ['rows_differed']],
    ],
    ['by repair, although parts of the stream are new too', {}, all, 0, [0, ['rows_differed']]],
  ])('%s says so', (_, change, isNew, duplicates, [parts, reasons]) => {
    const known = { evidence: undefined, audit: { isSealed: true, duplicates } };
    expect(correctionOf(rebuilt(change), isNew, 7, known, 0)).toEqual({
      at: AT,
      kind: 'rebuilt',
      changedRows: 7,
      parts,
      reasons,
    });
  });

  test('of an hour that cannot be rebuilt is one by its backfill', () => {
    const filled = { hour: HOUR, keys: [key(1), api], rows: [], wikis: [], areRowsExact: true, sources: [] };
    expect(fillCorrectionOf(filled, one => one === api, 2, 1_000)).toEqual({
      at: '1970-01-01T00:00:01.000Z',
      kind: 'filled',
      changedRows: 2,
      parts: 1,
      reasons: ['backfill'],
    });
    expect(fillCorrectionOf(filled, all, 0, 0)).toBeUndefined();
  });

  test('is added to the others, of which the latest are kept with their numbers', () => {
    const correction = { at: AT, kind: 'rebuilt', changedRows: 1, parts: 0, reasons: [] } as const;
    let corrections = withCorrection([], undefined);
    expect(corrections).toEqual([]);
    for (let nth = 0; nth < KEPT_CORRECTIONS + 5; nth += 1)
      corrections = withCorrection(corrections, correction);
    expect(corrections).toHaveLength(KEPT_CORRECTIONS);
    expect(corrections[0]).toEqual({ nth: 6, ...correction });
    expect(corrections.at(-1)?.nth).toBe(KEPT_CORRECTIONS + 5);
  });
});

describe('what was stored', () => {
  const evidence: HourEvidence = { ...content(), isSealed: true, changedRows: 0, rows: rowsDigest([]) };
  const stored = JSON.parse(JSON.stringify(evidence)) as Record<string, unknown>;

  test('is read back, in whatever order its fields are', () => {
    expect(evidenceIn(stored)).toEqual(evidence);
    const turned = Object.fromEntries(Object.entries(stored).toReversed());
    expect(JSON.stringify(evidenceIn(turned))).toBe(JSON.stringify(evidenceIn(stored)));
  });

  test.each([
    ['nothing', undefined],
    ['a text', 'x'],
    ['a time that is none', { ...stored, at: 'yesterday' }],
    ['a digest that is none', { ...stored, parts: [{ ...part(1), sha256: 'x' }] }],
    ['a number that is none', { ...stored, parts: [{ ...part(1), lines: -1 }] }],
    ['offsets without a topic', { ...stored, offsets: [{}] }],
    ['rows without a digest', { ...stored, rows: { rows: 1 } }],
  ])('is not known when it is %s', (_, value) => {
    expect(evidenceIn(value)).toBeUndefined();
  });

  test('belongs to an audit of the same lines, not to a later one of an earlier version', () => {
    expect(belongsTo(evidence, { parts: 1, events: 1, unusable: 1 })).toBe(true);
    expect(belongsTo(evidence, { parts: 1, events: 2, unusable: 1 })).toBe(false);
    expect(belongsTo(evidence, { parts: 2, events: 1, unusable: 1 })).toBe(false);
  });

  test('corrections without those that are none', () => {
    const correction = { nth: 1, at: AT, kind: 'filled', changedRows: 1, parts: 1, reasons: ['backfill'] };
    expect(correctionsIn([correction, { ...correction, reasons: ['x'] }, 7])).toEqual([correction]);
    expect(correctionsIn({})).toEqual([]);
  });
});
