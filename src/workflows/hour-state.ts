/**
 * ⑤⑥ What happens to one hour, as a pure state machine. `hour-run.ts` performs the effects and reports back.
 *
 *   starting ──started──▶ decide
 *
 *             ┌─ all applied, and sealed or by hand ─▶ finish
 *             ├─ a part of a backfill ─▶ refreshing ──rebuilt──▶ decide
 *   decide ───┤
 *             ├─ the history is long ─▶ draining ──settled, nothing under way──▶ continuedAsNew
 *             └─ otherwise ─▶ collecting ──settled──▶ decide
 *                                  └──idleElapsed, nothing outstanding──▶ finish
 *
 *             ┌─ a part has failed ─▶ failed
 *   finish ───┤
 *             └─ otherwise ─▶ rebuilding ──rebuilt──▶ completed
 *                                  └──rebuilt, but something arrived meanwhile──▶ decide
 *
 * Parts are applied side by side with all of this; `draining` and the states after it begin no new ones. Signals and
 * outcomes of parts only change the facts. Temporal delivers several of them at once: `settled` follows them and acts on
 * all. The order of effects is the order of commands in a history: changing it breaks the replay of runs under way.
 */
import type { HourAudit } from '../contracts/temporal/transform.ts';
import { backfillSourceOf } from '../contracts/storage/object-keys.ts';

/** What applying parts has added up to; continues in the next run of the chain. */
export interface ApplyTotals {
  readonly parts: number;
  /** Parts among them that had been applied before. */
  readonly repeated: number;
  readonly events: number;
  /** Edits that were added; those of repeated parts are not. */
  readonly edits: number;
  /** Lines that are not a usable event. */
  readonly unusable: number;
  readonly failed: readonly { readonly key: string; readonly reason: string }[];
}

/** The outcome of applying one part. */
export interface AppliedPart {
  /** False when gold already contained the part. */
  readonly applied: boolean;
  readonly events: number;
  readonly edits: number;
  readonly unusable: number;
}

/** What is known of the hour, in every state. */
export interface HourFacts {
  readonly totals: ApplyTotals;
  /** Keys that this run has taken to apply: each is applied once. */
  readonly known: ReadonlySet<string>;
  /** Keys whose application has not begun, oldest first. */
  readonly pending: readonly string[];
  /** Keys that are being applied. */
  readonly applying: readonly string[];
  /** Parts of a backfill that no rebuild has read yet. They are never added, because they may repeat other parts. */
  readonly unmerged: readonly string[];
  readonly isSealed: boolean;
  /** Started by hand to rebuild the hour, so it ends without a seal. */
  readonly isByHand: boolean;
  /** How many parts may be applied at once. */
  readonly slots: number;
  /** False for runs with an older history: a slot that woke and found no part was lost to them. */
  readonly areSlotsKept: boolean;
}

/** What Temporal says about the run at this moment. */
export interface HourCircumstances {
  /** Temporal suggests to continue as new. */
  readonly isHistoryLong: boolean;
}

export type HourState = { readonly facts: HourFacts } & (
  | { readonly kind: 'starting' }
  /** Waits for parts or the seal. `hasNews`: a part has arrived since the idle timer began. */
  | { readonly kind: 'collecting'; readonly hasNews: boolean }
  /** Rebuilds because of a backfill; parts may still follow. */
  | { readonly kind: 'refreshing' }
  /** The rebuild that ends the run, unless it `isOutdated` by something that arrived after it began. */
  | { readonly kind: 'rebuilding'; readonly isOutdated: boolean }
  /** Lets the parts under way finish, so that the run can continue as new. */
  | { readonly kind: 'draining' }
  | { readonly kind: 'completed' | 'failed' | 'continuedAsNew' }
);

export type HourEvent =
  | { readonly kind: 'started'; readonly keys: readonly string[] }
  | { readonly kind: 'partsAdded'; readonly keys: readonly string[] }
  | { readonly kind: 'sealed' }
  | { readonly kind: 'partApplied'; readonly key: string; readonly part: AppliedPart }
  | { readonly kind: 'partFailed'; readonly key: string; readonly reason: string }
  | { readonly kind: 'rebuilt'; readonly audit: HourAudit }
  | { readonly kind: 'idleElapsed' }
  /** Everything that Temporal delivered at once is in. */
  | { readonly kind: 'settled' };

export type EndedBy = 'seal' | 'idle' | 'rebuild';

export type HourEffect =
  | { readonly kind: 'applyPart'; readonly key: string }
  | { readonly kind: 'startIdleTimer' }
  | { readonly kind: 'stopIdleTimer' }
  | { readonly kind: 'rebuildHour'; readonly isSealed: boolean }
  | { readonly kind: 'complete'; readonly audit: HourAudit; readonly endedBy: EndedBy }
  | { readonly kind: 'fail' }
  | { readonly kind: 'continueAsNew' };

export interface Transition {
  readonly state: HourState;
  readonly effects: readonly HourEffect[];
}

/** What the next run of the chain continues with. Serialised: fields keep their names. */
export interface ContinueAsNewState {
  readonly pending: readonly string[];
  readonly isSealed: boolean;
  readonly isByHand?: boolean;
  readonly totals: ApplyTotals;
}

const PARALLEL_PARTS = 4;
const NO_TOTALS: ApplyTotals = { parts: 0, repeated: 0, events: 0, edits: 0, unusable: 0, failed: [] };

/** The state before anything has happened. @param previous what the run before this one left */
export function beginHour(
  { isByHand, areSlotsKept }: Pick<HourFacts, 'isByHand' | 'areSlotsKept'>,
  previous?: ContinueAsNewState,
): HourState {
  return {
    kind: 'starting',
    facts: {
      totals: previous?.totals ?? NO_TOTALS,
      known: new Set(),
      pending: [],
      applying: [],
      unmerged: [],
      isSealed: previous?.isSealed ?? false,
      isByHand: previous === undefined ? isByHand : previous.isByHand === true,
      slots: PARALLEL_PARTS,
      areSlotsKept,
    },
  };
}

/** The state after an event, and what is to be done. An event that cannot happen in a state changes nothing. */
export function next(state: HourState, event: HourEvent, circumstances: HourCircumstances): Transition {
  const { facts } = state;
  switch (event.kind) {
    case 'started':
      return state.kind === 'starting'
        ? decide(withKeys(facts, event.keys), circumstances)
        : unchanged(state);
    case 'partsAdded':
      return unchanged(withNews(state, withKeys(facts, event.keys)));
    case 'sealed':
      return unchanged(withNews(state, { ...facts, isSealed: true }));
    case 'partApplied':
      return afterPart(state, event.key, sumOf(facts.totals, event.part), circumstances);
    case 'partFailed': {
      const failed = [...facts.totals.failed, { key: event.key, reason: event.reason }];
      return afterPart(state, event.key, { ...facts.totals, failed }, circumstances);
    }
    case 'settled':
      return settle(state, circumstances);
    case 'idleElapsed':
      if (state.kind !== 'collecting') return unchanged(state);
      return state.hasNews || outstanding(facts) > 0 ? collect(facts) : finish(facts);
    case 'rebuilt':
      if (state.kind === 'refreshing') return decide(facts, circumstances);
      if (state.kind !== 'rebuilding') return unchanged(state);
      if (state.isOutdated) return decide(facts, circumstances);
      return {
        state: { kind: 'completed', facts },
        effects: [{ kind: 'complete', audit: event.audit, endedBy: endedBy(facts) }],
      };
    default:
      return event satisfies never;
  }
}

/** Number of parts that were taken and are not applied yet. */
export function outstanding({ pending, applying }: HourFacts): number {
  return pending.length + applying.length;
}

/** What the next run continues with. Read when the run ends, because parts can arrive until then. */
export function continueAsNewState({ facts }: HourState): ContinueAsNewState {
  const { pending, unmerged, isSealed, isByHand, totals } = facts;
  return { pending: [...pending, ...unmerged], isSealed, isByHand, totals };
}

function unchanged(state: HourState): Transition {
  return { state, effects: [] };
}

/** The state with facts that a signal has changed. */
function withNews(state: HourState, facts: HourFacts): HourState {
  const hasNews = facts.known.size > state.facts.known.size;
  switch (state.kind) {
    case 'collecting':
      return { ...state, facts, hasNews: state.hasNews || hasNews };
    case 'rebuilding': {
      const isSealedNow = facts.isSealed !== state.facts.isSealed;
      const isOutdated = state.isOutdated || hasNews || isSealedNow || facts.unmerged.length > 0;
      return { ...state, facts, isOutdated };
    }
    case 'starting':
    case 'refreshing':
    case 'draining':
    case 'completed':
    case 'failed':
    case 'continuedAsNew':
      return { ...state, facts };
    default:
      return state satisfies never;
  }
}

/** A part has an outcome: the slot takes the next one. */
function afterPart(
  state: HourState,
  key: string,
  totals: ApplyTotals,
  circumstances: HourCircumstances,
): Transition {
  if (!state.facts.applying.includes(key)) return unchanged(state);
  const applying = state.facts.applying.filter(other => other !== key);
  const facts: HourFacts = { ...state.facts, totals, applying };
  if (!beginsParts(state, circumstances)) return unchanged({ ...state, facts });
  const begun = beginParts(facts, 1);
  return { state: { ...state, facts: begun.facts }, effects: begun.effects };
}

function settle(state: HourState, circumstances: HourCircumstances): Transition {
  if (state.kind === 'draining') return drain(state.facts);
  const { facts } = state;
  const free = beginsParts(state, circumstances) ? facts.slots - facts.applying.length : 0;
  const begun = beginParts(facts, free);
  const stays: Transition = { state: { ...state, facts: begun.facts }, effects: begun.effects };
  if (state.kind !== 'collecting') return stays;
  const decided = decide(begun.facts, circumstances);
  if (decided.state.kind === 'collecting') return stays;
  return {
    state: decided.state,
    effects: [...begun.effects, { kind: 'stopIdleTimer' }, ...decided.effects],
  };
}

function decide(facts: HourFacts, circumstances: HourCircumstances): Transition {
  if ((facts.isSealed || facts.isByHand) && outstanding(facts) === 0) return finish(facts);
  if (facts.unmerged.length > 0)
    return {
      state: { kind: 'refreshing', facts: { ...facts, unmerged: [] } },
      effects: [{ kind: 'rebuildHour', isSealed: false }],
    };
  return circumstances.isHistoryLong ? drain(facts) : collect(facts);
}

function collect(facts: HourFacts): Transition {
  return { state: { kind: 'collecting', facts, hasNews: false }, effects: [{ kind: 'startIdleTimer' }] };
}

function drain(facts: HourFacts): Transition {
  return facts.applying.length > 0
    ? { state: { kind: 'draining', facts }, effects: [] }
    : { state: { kind: 'continuedAsNew', facts }, effects: [{ kind: 'continueAsNew' }] };
}

/** A part that cannot be read must not silently be absent from the rebuilt hour: it fails the run instead. */
function finish(facts: HourFacts): Transition {
  if (facts.totals.failed.length > 0)
    return { state: { kind: 'failed', facts }, effects: [{ kind: 'fail' }] };
  return {
    state: { kind: 'rebuilding', facts: { ...facts, unmerged: [] }, isOutdated: false },
    effects: [{ kind: 'rebuildHour', isSealed: facts.isSealed }],
  };
}

/** Whether a free slot may take a part: not when the run is about to continue as new. */
function beginsParts({ kind, facts }: HourState, { isHistoryLong }: HourCircumstances): boolean {
  if (kind === 'collecting') return !isHistoryLong || facts.unmerged.length > 0;
  return kind === 'refreshing' || kind === 'rebuilding';
}

/** Begins pending parts in `free` slots. */
function beginParts(
  facts: HourFacts,
  free: number,
): { readonly facts: HourFacts; readonly effects: readonly HourEffect[] } {
  const begun = facts.pending.slice(0, free);
  if (begun.length === 0) return { facts, effects: [] };
  const applying = [...facts.applying, ...begun];
  return {
    facts: {
      ...facts,
      pending: facts.pending.slice(begun.length),
      applying,
      slots: facts.areSlotsKept || begun.length === free ? facts.slots : applying.length,
    },
    effects: begun.map(key => ({ kind: 'applyPart', key })),
  };
}

function withKeys(facts: HourFacts, keys: readonly string[]): HourFacts {
  const isBackfilled = (key: string): boolean => backfillSourceOf(key) !== undefined;
  const added = [...new Set(keys)].filter(key => !isBackfilled(key) && !facts.known.has(key));
  return {
    ...facts,
    known: new Set([...facts.known, ...added]),
    pending: [...facts.pending, ...added],
    unmerged: [...new Set([...facts.unmerged, ...keys.filter(isBackfilled)])],
  };
}

function sumOf(totals: ApplyTotals, { applied, events, edits, unusable }: AppliedPart): ApplyTotals {
  return {
    ...totals,
    parts: totals.parts + 1,
    repeated: totals.repeated + (applied ? 0 : 1),
    events: totals.events + events,
    edits: totals.edits + (applied ? edits : 0),
    unusable: totals.unusable + unusable,
  };
}

function endedBy({ isSealed, isByHand }: HourFacts): EndedBy {
  if (isSealed) return 'seal';
  return isByHand ? 'rebuild' : 'idle';
}
