/**
 * Compares each sealed hour with what is usual, and records it once. A producer can stop while the offsets of its topic stay
 * contiguous: then no message is missing, and nothing but this says that edits are. Runs every five minutes, beside the
 * detection of anomalies. Not part of sealing: a seal must not fail because of what eight weeks of gold say.
 */
import type { HourExpectation, QuietWiki } from '../contracts/storage/hour-expectation.ts';
import type { JudgedHours } from '../contracts/temporal/detect-anomalies.ts';
import { containSpan } from '../core/coverage/spans.ts';
import { secondOf } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import { quietnessOf } from '../core/usual/quiet.ts';
import type { Quietness } from '../core/usual/quiet.ts';
import type { Window } from '../core/usual/usual.ts';
import { ALL_WIKIS } from '../core/wiki-name.ts';
import { mergedExpectations } from '../gold/expectations.ts';
import type { AuditedHour, GoldReader, GoldWriter } from '../gold/gold-store.ts';
import { hourSeconds } from '../gold/hour-seconds.ts';
import { knownFromStream, readStreamKnown } from '../gold/stream-hours.ts';
import type { StreamKnown } from '../gold/stream-hours.ts';
import type { UsualOfWikis } from '../gold/usual-of-wikis.ts';
import type { ObserveHours } from './quiet-metrics.ts';

const HOUR = 3_600;
/** Hours that were sealed, or rebuilt, while no worker ran are made up for this far back. */
const HOURS_BACK = 48;
/** The rest has its turn five minutes later. */
const HOURS_AT_ONCE = 12;
/** A wiki that had fewer edits in each of these hours before is not expected to have the hundred that are judged. */
const LEAST_EDITS = 50;
const HOURS_BEFORE = [1, 24, 168];

export interface JudgeDeps {
  readonly gold: Pick<GoldReader, 'audits' | 'activity' | 'expectations' | 'reads' | 'coverage' | 'gaps'> &
    Pick<GoldWriter, 'recordExpectations'>;
  readonly usual: Pick<UsualOfWikis, 'of'>;
  /** Wikis that the installation keeps; empty: all. */
  readonly keptWikis: readonly string[];
  readonly observe?: ObserveHours | undefined;
}

const NOTHING_KNOWN: StreamKnown = { read: [], filled: [], gaps: [] };

/** @throws the signal's reason; what gold throws */
export async function judgeHours(
  nowMs: number,
  deps: JudgeDeps,
  stopSignal: AbortSignal,
): Promise<JudgedHours> {
  const { gold, keptWikis, observe } = deps;
  const now = Math.floor(nowMs / 1000);
  const first = Math.floor(now / HOUR) * HOUR - HOURS_BACK * HOUR;
  const before = await gold.expectations(first, now);
  const due = dueHours(await gold.audits(first, now, HOURS_BACK + 1), before);
  const known = due.length === 0 ? NOTHING_KNOWN : await readStreamKnown([first, now], gold);
  // An hour that was not read as a whole has fewer edits because of that.
  const judgeable = due.filter(hour => isWholeKnown(keptWikis[0], windowOf(hour), known));
  const judged: HourExpectation[] = [];
  for (const hour of judgeable.slice(0, HOURS_AT_ONCE)) {
    stopSignal.throwIfAborted();
    judged.push(await judge(hour, known, now, deps));
  }
  if (judged.length > 0) await gold.recordExpectations(judged);
  observe?.(mergedExpectations(before, judged));
  return {
    hours: judged.length,
    quiet: judged
      .filter(({ all, quiet }) => all.kind === 'quiet' || quiet.length > 0)
      .map(({ hour, all, quiet }) => ({ hour, all: all.kind === 'quiet', wikis: quiet.length })),
  };
}

/** Sealed hours that were not judged since they were rebuilt, the latest first. */
function dueHours(audits: readonly AuditedHour[], known: readonly HourExpectation[]): readonly Hour[] {
  const judgedAt = new Map(known.map(expectation => [expectation.hour, expectation.judgedAt]));
  const due = audits.filter(
    ({ hour, audit, rebuiltAt }) =>
      audit.isSealed && secondOf(rebuiltAt) >= (judgedAt.get(hour) ?? -Infinity),
  );
  return due.map(({ hour }) => hour);
}

async function judge(
  hour: Hour,
  known: StreamKnown,
  now: number,
  { gold, usual }: JudgeDeps,
): Promise<HourExpectation> {
  const window = windowOf(hour);
  const editsIn = async (from: number): Promise<ReadonlyMap<string, number>> =>
    new Map((await gold.activity(from, from + HOUR)).map(({ wiki, human }) => [wiki, human]));
  const edits = await editsIn(window.from);
  const before = await Promise.all(HOURS_BEFORE.map(hours => editsIn(window.from - hours * HOUR)));
  const quietness = async (wiki: string, had: number): Promise<Quietness> =>
    // What comes after an hour says nothing about it, so what is usual now will do for each.
    quietnessOf((await usual.of(wiki, now)).human, window, had);

  const total = [...edits.values()].reduce((sum, had) => sum + had, 0);
  const all = { ...(await quietness(ALL_WIKIS, total)), edits: total };
  let wikis = 0;
  const quiet: QuietWiki[] = [];
  for (const wiki of busyWikis([edits, ...before])) {
    if (!isWholeKnown(wiki, window, known)) continue;
    const had = edits.get(wiki) ?? 0;
    const found = await quietness(wiki, had);
    if (found.kind === 'quiet' || found.kind === 'as_usual') wikis += 1;
    if (found.kind === 'quiet')
      quiet.push({ wiki, edits: had, expected: found.expected, factor: found.factor });
  }
  return { hour, judgedAt: now, all, wikis, quiet };
}

/** By name: those with enough edits in one of the hours. */
function busyWikis(hours: readonly ReadonlyMap<string, number>[]): readonly string[] {
  const busy = hours.flatMap(edits =>
    [...edits].filter(([, had]) => had >= LEAST_EDITS).map(([wiki]) => wiki),
  );
  return [...new Set(busy)].sort();
}

function windowOf(hour: Hour): Window {
  const [from, to] = hourSeconds(hour);
  return { from, to };
}

function isWholeKnown(wiki: string | undefined, { from, to }: Window, known: StreamKnown): boolean {
  return containSpan(knownFromStream(wiki, known), { fromMs: from * 1000, toMs: to * 1000 });
}
