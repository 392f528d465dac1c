/** Every record that ingest can write is delivered whole, in messages that Temporal accepts, whatever is in it. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gapsOf } from '../../src/contracts/storage/log-record.ts';
import { streamPartKey } from '../../src/contracts/storage/object-keys.ts';
import type { PartNotice } from '../../src/contracts/temporal/messages.ts';
import type { FoundGap, Gap } from '../../src/core/gaps.ts';
import { joinGaps } from '../../src/core/join-gaps.ts';
import { hourOf } from '../../src/core/time.ts';
import { noticesOf } from '../../src/ingest/notices.ts';
import type { Commit } from '../../src/ingest/notices.ts';
import { NO_TALLY, tallied } from '../../src/workflows/commit-tally.ts';
import { beginHandOver, nextStep, withNotice, withSealed } from '../../src/workflows/hand-over.ts';
import type { HandOverStep } from '../../src/workflows/hand-over.ts';

/** Temporal warns at 256 kB and refuses at 2 MB. */
const MOST_BYTES = 200_000;
const TIME = Date.parse('2026-11-20T10:00:00Z');

const partAt = (n: number): PartNotice => {
  const hour = hourOf(TIME / 1000 + n * 3_600);
  return { key: streamPartKey(hour, 7, 'a1b2c3d4e5'), hour, events: 1, edits: 1 };
};
const commitOf = (change: Partial<Commit>): Commit => ({
  sequence: 7,
  after: 6,
  parts: [],
  unsealed: [],
  gaps: [],
  watermark: '2026-11-20T10:00:00.000Z',
  deadLetters: 3,
  ...change,
});
const gapsFrom = (gaps: readonly FoundGap[]): Gap[] => gapsOf({ gaps });
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** Everything that the workflow does with a commit. */
function stepsOf(commit: Commit): HandOverStep[] {
  let tally = NO_TALLY;
  let state = beginHandOver([]);
  for (const notice of noticesOf({ ...commit, after: 0 })) {
    const next = tallied(tally, notice);
    if (next === undefined) throw new Error('a notice was ignored');
    tally = next;
    state = withNotice(state, notice, tally.watermark);
  }
  expect(tally.acknowledged).toBe(commit.sequence);
  const steps: HandOverStep[] = [];
  for (let at = nextStep(state); at.step !== undefined; at = nextStep(state)) {
    steps.push(at.step);
    state = at.step.kind === 'seal' ? withSealed(at.state, at.step.hour) : at.state;
  }
  return steps;
}

describe('the notices of a commit', () => {
  test('are one when there is little to say', () => {
    const gaps = gapsFrom([{ cause: 'retention', fromMs: TIME, toMs: TIME + 1 }]);
    const commit = commitOf({ parts: [partAt(0)], unsealed: [partAt(1).hour], gaps });
    expect(noticesOf(commit)).toEqual([{ ...commit, isLast: true }]);
    const { unsealed: _, gaps: __, ...nothing } = commitOf({});
    expect(noticesOf(commitOf({}))).toEqual([{ ...nothing, isLast: true }]);
  });

  test('name all parts before an hour can be sealed', () => {
    const parts = Array.from({ length: 1_500 }, (_, n) => partAt(n));
    const notices = noticesOf(commitOf({ parts, unsealed: parts.map(({ hour }) => hour) }));
    expect(notices.flatMap(notice => notice.parts)).toEqual(parts);
    expect(notices.flatMap(({ unsealed = [] }) => unsealed)).toEqual(parts.map(({ hour }) => hour));
    const first = notices.findIndex(({ unsealed }) => unsealed !== undefined);
    expect(notices.slice(first + 1).flatMap(notice => notice.parts)).toEqual([]);
    expect(notices.map(({ watermark }) => watermark !== undefined)).toEqual(
      notices.map(({ isLast }) => isLast),
    );
    expect(notices.map(({ isLast }) => isLast)).toEqual(notices.map((_, n) => n === notices.length - 1));
  });

  test('fit into messages whatever the record contains, and so does what the workflow makes of them', () => {
    const topic = fc.oneof(
      fc.constantFrom('eqiad.mediawiki.recentchange', '\u{ffff}'.repeat(249), '"'.repeat(249)),
      fc.nat({ max: 900 }).map(n => `${n}${'\u{1f600}'.repeat(120)}`),
    );
    const gap = fc.record({
      cause: fc.constantFrom('offsets' as const, 'retention' as const, 'log_lost' as const),
      topic,
      partition: fc.nat({ max: 99 }),
      fromMs: fc.nat({ max: 8.64e15 - 1 }),
      missing: fc.nat(),
    });
    const record = fc.record({
      gaps: fc.array(gap, { maxLength: 1_500, size: 'max' }),
      hours: fc.integer({ min: 0, max: 1_500 }),
      partsOfOne: fc.integer({ min: 0, max: 1_500 }),
    });
    fc.assert(
      fc.property(record, ({ gaps: found, hours, partsOfOne }) => {
        const gaps = gapsFrom(joinGaps(found.map(each => ({ ...each, toMs: each.fromMs + 1 }))));
        const parts = [
          ...Array.from({ length: hours }, (_, n) => partAt(n)),
          ...Array.from({ length: partsOfOne }, (_, n) => ({ ...partAt(0), key: `${partAt(0).key}-${n}` })),
        ];
        const commit = commitOf({ parts, unsealed: parts.map(each => each.hour), gaps });
        const notices = noticesOf(commit);
        expect(Math.max(...notices.map(bytesOf))).toBeLessThan(MOST_BYTES);
        expect(notices.flatMap(notice => notice.gaps ?? [])).toEqual(gaps);
        const steps = stepsOf({ ...commit, unsealed: [] });
        expect(Math.max(0, ...steps.map(bytesOf))).toBeLessThan(2 * MOST_BYTES);
        const handedOver = steps.flatMap(step => (step.kind === 'addParts' ? step.keys : []));
        expect(handedOver.toSorted()).toEqual(parts.map(({ key }) => key).toSorted());
        expect(steps.flatMap(step => (step.kind === 'recordGaps' ? step.gaps : []))).toEqual(gaps);
      }),
      { numRuns: 15 },
    );
  });
});
