/** What ingest knows of the log: each record counts once, however often it is announced; no signal makes it throw. */
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { NO_TALLY, tallied } from '../../src/workflows/commit-tally.ts';
import type { Tally } from '../../src/workflows/commit-tally.ts';
import type { CommitNotice } from '../../src/contracts/temporal/messages.ts';
import type { Gap } from '../../src/core/gaps.ts';

// The SDK's logger works only inside a workflow, and these tests do not look at the log.
vi.mock('@temporalio/workflow', async importOriginal => ({
  ...(await importOriginal<object>()),
  log: { warn: () => undefined },
}));

function part(events: number, edits: number) {
  return { key: 'k', hour: '2026-11-20T10', events, edits };
}

function notice(changes: Partial<CommitNotice> = {}): CommitNotice {
  return {
    sequence: 7,
    after: 6,
    parts: [part(10, 4), part(5, 1)],
    isLast: true,
    deadLetters: 2,
    ...changes,
  };
}

const TALLY: Tally = { ...NO_TALLY, acknowledged: 6, watermark: '2026-11-20T10:00:00.000Z' };

describe('a notice', () => {
  test('adds up', () => {
    expect(tallied(TALLY, notice())).toEqual({
      acknowledged: 7,
      commits: 1,
      parts: 2,
      events: 15,
      edits: 5,
      deadLetters: 2,
      watermark: TALLY.watermark,
    });
  });

  test('of a known record changes nothing', () => {
    expect(tallied(TALLY, notice({ sequence: 6 }))).toBeUndefined();
    expect(tallied(TALLY, notice({ sequence: 1 }))).toBeUndefined();
  });

  test('of a record with more to follow acknowledges nothing yet', () => {
    const first = tallied(TALLY, notice({ isLast: false, deadLetters: 0 }));
    expect(first).toMatchObject({ acknowledged: 6, commits: 0, parts: 2 });
    expect(tallied(first ?? TALLY, notice())).toMatchObject({
      acknowledged: 7,
      commits: 1,
      parts: 4,
      deadLetters: 2,
    });
  });

  test('from a sender that notified an earlier run counts its parts, but does not acknowledge the commits before them', () => {
    const next = tallied(TALLY, notice({ sequence: 12, after: 9 }));
    expect(next).toMatchObject({ acknowledged: TALLY.acknowledged, commits: 1, parts: TALLY.parts + 2 });
  });

  test('may skip sequences, because records without parts are not announced', () => {
    expect(tallied(TALLY, notice({ sequence: 90 }))).toMatchObject({ acknowledged: 90, commits: 1 });
  });

  test.each([
    ['later', '2026-11-20T10:00:00.001Z', '2026-11-20T10:00:00.001Z'],
    ['earlier', '2026-11-20T09:59:59.999Z', TALLY.watermark],
    ['absent', undefined, TALLY.watermark],
  ])('with a watermark that is %s', (_, watermark, expected) => {
    const changes = watermark === undefined ? {} : { watermark };
    expect(tallied(TALLY, notice(changes))?.watermark).toBe(expected);
    expect(tallied(NO_TALLY, notice(changes))?.watermark).toBe(watermark);
  });

  test('does not change the tally it was given', () => {
    const before = structuredClone(TALLY);
    tallied(TALLY, notice());
    expect(TALLY).toEqual(before);
  });
});

describe('a malformed signal', () => {
  const good = notice();
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'partsCommitted'],
    ['a list', [good]],
    ['no fields', {}],
    ['no sequence', { ...good, sequence: undefined }],
    ['a sequence in quotes', { ...good, sequence: '7' }],
    ['half a sequence', { ...good, sequence: 7.5 }],
    ['parts that are not a list', { ...good, parts: 'k' }],
    ['no parts', { ...good, parts: undefined }],
    ['a watermark that is not a time', { ...good, watermark: 'soon' }],
    ['a watermark that is null', { ...good, watermark: null }],
    ['a watermark that is a number', { ...good, watermark: 1_763_632_800 }],
    ['a watermark that does not sort among others', { ...good, watermark: '1' }],
    ['null for a part', { ...good, parts: [null] }],
    ['a key for a part', { ...good, parts: ['k'] }],
    ['a part without counts', { ...good, parts: [{ key: 'k', hour: '2026-11-20T10' }] }],
    ['a part whose counts are in quotes', { ...good, parts: [{ ...part(1, 1), events: '1' }] }],
    ['dead letters in quotes', { ...good, deadLetters: '2' }],
    ['no dead letters', { ...good, deadLetters: undefined }],
  ])('is ignored: %s', (_, payload) => {
    expect(tallied(TALLY, payload as CommitNotice)).toBeUndefined();
  });

  test('never throws, and keeps every total a whole number', () => {
    const field = fc.oneof(fc.jsonValue(), fc.constant(undefined));
    const payload = fc.oneof(
      fc.jsonValue(),
      fc
        .dictionary(fc.constantFrom('sequence', 'parts', 'isLast', 'watermark', 'deadLetters'), field, {
          maxKeys: 2,
        })
        .map(changes => ({ ...good, ...changes })),
      fc.array(field).map(parts => ({ ...good, parts })),
    );
    fc.assert(
      fc.property(payload, given => {
        const { watermark = '2026-11-20T10:00:00.000Z', ...numbers } =
          tallied(TALLY, given as CommitNotice) ?? NO_TALLY;
        expect(Object.values(numbers).every(Number.isSafeInteger)).toBe(true);
        expect(new Date(watermark).toISOString()).toBe(watermark);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the gaps of notices', () => {
  const gap = (id: string): Gap => ({
    id,
    cause: 'offsets',
    from: '2026-11-20T10:00:00.000Z',
    to: '2026-11-20T10:05:00.000Z',
  });
  const gaps = (from: number, to: number): Gap[] =>
    Array.from({ length: to - from }, (_, i) => gap(`gap ${from + i}`));

  test('are listed, oldest first', () => {
    const first = tallied(TALLY, notice({ gaps: gaps(0, 2) }));
    expect(first?.gaps).toEqual(gaps(0, 2));
    expect(tallied(first ?? TALLY, notice({ sequence: 8, after: 7 }))?.gaps).toEqual(gaps(0, 2));
    expect(tallied(first ?? TALLY, notice({ sequence: 8, after: 7, gaps: gaps(2, 3) }))?.gaps).toEqual(
      gaps(0, 3),
    );
  });

  test('are listed up to the last ten', () => {
    const first = tallied(TALLY, notice({ gaps: gaps(0, 10) }));
    expect(first?.gaps).toEqual(gaps(0, 10));
    expect(tallied(first ?? TALLY, notice({ sequence: 8, after: 7, gaps: gaps(10, 13) }))?.gaps).toEqual(
      gaps(3, 13),
    );
  });

  test('are left out while there are none, like a watermark', () => {
    expect(tallied(NO_TALLY, notice({ gaps: [] }))).toStrictEqual({
      acknowledged: 0,
      commits: 1,
      parts: 2,
      events: 15,
      edits: 5,
      deadLetters: 2,
    });
  });
});

describe('a notice with an invalid item', () => {
  const GOOD_GAP = {
    id: 'g',
    cause: 'retention',
    from: '2026-11-20T10:00:00.000Z',
    to: '2026-11-20T11:00:00.000Z',
  };

  test('is accepted once the item is valid', () => {
    const given = { ...notice(), gaps: [GOOD_GAP], unsealed: ['2026-11-20T09'] };
    expect(tallied(TALLY, given as CommitNotice)).toMatchObject({ acknowledged: 7, gaps: [GOOD_GAP] });
  });

  test.each([
    ['null for a gap', { gaps: [null] }],
    ['a text for a gap', { gaps: ['g'] }],
    ['gaps that are not a list', { gaps: GOOD_GAP }],
    ['a gap without id', { gaps: [{ ...GOOD_GAP, id: undefined }] }],
    ['a gap whose cause is a number', { gaps: [{ ...GOOD_GAP, cause: 5 }] }],
    ['a gap without start', { gaps: [{ ...GOOD_GAP, from: undefined }] }],
    ['a gap with an end that is not a time', { gaps: [{ ...GOOD_GAP, to: 'soon' }] }],
    ['a bad gap after a good one', { gaps: [GOOD_GAP, { ...GOOD_GAP, to: 5 }] }],
    ['a part without key', { parts: [{ ...part(1, 1), key: undefined }] }],
    ['a part of an hour that does not exist', { parts: [{ ...part(1, 1), hour: '2026-11-20T24' }] }],
    ['a part whose hour is in a list', { parts: [{ ...part(1, 1), hour: ['2026-11-20T10'] }] }],
    ['an unsealed hour that does not exist', { unsealed: ['2026-02-30T10'] }],
    ['an unsealed hour in a list', { unsealed: [['2026-11-20T09']] }],
    ['one unsealed hour instead of a list', { unsealed: '2026-11-20T09' }],
    ['a watermark in a list', { watermark: ['2026-11-20T10:00:00.000Z'] }],
    ['a watermark after other text', { watermark: 'at 2026-11-20T10:00:00.000Z' }],
    [
      'a watermark with a sign, which does not sort among others',
      { watermark: '+012026-11-20T10:00:00.000Z' },
    ],
    ['a watermark before other text', { watermark: '2026-11-20T10:00:00.000Z (UTC)' }],
    ['a watermark on a day that does not exist', { watermark: '2026-13-20T10:00:00.000Z' }],
  ])('is ignored: %s', (_, changes) => {
    expect(tallied(TALLY, { ...notice(), ...changes } as unknown as CommitNotice)).toBeUndefined();
  });
});
