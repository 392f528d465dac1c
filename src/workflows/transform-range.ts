/**
 * ⑤⑥ Rebuilds gold for a range of hours from bronze alone: after the schema was dropped, or to be sure. Goes through the
 * range in steps of a few days, so that its state is a single instant and a range of years fits.
 */
import { ApplicationFailure } from '@temporalio/common';
import {
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { changesText } from '../contracts/temporal/transform.ts';
import type { HourAudit } from '../contracts/temporal/transform.ts';
import { mapBounded } from '../core/map-bounded.ts';
import { HOUR_MS, isoMs } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import { hours, instant } from '../contracts/kinds.ts';
import { readInput } from '../contracts/temporal/input.ts';
import { pause, progress, resume } from '../contracts/temporal/messages.ts';
import { isRunCanceled, withOutcome } from './outcome.ts';
import type { Ending } from './outcome.ts';
import { answerPauseAndResume } from './pause-updates.ts';
import { rebuilding } from './policies.ts';
import { readHourRange } from '../contracts/temporal/range-input.ts';
import { EDITS, STAGE } from '../contracts/temporal/search-attributes.ts';
import { isFailureOf, reasonOf } from './failures.ts';
import { sentenceOf } from './waiting-for.ts';
import type { WaitingFor } from './waiting-for.ts';

/** What has been rebuilt so far. */
export interface RangeResult {
  /** ISO 8601; the hours that begin in [from, to). */
  readonly from: string;
  readonly to: string;
  /** Hours that bronze has parts of. */
  readonly hours: number;
  readonly parts: number;
  readonly events: number;
  readonly edits: number;
  readonly duplicates: number;
  readonly changedRows: number;
  /** Parts of the stream that gold lacked, and the rows they add to; absent when there were none. */
  readonly pendingParts?: number;
  readonly pendingRows?: number;
  /** Gaps of the stream in the whole commit log, inside the range or not. */
  readonly gaps: number;
  /** Hours that keep their rows, because bronze no longer holds all of their parts. */
  readonly expired: readonly Hour[];
  readonly failed: readonly { readonly hour: Hour; readonly reason: string }[];
  /** Hours in which lines of an older project were counted too, and what that changed. */
  readonly recounted?: readonly RecountedHour[];
  /** Hours that keep rows of an older project, because bronze no longer holds all of its parts. */
  readonly kept?: readonly Hour[];
}

export interface RecountedHour {
  readonly hour: Hour;
  /** Parts of the older project. */
  readonly parts: number;
  readonly changedRows: number;
}

/** What the next run of the chain continues with. Serialised: fields keep their names. */
interface ContinueAsNewState {
  /** Hours before this instant are done. */
  readonly at: string;
  readonly isPaused: boolean;
  readonly result: RangeResult;
}

const NOTHING_YET: Omit<RangeResult, 'from' | 'to'> = {
  hours: 0,
  parts: 0,
  events: 0,
  edits: 0,
  duplicates: 0,
  changedRows: 0,
  gaps: 0,
  expired: [],
  failed: [],
};
const STEP_MS = 72 * HOUR_MS;
const PARALLEL_HOURS = 4;
const EXAMPLE = { from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' };

/** Rebuilds every hour of the range that bronze has parts of. When an hour fails, the others are rebuilt, then the run fails. */
export async function transformRange(raw?: unknown, previous?: ContinueAsNewState): Promise<RangeResult> {
  return withOutcome(ending => run(raw, previous, ending));
}

async function run(
  raw: unknown,
  previous: ContinueAsNewState | undefined,
  ending: Ending,
): Promise<RangeResult> {
  const { from, to } = readRange(raw);
  let at = previous?.at ?? from;
  let isPaused = previous?.isPaused ?? false;
  let result: RangeResult = previous?.result ?? {
    ...NOTHING_YET,
    from,
    to,
  };

  setHandler(pause, () => void (isPaused = true), {
    description: 'Finishes the hours under way, then waits for resume',
  });
  setHandler(resume, () => void (isPaused = false), { description: 'Resumes where it paused' });
  /** Hours that are being rebuilt. */
  let underWay = 0;
  const { leave } = answerPauseAndResume({
    pause: () => void (isPaused = true),
    resume: () => void (isPaused = false),
    isPaused: () => isPaused && underWay === 0,
    state: () => (isPaused ? 'paused' : 'rebuilding'),
  });
  setHandler(
    progress,
    () => ({ ...result, at, share: shareOf(at, from, to), waitingFor: sentenceOf(waitingFor()) }),
    {
      description: 'What has been rebuilt so far, and what the run waits for',
    },
  );
  const waitingFor = (): WaitingFor => {
    if (isPaused) return 'resume';
    return at < to ? 'rebuilds' : 'nothing';
  };
  ending.summary = () => summaryOf(at, result);
  const describe = (): void =>
    setCurrentDetails(`${summaryOf(at, result)}\n\nwaits for ${sentenceOf(waitingFor())}`);
  const rebuild = async (hour: Hour): Promise<void> => {
    await condition(() => !isPaused);
    underWay += 1;
    try {
      const audit = await rebuilding().rebuildHour.executeWithOptions({ summary: hour }, [
        { hour, isSealed: false, recount: 'indexed' },
      ]);
      result = added(result, audit);
    } catch (error) {
      if (isRunCanceled(error)) throw error;
      result = withFailure(result, hour, error);
    } finally {
      underWay -= 1;
    }
    describe();
  };

  upsertSearchAttributes([{ key: STAGE, value: 'rebuilding' }]);
  describe();
  if (previous === undefined) {
    await rebuilding().prepareGold();
    // Before the hours: the audit of an hour says which gaps it contains.
    result = { ...result, gaps: await rebuilding().restoreGaps() };
  }
  while (at < to) {
    await condition(() => !isPaused);
    if (workflowInfo().continueAsNewSuggested) {
      await leave();
      return continueAsNew<typeof transformRange>({ from, to }, { at, isPaused, result });
    }
    const stepEnd = isoMs(Math.min(Date.parse(at) + STEP_MS, Date.parse(to)));
    const found = await rebuilding().listHours({ from: at, to: stepEnd });
    await mapBounded(found.hours, PARALLEL_HOURS, rebuild);
    at = stepEnd;
    describe();
  }
  await leave();
  return finish(result);
}

function readRange(raw: unknown): { from: string; to: string } {
  const given = readInput('transformRange', raw, { hours, from: instant, to: instant }, EXAMPLE);
  const example = `Example: ${JSON.stringify(EXAMPLE)} or {"hours":24}`;
  const { fromMs, toMs } = readHourRange('transformRange', given, example);
  return { from: isoMs(fromMs), to: isoMs(toMs) };
}

function shareOf(at: string, from: string, to: string): number {
  const [atMs, fromMs, toMs] = [at, from, to].map(text => Date.parse(text)) as [number, number, number];
  return (atMs - fromMs) / (toMs - fromMs);
}

/** Markdown: what has been rebuilt. */
function summaryOf(at: string, result: RangeResult): string {
  const { from, to, hours, parts, edits, expired, failed, recounted = [], kept = [] } = result;
  return [
    `**${Math.floor(shareOf(at, from, to) * 100)} %** of ${from} to ${to}`,
    `${hours} hours rebuilt from ${parts} parts: ${edits} edits, ${changesText(result)}`,
    ...(expired.length > 0 ? [`unchanged because bronze has expired: ${expired.join(', ')}`] : []),
    ...recounted.map(
      hour =>
        `${hour.hour}: ${hour.parts} parts of an older project counted again, ${hour.changedRows} rows changed`,
    ),
    ...(kept.length > 0 ? [`rows of an older project kept: ${kept.join(', ')}`] : []),
    ...failed.map(({ hour, reason }) => `failed: ${hour}: ${reason}`),
  ].join('\n\n');
}

function added(result: RangeResult, audit: HourAudit): RangeResult {
  return {
    ...result,
    hours: result.hours + 1,
    parts: result.parts + audit.parts,
    events: result.events + audit.events,
    edits: result.edits + audit.distinct,
    duplicates: result.duplicates + audit.duplicates,
    changedRows: result.changedRows + audit.changedRows,
    ...(audit.pendingParts !== undefined && {
      pendingParts: (result.pendingParts ?? 0) + audit.pendingParts,
      pendingRows: (result.pendingRows ?? 0) + (audit.pendingRows ?? 0),
    }),
    ...(audit.foreignParts !== undefined && {
      recounted: [
        ...(result.recounted ?? []),
        { hour: audit.hour, parts: audit.foreignParts, changedRows: audit.changedRows },
      ],
    }),
    ...(audit.keptBefore !== undefined && { kept: [...(result.kept ?? []), audit.hour] }),
  };
}

function withFailure(result: RangeResult, hour: Hour, error: unknown): RangeResult {
  if (isFailureOf('BronzeExpired', error)) return { ...result, expired: [...result.expired, hour] };
  return { ...result, failed: [...result.failed, { hour, reason: reasonOf(error) }] };
}

/** The result; or a failed run when hours could not be rebuilt, so that operators see it. */
function finish(result: RangeResult): RangeResult {
  const { failed, edits } = result;
  upsertSearchAttributes([
    { key: STAGE, value: failed.length === 0 ? 'done' : 'failed' },
    { key: EDITS, value: edits },
  ]);
  if (failed.length === 0) setCurrentDetails(`${summaryOf(result.to, result)}\n\n**done**`);
  if (failed.length === 0) return result;
  const message = `${failed.length} hours could not be rebuilt; the first, ${failed[0]?.hour}: ${failed[0]?.reason}`;
  throw ApplicationFailure.create({ message, type: 'HoursFailed', nonRetryable: true, details: [result] });
}
