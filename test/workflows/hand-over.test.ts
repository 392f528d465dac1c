/** What ingest hands over to the hours: every part once and in order, and no seal before the parts of its hour. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beginHandOver, hasWork, nextStep, withNotice, withSealed } from '../../src/workflows/hand-over.ts';
import type { HandOver, HandOverStep } from '../../src/workflows/hand-over.ts';
import type { CommitNotice } from '../../src/contracts/temporal/messages.ts';
import type { Gap } from '../../src/core/gaps.ts';

const HOURS = ['2026-11-20T10', '2026-11-20T11', '2026-11-20T12'] as const;
const [H10, H11, H12] = HOURS;
const startOf = (hour: string): string => `${hour}:00:00.000Z`;
const GAP: Gap = { id: 'g', cause: 'retention', from: startOf(H10), to: startOf(H11) };

function notice(parts: readonly (readonly [hour: string, key: string])[], gaps: Gap[] = []): CommitNotice {
  return {
    sequence: 1,
    after: 0,
    parts: parts.map(([hour, key]) => ({ key, hour, events: 1, edits: 1 })),
    gaps,
    isLast: true,
    deadLetters: 0,
  };
}

/** Performs steps until the round is over. */
function round(
  state: HandOver,
  mayHold?: () => boolean,
  maySplit?: () => boolean,
): { steps: HandOverStep[]; state: HandOver } {
  const steps: HandOverStep[] = [];
  for (let at = nextStep(state, mayHold, maySplit); ; at = nextStep(state, mayHold, maySplit)) {
    state = at.state;
    if (at.step === undefined) return { steps, state };
    steps.push(at.step);
    if (at.step.kind === 'seal') state = withSealed(state, at.step.hour);
  }
}

describe('a round', () => {
  test('hands over the parts of each hour together, then records gaps, then seals the hours that have passed', () => {
    const first = withNotice(
      beginHandOver([]),
      notice(
        [
          [H11, 'a'],
          [H10, 'b'],
          [H11, 'c'],
        ],
        [GAP],
      ),
      startOf(H11),
    );
    const { steps, state } = round(first);
    expect(steps).toEqual([
      { kind: 'addParts', hour: H11, keys: ['a', 'c'] },
      { kind: 'addParts', hour: H10, keys: ['b'] },
      { kind: 'recordGaps', gaps: [GAP] },
      { kind: 'seal', hour: H10 },
    ]);
    expect(state.openHours).toEqual([H11]);
    expect(hasWork(state)).toBe(false);
  });

  test('what is too large for a message becomes several steps, but not in runs that began before', () => {
    const parts = Array.from({ length: 1_001 }, (_, n): [string, string] => [H10, `p${n}`]);
    const gaps = Array.from({ length: 401 }, (_, n): Gap => ({ ...GAP, id: `g${n}` }));
    const state = withNotice(beginHandOver([]), notice(parts, gaps), startOf(H11));
    const keysOf = (steps: readonly HandOverStep[]): string[][] =>
      steps.flatMap(step => (step.kind === 'addParts' ? [[...step.keys]] : []));
    const gapsOf = (steps: readonly HandOverStep[]): Gap[][] =>
      steps.flatMap(step => (step.kind === 'recordGaps' ? [[...step.gaps]] : []));
    const { steps } = round(state);
    expect(keysOf(steps).map(keys => keys.length)).toEqual([500, 500, 1]);
    expect(keysOf(steps).flat()).toEqual(parts.map(([, key]) => key));
    expect(gapsOf(steps).map(some => some.length)).toEqual([200, 200, 1]);
    expect(gapsOf(steps).flat()).toEqual(gaps);
    expect(steps.at(-1)).toEqual({ kind: 'seal', hour: H10 });
    const old = round(state, undefined, () => false).steps;
    expect(old.map(({ kind }) => kind)).toEqual(['addParts', 'recordGaps', 'seal']);
  });

  test('an hour stays open until its seal is delivered', () => {
    const { state, step } = nextStep(withNotice(beginHandOver([H10]), notice([]), startOf(H11)));
    expect(step).toEqual({ kind: 'seal', hour: H10 });
    expect(state.openHours).toEqual([H10]);
  });

  test('an hour that gold knows but that was never sealed is sealed', () => {
    const state = withNotice(beginHandOver([]), { ...notice([]), unsealed: [H10] }, startOf(H12));
    expect(round(state).steps).toEqual([{ kind: 'seal', hour: H10 }]);
  });
});

describe('an hour whose parts arrive while another step is under way', () => {
  // While the first part is handed over, a commit arrives with the last part and a watermark that passes the hour.
  const arrived = (): HandOver => {
    const { state } = nextStep(withNotice(beginHandOver([]), notice([[H10, 'a']]), startOf(H10)));
    return withNotice(state, notice([[H10, 'b']]), startOf(H11));
  };

  test('is sealed after they are handed over', () => {
    const first = round(arrived());
    expect(first.steps).toEqual([]);
    expect(hasWork(first.state)).toBe(true);
    expect(round(first.state).steps).toEqual([
      { kind: 'addParts', hour: H10, keys: ['b'] },
      { kind: 'seal', hour: H10 },
    ]);
  });

  test('is sealed before them in the history of an older run', () => {
    const first = round(arrived(), () => false);
    expect(first.steps).toEqual([{ kind: 'seal', hour: H10 }]);
    expect(round(first.state).steps).toEqual([
      { kind: 'addParts', hour: H10, keys: ['b'] },
      { kind: 'seal', hour: H10 },
    ]);
  });

  test('waits for gaps too, which belong into its audit', () => {
    const { state } = nextStep(withNotice(beginHandOver([H10, H11]), notice([]), startOf(H12)));
    const { steps, state: held } = round(withNotice(withSealed(state, H10), notice([], [GAP]), startOf(H12)));
    expect(steps).toEqual([]);
    expect(round(held).steps).toEqual([
      { kind: 'recordGaps', gaps: [GAP] },
      { kind: 'seal', hour: H11 },
    ]);
  });

  test('asks whether it may be held only when that makes a difference', () => {
    const never = (): boolean => {
      throw new Error('asked');
    };
    const state = withNotice(beginHandOver([H11]), notice([[H10, 'a']], [GAP]), startOf(H12));
    expect(round(state, never).steps.at(-1)).toEqual({ kind: 'seal', hour: H11 });
  });
});

test('whatever arrives at whatever moment, no hour is sealed before its parts, and every passed hour is sealed', () => {
  const action = fc.oneof(
    { weight: 2, arbitrary: fc.constant('step' as const) },
    fc.record({
      hours: fc.array(fc.constantFrom(...HOURS), { maxLength: 4 }),
      gaps: fc.nat({ max: 1 }),
      watermark: fc.constantFrom(...HOURS),
    }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), actions => {
      let state = beginHandOver([]);
      let added = 0;
      let watermark = startOf(H10);
      const waiting: { hour: string; key: string }[] = [];
      const handedOver: string[] = [];
      const lastStep = new Map<string, HandOverStep['kind']>();
      const problems: string[] = [];
      const check = (holds: boolean, rule: string): void => {
        if (!holds) problems.push(rule);
      };
      const handOver = (hour: string, keys: readonly string[]): void => {
        const first = waiting.filter(part => part.hour === hour).slice(0, keys.length);
        check(first.map(({ key }) => key).join() === keys.join(), 'parts arrive in order');
        for (const part of first) waiting.splice(waiting.indexOf(part), 1);
        handedOver.push(...keys);
      };
      const seal = (hour: string): void => {
        check(startOf(hour) < watermark, 'only a passed hour is sealed');
        check(
          waiting.every(part => part.hour !== hour),
          'no hour is sealed before its parts',
        );
        state = withSealed(state, hour);
      };
      const step = (): boolean => {
        const at = nextStep(state);
        state = at.state;
        if (at.step === undefined) return false;
        if (at.step.kind === 'recordGaps') return true;
        lastStep.set(at.step.hour, at.step.kind);
        if (at.step.kind === 'addParts') handOver(at.step.hour, at.step.keys);
        else seal(at.step.hour);
        return true;
      };
      for (const next of actions) {
        if (next === 'step') step();
        else {
          const parts = next.hours.map(hour => [hour, `part-${added++}`] as const);
          waiting.push(...parts.map(([hour, key]) => ({ hour, key })));
          watermark = startOf(next.watermark) > watermark ? startOf(next.watermark) : watermark;
          state = withNotice(state, notice(parts, next.gaps === 1 ? [GAP] : []), watermark);
        }
      }
      while (step() || hasWork(state));
      expect(problems).toEqual([]);
      expect(waiting).toEqual([]);
      expect(handedOver).toHaveLength(added);
      for (const [hour, kind] of lastStep)
        expect(kind).toBe(startOf(hour) < watermark && hour !== watermark.slice(0, 13) ? 'seal' : 'addParts');
    }),
    { numRuns: 500 },
  );
});

describe('a notice', () => {
  const { gaps: _, ...WITHOUT_GAPS } = notice([]);

  test('without gaps adds none', () => {
    expect(withNotice(beginHandOver([]), WITHOUT_GAPS, startOf(H11)).gaps).toEqual([]);
  });

  test('without a watermark leaves the known one', () => {
    const passed = withNotice(beginHandOver([H10]), notice([]), startOf(H11));
    expect(round(withNotice(passed, notice([]), undefined)).steps).toEqual([{ kind: 'seal', hour: H10 }]);
  });

  test('with nothing but gaps is work', () => {
    const state = withNotice(beginHandOver([]), notice([], [GAP]), undefined);
    expect(hasWork(state)).toBe(true);
    expect(round(state).steps).toEqual([{ kind: 'recordGaps', gaps: [GAP] }]);
  });
});

describe('hours that are open from the start', () => {
  test('are sealed in their order, once the watermark has reached the end of each', () => {
    const state = beginHandOver([H12, H10, H11]);
    expect(state.openHours).toEqual([H10, H11, H12]);
    expect(hasWork(state)).toBe(false);
    expect(round(withNotice(state, notice([]), startOf(H12))).steps).toEqual([
      { kind: 'seal', hour: H10 },
      { kind: 'seal', hour: H11 },
    ]);
  });
});

test('a part of another hour does not hold a seal', () => {
  const { state } = nextStep(withNotice(beginHandOver([H10]), notice([[H11, 'a']]), startOf(H11)));
  const arrived = withNotice(state, notice([[H12, 'b']]), startOf(H11));
  expect(round(arrived).steps).toEqual([{ kind: 'seal', hour: H10 }]);
});
