/** What ingest knows of the log: each record counts once, however often it is announced; no signal makes it throw. */
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { NO_TALLY, tallied } from '../../src/workflows/commit-tally.ts';
import type { Tally } from '../../src/workflows/commit-tally.ts';
import type { CommitNotice } from '../../src/contracts/temporal/messages.ts';

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
