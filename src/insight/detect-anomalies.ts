/**
 * Looks at every wiki for something unusual, and records it once, with the reason. Runs every five minutes. Three
 * questions to gold say what all wikis had in the last 5, 15 and 60 minutes; the past is asked for only of wikis that have
 * enough edits to be unusual at all, and bronze is read only for what was found.
 */
import type { Explain } from '../contracts/explanation.ts';
import { explanationText } from '../contracts/explanation-text.ts';
import { PipelineError } from '../contracts/errors.ts';
import type { AnomalyReason, RecordedAnomaly } from '../contracts/storage/recorded-anomaly.ts';
import type { DetectedAnomalies } from '../contracts/temporal/detect-anomalies.ts';
import { containSpan } from '../core/coverage/spans.ts';
import type { Span } from '../core/coverage/spans.ts';
import { isoSeconds } from '../core/time.ts';
import { ACCOUNT_KINDS } from '../core/usual/anomaly.ts';
import type { AccountKind, Anomaly } from '../core/usual/anomaly.ts';
import { next, stateAfter } from '../core/usual/detect.ts';
import type { DetectorEffect, DetectorState, Subject } from '../core/usual/detect.ts';
import { LOOK_SECONDS, lookAt } from '../core/usual/readings.ts';
import type { CountOf } from '../core/usual/readings.ts';
import type { GoldReader, GoldWriter, WikiActivity } from '../gold/gold-store.ts';
import { knownFromStream, readStreamKnown, readToOf } from '../gold/stream-hours.ts';
import type { StreamKnown } from '../gold/stream-hours.ts';
import type { UsualOfWikis } from '../gold/usual-of-wikis.ts';

const WINDOWS = [LOOK_SECONDS, 900, 3_600] as const;
const HOUR = 3_600;
/** Fewer edits in an hour are not unusual, whatever is usual: see `readings.ts`. */
const LEAST_EDITS = 30;
/** Looks that were missed while no worker ran are made up for an hour back. */
const MOST_LOOKS = 12;
/** One that nobody ended, because no worker ran, is ended by the first look after that. */
const OPEN_SINCE_SECONDS = 30 * 86_400;
/** What begins so long after the end of another has nothing to do with it: see `detect.ts`. */
const LONG_OVER_SECONDS = 4 * HOUR;
/** Each reads parts of an hour. What is left without a reason gets it with the next look. */
const MOST_EXPLANATIONS = 5;

export interface DetectDeps {
  readonly gold: Pick<GoldReader, 'activity' | 'anomalies' | 'reads' | 'coverage' | 'gaps'> &
    Pick<GoldWriter, 'recordAnomalies'>;
  readonly usual: Pick<UsualOfWikis, 'of'>;
  readonly explain: Explain;
}

interface Tracked extends Subject {
  state: DetectorState;
  reason: AnomalyReason | undefined;
}

interface Look {
  readonly at: number;
  readonly known: StreamKnown;
  /** Of each window, by wiki. */
  readonly counts: ReadonlyMap<number, ReadonlyMap<string, WikiActivity>>;
}

export class AnomalyDetector {
  readonly #deps: DetectDeps;
  /** The latest look of this process: nothing is new before the next five minutes are known. */
  #lookedAt = -Infinity;

  constructor(deps: DetectDeps) {
    this.#deps = deps;
  }

  /** @throws the signal's reason; what gold throws */
  async detect(nowMs: number, stopSignal: AbortSignal): Promise<DetectedAnomalies> {
    const { gold } = this.#deps;
    const now = Math.floor(nowMs / 1000);
    const known = await readStreamKnown([now - 3 * HOUR, now], gold);
    const newest = lastKnown(known, now);
    if (newest === undefined || newest <= this.#lookedAt)
      return { lookedAt: null, looks: 0, begun: 0, ended: 0, lasting: 0 };
    const recorded = await gold.anomalies({ from: newest - OPEN_SINCE_SECONDS, to: newest + 1 });
    const tracked = trackedOf(recorded, newest);
    const before = Math.max(this.#lookedAt, ...recorded.map(({ lookedAt }) => lookedAt));
    const first = Math.max(newest - (MOST_LOOKS - 1) * LOOK_SECONDS, before + LOOK_SECONDS);
    const sums = { looks: 0, begun: 0, ended: 0 };
    // Without anything that says when it was looked last, the past is not gone through again.
    for (let at = Number.isFinite(before) ? first : newest; at <= newest; at += LOOK_SECONDS) {
      stopSignal.throwIfAborted();
      const effects = await this.#look(at, known, tracked, stopSignal);
      sums.looks += 1;
      sums.begun += effects.filter(({ kind }) => kind === 'begin').length;
      sums.ended += effects.filter(({ kind }) => kind === 'end').length;
      this.#lookedAt = at;
    }
    const lasting = [...tracked.values()].filter(({ state }) => state.kind === 'unusual').length;
    return { lookedAt: isoSeconds(newest), ...sums, lasting };
  }

  async #look(
    at: number,
    known: StreamKnown,
    tracked: Map<string, Tracked>,
    stopSignal: AbortSignal,
  ): Promise<readonly DetectorEffect[]> {
    const counts = new Map<number, ReadonlyMap<string, WikiActivity>>();
    for (const length of WINDOWS) {
      const activity = await this.#deps.gold.activity(at - length, at);
      counts.set(length, new Map(activity.map(one => [one.wiki, one])));
    }
    const look = { at, known, counts };
    const found: { readonly effect: DetectorEffect; readonly of: Tracked }[] = [];
    for (const subject of subjectsOf(look, tracked)) {
      stopSignal.throwIfAborted();
      const of = tracked.get(nameOf(subject)) ?? {
        ...subject,
        state: { kind: 'usual' as const },
        reason: undefined,
      };
      const { state, effects } = await this.#next(of, look);
      of.state = state;
      for (const effect of effects) {
        tracked.set(nameOf(subject), of);
        if (effect.kind === 'begin') of.reason = undefined;
        found.push({ effect, of });
      }
    }
    await this.#record(at, found, stopSignal);
    return found.map(({ effect }) => effect);
  }

  async #next({ wiki, account, state }: Tracked, { at, known, counts }: Look) {
    const usual = (await this.#deps.usual.of(wiki, at))[account];
    const minutes = knownFromStream(wiki, known);
    const countOf: CountOf = window => {
      if (!containSpan(minutes, spanOf(window))) return undefined;
      return counts.get(window.to - window.from)?.get(wiki)?.[account] ?? 0;
    };
    return next(state, lookAt(usual, at, countOf), { wiki, account });
  }

  async #record(
    at: number,
    found: readonly { readonly effect: DetectorEffect; readonly of: Tracked }[],
    stopSignal: AbortSignal,
  ): Promise<void> {
    if (found.length === 0) return;
    const unexplained = found.filter(({ of, effect }) => of.reason === undefined || effect.kind === 'end');
    for (const { of, effect } of unexplained.slice(0, MOST_EXPLANATIONS))
      of.reason = (await this.#reasonOf(effect.anomaly, stopSignal)) ?? of.reason;
    const records = found.map(({ effect: { anomaly }, of: { reason } }): RecordedAnomaly => ({
      ...anomaly,
      lookedAt: at,
      ...(reason !== undefined && { reason }),
    }));
    await this.#deps.gold.recordAnomalies(records);
  }

  /** Of the window that was furthest from its expectation; undefined when bronze says nothing of it. */
  async #reasonOf(
    { wiki, account, peak: { from, to, expected } }: Anomaly,
    stopSignal: AbortSignal,
  ): Promise<AnomalyReason | undefined> {
    // Only what is beyond the usual of this kind of account has to be explained.
    const usual = { human: Infinity, bot: Infinity, [account]: expected };
    try {
      const explanation = await this.#deps.explain({ wiki, from, to, usual }, stopSignal);
      const { kind } = explanation.cause;
      return kind === 'no_parts' ? undefined : { kind, sentence: explanationText(explanation) };
    } catch (error) {
      // What was found is recorded in any case.
      if (error instanceof PipelineError && !stopSignal.aborted) return undefined;
      throw error;
    }
  }
}

/** The last multiple of five minutes up to which something is known of any wiki. */
function lastKnown(known: StreamKnown, now: number): number | undefined {
  const end = Math.min(now, readToOf(known));
  return Number.isFinite(end) ? Math.floor(end / LOOK_SECONDS) * LOOK_SECONDS : undefined;
}

/** By subject, what the latest anomaly of each leaves. One that is over for long leaves nothing. */
function trackedOf(recorded: readonly RecordedAnomaly[], at: number): Map<string, Tracked> {
  const tracked = new Map<string, Tracked>();
  for (const { lookedAt: _, reason, ...anomaly } of recorded) {
    const { wiki, account, to } = anomaly;
    if (to !== null && at - to > LONG_OVER_SECONDS) continue;
    tracked.set(nameOf(anomaly), { wiki, account, state: stateAfter(anomaly), reason });
  }
  return tracked;
}

/** Those that can be unusual, and those that were. */
function subjectsOf({ counts }: Look, tracked: ReadonlyMap<string, Tracked>): Subject[] {
  const lastHour = counts.get(HOUR)?.values() ?? [];
  const busy = [...lastHour].flatMap(activity =>
    ACCOUNT_KINDS.filter(account => activity[account] >= LEAST_EDITS).map(account => ({
      wiki: activity.wiki,
      account,
    })),
  );
  const known = [...tracked.values()]
    .filter(({ state }) => state.kind !== 'usual')
    .map(({ wiki, account }) => ({ wiki, account }));
  return [...new Map([...busy, ...known].map(subject => [nameOf(subject), subject])).values()];
}

function nameOf({ wiki, account }: { readonly wiki: string; readonly account: AccountKind }): string {
  return `${wiki} ${account}`;
}

function spanOf({ from, to }: { readonly from: number; readonly to: number }): Span {
  return { fromMs: from * 1000, toMs: to * 1000 };
}
