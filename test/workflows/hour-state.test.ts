/** The hour's state machine: every event in every state, and what holds whatever the order of events. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HourAudit } from '../../src/contracts/temporal/transform.ts';
import { beginHour, continueAsNewState, next, outstanding } from '../../src/workflows/hour-state.ts';
import type {
  HourCircumstances,
  HourEffect,
  HourEvent,
  HourFacts,
  HourState,
} from '../../src/workflows/hour-state.ts';

type StateKind = HourState['kind'];
type EventKind = HourEvent['kind'];
/** `state: effects in order`; `-` when nothing is done. */
type Expected = `${StateKind}: ${string}`;

const HOUR = '2026-11-20T10';
const PREFIX = 'bronze/yyyy=2026/mm=11/dd=20/hh=10/';
const keyOf = (name: string): string => `${PREFIX}part-${name}.ndjson.gz`;
const [A, B, C] = [keyOf('000000000001-aa'), keyOf('000000000002-aa'), keyOf('000000000003-aa')];
const BACKFILLED = keyOf('api-enwiki-20261120T100000Z');
const SHORT: HourCircumstances = { isHistoryLong: false };
const LONG: HourCircumstances = { isHistoryLong: true };
const AUDIT: HourAudit = {
  hour: HOUR,
  parts: 1,
  events: 1,
  edits: 1,
  distinct: 1,
  duplicates: 0,
  late: 0,
  unusable: 0,
  rows: 1,
  changedRows: 0,
  gaps: 0,
};
const PART = { applied: true, events: 3, edits: 2, unusable: 1 };

const FRESH = beginHour({ isByHand: false, areSlotsKept: true });
const facts = (changes: Partial<HourFacts> = {}): HourFacts => ({ ...FRESH.facts, ...changes });
/** Part A is being applied. */
const APPLYING = facts({ known: new Set([A]), applying: [A] });
const SEALED = facts({ known: new Set([A]), isSealed: true });

/** A typical state of each kind. */
const STATES: Record<StateKind, HourState> = {
  starting: FRESH,
  collecting: { kind: 'collecting', facts: APPLYING, hasNews: true },
  refreshing: { kind: 'refreshing', facts: APPLYING },
  rebuilding: { kind: 'rebuilding', facts: SEALED, isOutdated: false },
  draining: { kind: 'draining', facts: APPLYING },
  completed: { kind: 'completed', facts: SEALED },
  failed: { kind: 'failed', facts: SEALED },
  continuedAsNew: { kind: 'continuedAsNew', facts: facts() },
};
const EVENTS: Record<EventKind, HourEvent> = {
  started: { kind: 'started', keys: [B] },
  partsAdded: { kind: 'partsAdded', keys: [C] },
  sealed: { kind: 'sealed' },
  partApplied: { kind: 'partApplied', key: A, part: PART },
  partFailed: { kind: 'partFailed', key: A, reason: 'damaged' },
  rebuilt: { kind: 'rebuilt', audit: AUDIT },
  idleElapsed: { kind: 'idleElapsed' },
  settled: { kind: 'settled' },
};

/** Signals and outcomes change the facts only, in every state. */
const NOTED = <K extends StateKind>(kind: K) =>
  ({
    partsAdded: `${kind}: -`,
    sealed: `${kind}: -`,
    partApplied: `${kind}: -`,
    partFailed: `${kind}: -`,
  }) as const;
const ENDED = <K extends StateKind>(kind: K) =>
  ({
    ...NOTED(kind),
    started: `${kind}: -`,
    rebuilt: `${kind}: -`,
    idleElapsed: `${kind}: -`,
    settled: `${kind}: -`,
  }) as const;

/** A state or an event that is missing here does not compile. */
const TABLE: Record<StateKind, Record<EventKind, Expected>> = {
  starting: {
    ...NOTED('starting'),
    started: 'collecting: startIdleTimer',
    rebuilt: 'starting: -',
    idleElapsed: 'starting: -',
    settled: 'starting: -',
  },
  collecting: {
    ...NOTED('collecting'),
    started: 'collecting: -',
    rebuilt: 'collecting: -',
    idleElapsed: 'collecting: startIdleTimer',
    settled: 'collecting: -',
  },
  refreshing: {
    ...NOTED('refreshing'),
    started: 'refreshing: -',
    rebuilt: 'collecting: startIdleTimer',
    idleElapsed: 'refreshing: -',
    settled: 'refreshing: -',
  },
  rebuilding: {
    ...NOTED('rebuilding'),
    started: 'rebuilding: -',
    rebuilt: 'completed: complete',
    idleElapsed: 'rebuilding: -',
    settled: 'rebuilding: -',
  },
  draining: {
    ...NOTED('draining'),
    started: 'draining: -',
    rebuilt: 'draining: -',
    idleElapsed: 'draining: -',
    settled: 'draining: -',
  },
  completed: ENDED('completed'),
  failed: ENDED('failed'),
  continuedAsNew: ENDED('continuedAsNew'),
};

function show(state: HourState, effects: readonly HourEffect[]): string {
  return `${state.kind}: ${effects.map(({ kind }) => kind).join(', ') || '-'}`;
}

/** Applies events one after the other; the last transition. */
function play(state: HourState, events: readonly HourEvent[], circumstances = SHORT) {
  let effects: readonly HourEffect[] = [];
  for (const event of events) ({ state, effects } = next(state, event, circumstances));
  return { state, effects, shown: show(state, effects) };
}

const cases = Object.entries(TABLE).flatMap(([state, row]) =>
  Object.entries(row).map(([event, expected]) => ({
    state: state as StateKind,
    event: event as EventKind,
    expected,
  })),
);

describe('transitions', () => {
  test.each(cases)('$state + $event → $expected', ({ state, event, expected }) => {
    expect(play(STATES[state], [EVENTS[event]]).shown).toBe(expected);
  });
});

describe('an hour', () => {
  const { settled, sealed, rebuilt, started } = EVENTS;
  const collecting = play(FRESH, [{ kind: 'started', keys: [] }]).state;

  test('applies four parts at once, and the next when one is done', () => {
    const keys = Array.from({ length: 6 }, (_, i) => keyOf(`00000000000${i}-aa`));
    const { state, effects } = play(collecting, [{ kind: 'partsAdded', keys }, settled]);
    expect(effects).toEqual(keys.slice(0, 4).map(key => ({ kind: 'applyPart', key })));
    const after = play(state, [{ kind: 'partApplied', key: keys[1] ?? '', part: PART }]);
    expect(after.effects).toEqual([{ kind: 'applyPart', key: keys[4] }]);
    expect(outstanding(after.state.facts)).toBe(5);
  });

  test('takes each key once, however often it is signalled', () => {
    const { state, effects } = play(collecting, [
      { kind: 'partsAdded', keys: [A, A] },
      { kind: 'partsAdded', keys: [A] },
      settled,
    ]);
    expect(effects).toEqual([{ kind: 'applyPart', key: A }]);
    expect(play(state, [EVENTS.partApplied, { kind: 'partsAdded', keys: [A] }, settled]).shown).toBe(
      'collecting: -',
    );
  });

  test('sums up its parts; a repeated one adds no edits', () => {
    const { state } = play({ kind: 'collecting', hasNews: false, facts: facts({ applying: [A, B, C] }) }, [
      EVENTS.partApplied,
      { kind: 'partApplied', key: B, part: { ...PART, applied: false } },
      { kind: 'partFailed', key: C, reason: 'damaged' },
    ]);
    expect(state.facts.totals).toEqual({
      parts: 2,
      repeated: 1,
      events: 6,
      edits: 2,
      unusable: 2,
      failed: [{ key: C, reason: 'damaged' }],
    });
  });

  test('is rebuilt as sealed once its parts are applied', () => {
    const applied = play(STATES.collecting, [sealed, settled]);
    expect(applied.shown).toBe('collecting: -');
    const { shown, effects } = play(applied.state, [EVENTS.partApplied, settled]);
    expect(shown).toBe('rebuilding: stopIdleTimer, rebuildHour');
    expect(effects.at(-1)).toEqual({ kind: 'rebuildHour', isSealed: true });
  });

  test('fails instead of being rebuilt when a part could not be applied', () => {
    expect(play(STATES.collecting, [sealed, EVENTS.partFailed, settled]).shown).toBe(
      'failed: stopIdleTimer, fail',
    );
  });

  test.each([
    ['a part', EVENTS.partsAdded],
    ['a part of a backfill', { kind: 'partsAdded', keys: [BACKFILLED] }],
  ] as const)('is not completed by a rebuild that %s came after', (_, event) => {
    expect(play(STATES.rebuilding, [event, rebuilt]).state.kind).not.toBe('completed');
  });

  test('is rebuilt again when its seal comes during a rebuild', () => {
    const idle: HourState = { kind: 'rebuilding', facts: facts(), isOutdated: false };
    const again = play(idle, [sealed, rebuilt]);
    expect(again.effects).toEqual([{ kind: 'rebuildHour', isSealed: true }]);
    expect(play(again.state, [rebuilt]).effects).toMatchObject([{ kind: 'complete', endedBy: 'seal' }]);
  });

  test('ends by itself when it is idle with nothing outstanding, and not when parts have arrived', () => {
    const { state, effects } = play(collecting, [EVENTS.idleElapsed]);
    expect(effects).toEqual([{ kind: 'rebuildHour', isSealed: false }]);
    expect(play(state, [rebuilt]).effects).toMatchObject([{ kind: 'complete', endedBy: 'idle' }]);
    const applied = play(STATES.collecting, [EVENTS.partApplied, EVENTS.idleElapsed]);
    expect(applied.shown).toBe('collecting: startIdleTimer');
    expect(play(applied.state, [EVENTS.idleElapsed]).shown).toBe('rebuilding: rebuildHour');
  });

  test('started by hand without parts is rebuilt at once', () => {
    const { state, shown } = play(beginHour({ isByHand: true, areSlotsKept: true }), [
      { kind: 'started', keys: [] },
    ]);
    expect(shown).toBe('rebuilding: rebuildHour');
    expect(play(state, [rebuilt]).effects).toMatchObject([{ kind: 'complete', endedBy: 'rebuild' }]);
  });

  test('never adds a part of a backfill, but is rebuilt with it', () => {
    const { state, shown } = play(collecting, [{ kind: 'partsAdded', keys: [BACKFILLED, C] }, settled]);
    expect(shown).toBe('refreshing: applyPart, stopIdleTimer, rebuildHour');
    const more = play(state, [{ kind: 'partsAdded', keys: [BACKFILLED] }, rebuilt]);
    expect(more.shown).toBe('refreshing: rebuildHour');
  });

  test('with a long history lets its parts finish, and hands the others to the next run', () => {
    const keys = [A, B];
    const one = { ...APPLYING, slots: 1 };
    const added = play({ kind: 'collecting', facts: one, hasNews: false }, [{ kind: 'partsAdded', keys }]);
    const drained = play(added.state, [settled], LONG);
    expect(drained.shown).toBe('draining: stopIdleTimer');
    const late = [EVENTS.partApplied, { kind: 'partsAdded', keys: [C, BACKFILLED] }, sealed] as const;
    const { state, shown } = play(drained.state, [...late, settled], LONG);
    expect(shown).toBe('continuedAsNew: continueAsNew');
    const carried = continueAsNewState(state);
    expect(carried).toMatchObject({ pending: [B, C, BACKFILLED], isSealed: true, totals: { parts: 1 } });
    expect(JSON.parse(JSON.stringify(carried))).toEqual(carried);
    const following = beginHour({ isByHand: false, areSlotsKept: true }, carried);
    expect(play(following, [{ kind: 'started', keys: carried.pending }]).shown).toBe(
      'refreshing: rebuildHour',
    );
  });

  test('with a long history begins no part', () => {
    const facts = { ...APPLYING, pending: [B], slots: 1 };
    const state: HourState = { kind: 'collecting', facts, hasNews: true };
    expect(play(state, [EVENTS.partApplied], LONG).shown).toBe('collecting: -');
    expect(play(state, [EVENTS.partApplied, settled], LONG).shown).toBe(
      'continuedAsNew: stopIdleTimer, continueAsNew',
    );
  });

  test('with a long history completes rather than continues, when it can', () => {
    expect(play(STATES.collecting, [sealed, EVENTS.partApplied, settled], LONG).state.kind).toBe(
      'rebuilding',
    );
  });

  test('of an older run loses the slots that woke and found no part', () => {
    const old = beginHour({ isByHand: false, areSlotsKept: false });
    const { state, shown } = play(old, [started, settled]);
    expect(shown).toBe('collecting: applyPart');
    expect(state.facts.slots).toBe(1);
    expect(play(state, [EVENTS.partsAdded, settled]).shown).toBe('collecting: -');
  });
});

/** Performs effects on paper, and remembers what is under way. */
class World {
  state: HourState;
  readonly added = new Set<string>();
  readonly finished = new Set<string>();
  readonly applying = new Set<string>();
  rebuild: { readonly isSealed: boolean; readonly added: number } | undefined;
  lastRebuild: { readonly isSealed: boolean; readonly added: number } | undefined;
  hasTimer = false;
  readonly endings: HourEffect[] = [];
  readonly problems: string[] = [];

  constructor(isByHand: boolean) {
    this.state = beginHour({ isByHand, areSlotsKept: true });
  }

  send(event: HourEvent, circumstances: HourCircumstances): void {
    if (event.kind === 'started' || event.kind === 'partsAdded')
      for (const key of event.keys) this.added.add(key);
    const { state, effects } = next(this.state, event, circumstances);
    this.state = state;
    for (const effect of effects) this.#perform(effect);
    this.#check(this.endings.length <= 1, 'ends once');
    this.#check(this.applying.size <= 4, 'applies four parts at most');
    this.#check(this.hasTimer === (state.kind === 'collecting'), 'has a timer exactly while it collects');
    const isRebuilding = state.kind === 'refreshing' || state.kind === 'rebuilding';
    this.#check((this.rebuild !== undefined) === isRebuilding, 'has a rebuild exactly while it waits for it');
    this.#check(this.#lost().length === 0, 'loses no part');
  }

  /** Parts that are neither applied nor anywhere on their way. */
  #lost(): string[] {
    const { pending, applying, unmerged } = this.state.facts;
    const onTheirWay = new Set([...pending, ...applying, ...unmerged, ...this.finished]);
    return [...this.added].filter(key => !isBackfilled(key) && !onTheirWay.has(key));
  }

  #check(holds: boolean, rule: string): void {
    if (!holds) this.problems.push(`${rule}: not in ${this.state.kind}`);
  }

  #perform(effect: HourEffect): void {
    switch (effect.kind) {
      case 'applyPart':
        this.#check(!this.finished.has(effect.key) && !this.applying.has(effect.key), 'applies a part once');
        this.#check(!isBackfilled(effect.key), 'never adds a part of a backfill');
        this.applying.add(effect.key);
        return;
      case 'startIdleTimer':
        this.#check(!this.hasTimer, 'starts one timer');
        this.hasTimer = true;
        return;
      case 'stopIdleTimer':
        this.#check(this.hasTimer, 'stops a timer that runs');
        this.hasTimer = false;
        return;
      case 'rebuildHour':
        this.#check(this.rebuild === undefined, 'has one rebuild at a time');
        this.rebuild = { isSealed: effect.isSealed, added: this.added.size };
        return;
      case 'complete':
      case 'fail':
      case 'continueAsNew':
        this.endings.push(effect);
        return;
      default:
        effect satisfies never;
    }
  }

  /** An outcome of something that is under way. */
  outcome(pick: number, isGood: boolean): HourEvent | undefined {
    const running: (() => HourEvent)[] = [...this.applying].map(key => () => {
      this.applying.delete(key);
      this.finished.add(key);
      return isGood
        ? { kind: 'partApplied', key, part: PART }
        : { kind: 'partFailed', key, reason: 'damaged' };
    });
    if (this.rebuild !== undefined)
      running.push(() => {
        this.lastRebuild = this.rebuild;
        this.rebuild = undefined;
        return { kind: 'rebuilt', audit: AUDIT };
      });
    return running[pick % running.length]?.();
  }
}

function isBackfilled(key: string): boolean {
  return key.includes('/part-api-');
}

describe('whatever happens, and in whatever order', () => {
  const key = fc.nat({ max: 11 }).map(i => (i > 9 ? `${BACKFILLED}${i}` : keyOf(`00000000010${i}-aa`)));
  const keys = fc.array(key, { maxLength: 6 });
  const action = fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('partsAdded' as const), keys }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'sealed' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'idle' as const }) },
    { weight: 3, arbitrary: fc.constant({ kind: 'settled' as const }) },
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('outcome' as const), pick: fc.nat(9), isGood: fc.boolean() }),
    },
  );

  test('no part is lost, nothing is outstanding at the end, and a seal is in the last rebuild', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        keys,
        fc.array(action, { maxLength: 60 }),
        fc.option(fc.nat({ max: 60 }), { nil: Infinity }),
        fc.boolean(),
        (isByHand, first, actions, longAfter, areAllGood) => {
          const world = new World(isByHand);
          world.send({ kind: 'started', keys: first }, SHORT);
          const perform = (given: (typeof actions)[number], circumstances: HourCircumstances): void => {
            if (given.kind === 'idle') {
              if (!world.hasTimer) return;
              world.hasTimer = false;
              world.send({ kind: 'idleElapsed' }, circumstances);
            } else if (given.kind === 'outcome') {
              const event = world.outcome(given.pick, given.isGood || areAllGood);
              if (event !== undefined) world.send(event, circumstances);
            } else world.send(given, circumstances);
          };
          for (const [i, given] of actions.entries()) {
            if (world.endings.length > 0) break;
            perform(given, { isHistoryLong: i >= longAfter });
          }
          // Then no more signals but the seal: it comes to an end.
          perform({ kind: 'sealed' }, SHORT);
          for (let i = 0; i < 100 && world.endings.length === 0; i++) {
            perform({ kind: 'settled' }, SHORT);
            perform({ kind: 'outcome', pick: 0, isGood: areAllGood }, SHORT);
          }
          expect(world.problems).toEqual([]);
          expect(world.endings).toHaveLength(1);
          const [ending] = world.endings;
          const { facts, kind } = world.state;
          const isCompleted = ending?.kind === 'complete';
          expect(isCompleted && outstanding(facts) + facts.unmerged.length).toBe(isCompleted && 0);
          expect(isCompleted && world.lastRebuild).toEqual(
            isCompleted && { isSealed: ending.endedBy === 'seal', added: world.added.size },
          );
          expect(kind === 'failed' && facts.totals.failed.length === 0).toBe(false);
          const left = continueAsNewState(world.state).pending;
          expect(kind === 'continuedAsNew' && facts.applying.length > 0).toBe(false);
          expect(
            kind === 'continuedAsNew' &&
              [...world.added].some(
                key => !isBackfilled(key) && !world.finished.has(key) && !left.includes(key),
              ),
          ).toBe(false);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('a signal', () => {
  const { settled, sealed, rebuilt, idleElapsed } = EVENTS;
  const REPEATED: HourEvent = { kind: 'partsAdded', keys: [A] };

  test.each(Object.values(STATES))('is remembered in the state $kind, with nothing to do at once', state => {
    const added = next(state, EVENTS.partsAdded, SHORT);
    expect(added.effects).toEqual([]);
    expect(added.state.facts.pending).toEqual([...state.facts.pending, C]);
    expect(next(state, sealed, SHORT).state.facts.isSealed).toBe(true);
    const backfilled = next(state, { kind: 'partsAdded', keys: [BACKFILLED] }, SHORT);
    expect(backfilled.state.facts.unmerged).toEqual([BACKFILLED]);
  });

  test('with a new part restarts the idle timer, and one with a known part does not', () => {
    const idle: HourState = { kind: 'collecting', hasNews: false, facts: facts({ known: new Set([A]) }) };
    expect(play(idle, [REPEATED, idleElapsed]).shown).toBe('rebuilding: rebuildHour');
    const applied: HourEvent = { kind: 'partApplied', key: C, part: PART };
    const added = play(idle, [EVENTS.partsAdded, REPEATED, settled, applied]);
    expect(play(added.state, [idleElapsed]).shown).toBe('collecting: startIdleTimer');
    expect(play(added.state, [idleElapsed, idleElapsed]).shown).toBe('rebuilding: rebuildHour');
  });

  test.each([
    ['a known part', REPEATED],
    ['a second seal', sealed],
  ])('with %s does not outdate the rebuild that ends the run', (_, event) => {
    expect(play(STATES.rebuilding, [event, rebuilt]).shown).toBe('completed: complete');
  });

  test('that outdates a rebuild is not forgotten when a repeated one follows', () => {
    expect(play(STATES.rebuilding, [EVENTS.partsAdded, REPEATED, rebuilt]).state.kind).toBe('collecting');
  });

  test('during a refresh sets a new refresh going only for a part of a backfill', () => {
    const state: HourState = { kind: 'refreshing', facts: facts() };
    const again = play(state, [{ kind: 'partsAdded', keys: [BACKFILLED] }, rebuilt]);
    expect(again.effects).toEqual([{ kind: 'rebuildHour', isSealed: false }]);
    expect(play(again.state, [rebuilt]).shown).toBe('collecting: startIdleTimer');
  });
});

describe('the slots', () => {
  const { settled, partApplied } = EVENTS;
  const keys = Array.from({ length: 6 }, (_, i) => keyOf(`00000000002${i}-aa`));
  const applyAll = (some: readonly string[]): HourEffect[] => some.map(key => ({ kind: 'applyPart', key }));

  test.each(['refreshing', 'rebuilding'] as const)('take parts while the hour is %s', kind => {
    const applying = facts({ known: new Set([A]), applying: [A], pending: [B] });
    const state: HourState =
      kind === 'rebuilding' ? { kind, facts: applying, isOutdated: true } : { kind, facts: applying };
    expect(play(state, [settled]).effects).toEqual(applyAll([B]));
    expect(play(state, [partApplied]).effects).toEqual(applyAll([B]));
  });

  test.each(['starting', 'draining', 'completed', 'failed', 'continuedAsNew'] as const)(
    'take no part while the hour is %s',
    kind => {
      const state: HourState = { kind, facts: facts({ known: new Set([A]), applying: [A], pending: [B] }) };
      expect(play(state, [partApplied]).effects).toEqual([]);
      expect(next(state, settled, SHORT).effects).toEqual([]);
    },
  );

  test('take parts in a long history only while a part of a backfill waits for its rebuild', () => {
    const collecting = (unmerged: readonly string[]): HourState => ({
      kind: 'collecting',
      hasNews: true,
      facts: facts({ applying: [A], pending: [B], unmerged }),
    });
    expect(play(collecting([BACKFILLED]), [partApplied], LONG).effects).toEqual(applyAll([B]));
    expect(play(collecting([]), [partApplied], LONG).effects).toEqual([]);
  });

  test('are all free again after a single part', () => {
    const single = play(STATES.collecting, [partApplied, EVENTS.partsAdded, settled]);
    expect(single.effects).toEqual(applyAll([C]));
    const more = play(single.state, [{ kind: 'partsAdded', keys }, settled]);
    expect(more.effects).toEqual(applyAll(keys.slice(0, 3)));
  });

  test('of an older run are kept while no part is taken, or when each of them takes one', () => {
    const old = facts({ areSlotsKept: false });
    const idle = play({ kind: 'collecting', hasNews: false, facts: old }, [settled]);
    expect(idle.state.facts.slots).toBe(4);
    const busy: HourState = {
      kind: 'collecting',
      hasNews: true,
      facts: { ...old, applying: [A], pending: [B] },
    };
    expect(play(busy, [partApplied]).state.facts).toMatchObject({ applying: [B], slots: 4 });
  });
});

describe('the outcome of a part', () => {
  test('that is not being applied changes nothing', () => {
    const state: HourState = { kind: 'collecting', hasNews: false, facts: facts({ pending: [B] }) };
    expect(next(state, EVENTS.partApplied, SHORT)).toEqual({ state, effects: [] });
    expect(next(state, EVENTS.partFailed, SHORT)).toEqual({ state, effects: [] });
  });
});

describe('the next run of the chain', () => {
  const TOTALS = { parts: 3, repeated: 1, events: 9, edits: 4, unusable: 2, failed: [] };
  const left = { pending: [B], isSealed: false, totals: TOTALS };
  const NEW_RUN = { isByHand: true, areSlotsKept: true };

  test.each([
    ['was started by hand', { ...left, isByHand: true }, true],
    ['was not', { ...left, isByHand: false }, false],
    ['comes from a version that did not say', left, false],
  ])('is by hand only if the first one %s', (_, previous, isByHand) => {
    expect(beginHour(NEW_RUN, previous).facts.isByHand).toBe(isByHand);
    expect(beginHour({ ...NEW_RUN, isByHand: false }, previous).facts.isByHand).toBe(isByHand);
  });

  test('continues with the totals and the seal, and has nothing under way', () => {
    expect(beginHour(NEW_RUN, { ...left, isSealed: true })).toEqual({
      kind: 'starting',
      facts: {
        totals: TOTALS,
        known: new Set(),
        pending: [],
        applying: [],
        unmerged: [],
        isSealed: true,
        isByHand: false,
        slots: 4,
        areSlotsKept: true,
      },
    });
  });
});
