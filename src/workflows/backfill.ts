/**
 * Fetches what ingest missed, from the cheapest source that has it: EventStreams again, the Action API, or the history dumps.
 * Reads window by window into bronze and has each hour rebuilt, so an edit counts once, whatever its source. The state is
 * what is left to do: a run that is killed, reset or continued as new resumes there, and stores nothing twice.
 */
import { ApplicationFailure } from '@temporalio/common';
import {
  CancellationScope,
  condition,
  continueAsNew,
  log,
  patched,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { isoMs } from '../core/time.ts';
import type { BackfillPlan } from '../contracts/temporal/backfill.ts';
import { readBackfillInput } from '../contracts/temporal/backfill-input.ts';
import type { BackfillInput } from '../contracts/temporal/backfill-input.ts';
import { backfillAttributes } from '../contracts/temporal/backfill-label.ts';
import { coverageOf } from './backfill-coverage.ts';
import { beginBackfill } from './backfill-state.ts';
import type { BackfillState } from './backfill-state.ts';
import { detailsOf, progressOf, reportOf, summaryOf, unplanned } from './backfill-report.ts';
import type { BackfillProgress, BackfillReport, UnplannedBackfill } from './backfill-report.ts';
import { BackfillRun } from './backfill-run.ts';
import { invalidInput } from '../contracts/temporal/input.ts';
import { pause, progress, resume } from '../contracts/temporal/messages.ts';
import { isFailureOf, reasonOf } from './failures.ts';
import { isRunCanceled, withOutcome } from './outcome.ts';
import type { Ending } from './outcome.ts';
import { answerPauseAndResume } from './pause-updates.ts';
import { planning, rebuilding } from './policies.ts';
import { EDITS, STAGE } from '../contracts/temporal/search-attributes.ts';

/** Remove this patch when no backfill from before December 2026 has to be replayed. */
const KEEP_FETCHED = 'keep-what-a-canceled-backfill-fetched';
/** Likewise. */
const RECORD_EARLY = 'record-coverage-as-hours-are-done';
const COUNT_WITHIN = '2 minutes';
const RECORD_WITHIN = '10 seconds';

/** What the next run of the chain continues with. Serialised: fields keep their names. */
interface ContinueAsNewState {
  readonly input: BackfillInput;
  readonly state: BackfillState;
  readonly isPaused: boolean;
}

/** Fills a range of bronze and gold. When a window fails, the others are read, then the run fails. */
export async function backfill(raw?: unknown, previous?: ContinueAsNewState): Promise<BackfillReport> {
  return withOutcome(ending => fill(raw, previous, ending));
}

async function fill(
  raw: unknown,
  previous: ContinueAsNewState | undefined,
  ending: Ending,
): Promise<BackfillReport> {
  const input = previous?.input ?? readBackfillInput(raw);
  let isPaused = previous?.isPaused ?? false;
  let run: BackfillRun | undefined;

  // Defined before the handlers, because a waiting signal is handled as soon as its handler is set.
  const answer = (): UnplannedBackfill | BackfillProgress =>
    run === undefined
      ? unplanned(input, isPaused ? 'paused' : 'planning')
      : progressOf(input, run.state, run.phase, Date.now(), run.running);
  const describe = (): void => {
    const current = answer();
    setCurrentDetails('done' in current ? detailsOf(current) : `waits for ${current.waitingFor}`);
  };
  ending.summary = () => {
    const current = answer();
    return 'done' in current ? summaryOf(current) : 'nothing was read';
  };
  const pauseRun = (paused: boolean): void => {
    isPaused = paused;
    if (run !== undefined) run.isPaused = paused;
    describe();
  };
  setHandler(pause, () => pauseRun(true), {
    description: 'Finishes the windows under way, then waits for resume',
  });
  setHandler(resume, () => pauseRun(false), { description: 'Resumes where it paused' });
  const { leave } = answerPauseAndResume({
    pause: () => pauseRun(true),
    resume: () => pauseRun(false),
    isPaused: () => isPaused && run?.isBusy !== true,
    state: () => answer().state,
  });
  setHandler(progress, answer, {
    description: 'What has been read so far, what is left, and what the run waits for',
  });

  upsertSearchAttributes([{ key: STAGE, value: 'backfilling' }]);
  describe();
  await condition(() => !isPaused || previous !== undefined);
  const state = previous?.state ?? beginBackfill(await plan(input), input.concurrency, isoMs(Date.now()));
  showLabel(input, state.plan);
  const { concurrency, source } = input;
  run = new BackfillRun(state, {
    concurrency,
    isAuto: source === 'auto',
    recordsEarly: patched(RECORD_EARLY),
    onChange: describe,
  });
  run.isPaused = isPaused;
  try {
    await run.run();
    await leave();
    if (!run.isDone) return continueAsNew<typeof backfill>(raw, { input, state: run.state, isPaused });
    return await finish(input, run.state);
  } catch (error) {
    if (isRunCanceled(error) && patched(KEEP_FETCHED)) await keepFetched(run);
    throw error;
  }
}

/** Sets the search attributes that whoever started the run could not set, such as a shell or the Web UI. */
function showLabel(input: BackfillInput, { isIndexed, wikis }: BackfillPlan): void {
  if (isIndexed !== true) return;
  const { typedSearchAttributes } = workflowInfo();
  const missing = backfillAttributes(input, wikis).filter(
    ({ key }) => typedSearchAttributes.get(key) === undefined,
  );
  if (missing.length > 0) upsertSearchAttributes(missing);
}

/** What was fetched counts, and is recorded, before a canceled run ends; but a canceled run has to end soon. */
async function keepFetched(run: BackfillRun): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    await CancellationScope.withTimeout(COUNT_WITHIN, () => run.countFetched());
    const covered = coverageOf(run.state);
    if (covered.length === 0) return;
    await CancellationScope.withTimeout(RECORD_WITHIN, () => rebuilding().recordCoverage({ covered })).catch(
      (error: unknown) => log.warn('the coverage of a canceled backfill is not recorded', { error }),
    );
  });
}

/** Which source is read for which range. An unknown wiki is invalid input. */
async function plan({ from, to, source, wikis }: BackfillInput): Promise<BackfillPlan> {
  try {
    return await planning().planBackfill({ from, to, source, ...(wikis !== undefined && { wikis }) });
  } catch (error) {
    if (isFailureOf('InvalidInput', error)) throw invalidInput(reasonOf(error), 'wikis');
    throw error;
  }
}

/** Closes the gaps that are filled. The result; or a failed run when windows failed, so that operators see it. */
async function finish(input: BackfillInput, state: BackfillState): Promise<BackfillReport> {
  const covered = coverageOf(state);
  if (covered.length > 0) await rebuilding().recordCoverage({ covered });
  const report = reportOf(input, state);
  const { failed, rebuilt } = report;
  upsertSearchAttributes([
    { key: STAGE, value: failed.length === 0 ? 'done' : 'failed' },
    { key: EDITS, value: rebuilt.edits },
  ]);
  setCurrentDetails(`${summaryOf(progressOf(input, state, 'done', Date.now()))}\n\n**done**`);
  if (failed.length === 0) return report;
  const [first] = failed;
  const message =
    `${failed.length} windows could not be read; the first, ${first?.source} ${first?.wiki ?? ''} ` +
    `${first?.from} to ${first?.to}: ${first?.reason}. All other windows are stored. Fix the cause, then start the same backfill again`;
  throw ApplicationFailure.create({ message, type: 'WindowsFailed', nonRetryable: true, details: [report] });
}
