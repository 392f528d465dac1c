/**
 * What ingest missed, from wherever it can be had: EventStreams again, the Action API, the history dumps. Reads window
 * by window into bronze and has each hour rebuilt, so an edit counts once whoever brought it. Its state is what is
 * left to do; killed, reset or continued as new, it goes on from there, and what is stored already is not stored again.
 */
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import {
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { isoMs } from '../core/time.ts';
import type { BackfillPlan } from '../contracts/temporal/backfill.ts';
import { readBackfillInput } from '../contracts/temporal/backfill-input.ts';
import type { BackfillInput } from '../contracts/temporal/backfill-input.ts';
import { beginBackfill } from './backfill-lanes.ts';
import type { BackfillState } from './backfill-lanes.ts';
import { coverageOf, detailsOf, progressOf, reportOf } from './backfill-report.ts';
import type { BackfillReport } from './backfill-report.ts';
import { BackfillRun } from './backfill-run.ts';
import { invalidInput } from '../contracts/temporal/input.ts';
import { pause, progress, resume } from '../contracts/temporal/messages.ts';
import { planning, rebuilding } from './policies.ts';
import { EDITS, STAGE } from '../contracts/temporal/search-attributes.ts';

/** What goes on into the next run of the chain. */
interface Carried {
  readonly input: BackfillInput;
  readonly state: BackfillState;
  readonly isPaused: boolean;
}

/** Brings a range from outside into bronze and gold; fails at the end when a window could not be brought. */
export async function backfill(raw?: unknown, carried?: Carried): Promise<BackfillReport> {
  const input = carried?.input ?? readBackfillInput(raw);
  let isPaused = carried?.isPaused ?? false;
  let run: BackfillRun | undefined;

  // Before the handlers: a signal that is there already is handled as soon as its handler is.
  const look = () =>
    run === undefined
      ? { from: input.from, to: input.to, waitingFor: isPaused ? 'the signal resume' : 'the plan' }
      : progressOf(input, run.state, run.waitingFor, Date.now());
  const describe = (): void => {
    const looked = look();
    setCurrentDetails('done' in looked ? detailsOf(looked) : `waits for ${looked.waitingFor}`);
  };
  const pauseRun = (paused: boolean): void => {
    isPaused = paused;
    if (run !== undefined) run.isPaused = paused;
    describe();
  };
  setHandler(pause, () => pauseRun(true), { description: 'Finishes the windows under way, and waits' });
  setHandler(resume, () => pauseRun(false), { description: 'Goes on where it paused' });
  setHandler(progress, look, { description: 'What was brought so far, what is left, and what it waits for' });

  upsertSearchAttributes([{ key: STAGE, value: 'backfilling' }]);
  describe();
  await condition(() => !isPaused || carried !== undefined);
  const state = carried?.state ?? beginBackfill(await plan(input), input.concurrency, isoMs(Date.now()));
  const { concurrency, source } = input;
  run = new BackfillRun(state, { concurrency, isAuto: source === 'auto', onChange: describe });
  run.isPaused = isPaused;
  await run.run();
  if (!run.isDone) return continueAsNew<typeof backfill>(raw, { input, state: run.state, isPaused });
  return finish(input, run.state);
}

/** What comes from where. A wiki that there is not is wrong input like any other. */
async function plan({ from, to, source, wikis }: BackfillInput): Promise<BackfillPlan> {
  try {
    return await planning().planBackfill({ from, to, source, ...(wikis !== undefined && { wikis }) });
  } catch (error) {
    const cause = error instanceof ActivityFailure ? error.cause : undefined;
    if (cause instanceof ApplicationFailure && cause.type === 'InvalidInput')
      throw invalidInput(cause.message, 'wikis');
    throw error;
  }
}

/** Closes the gaps that are filled. The result, or a failed run when anything could not be brought, so that it is seen. */
async function finish(input: BackfillInput, state: BackfillState): Promise<BackfillReport> {
  const covered = coverageOf(state, input.wikis);
  if (covered.length > 0) await rebuilding().recordCoverage({ covered });
  const report = reportOf(input, state);
  const { failed, rebuilt } = report;
  upsertSearchAttributes([
    { key: STAGE, value: failed.length === 0 ? 'done' : 'failed' },
    { key: EDITS, value: rebuilt.edits },
  ]);
  setCurrentDetails(detailsOf(progressOf(input, state, 'nothing', Date.now())));
  if (failed.length === 0) return report;
  const [first] = failed;
  const message =
    `${failed.length} windows could not be brought; the first, ${first?.source} ${first?.wiki ?? ''} ` +
    `${first?.from} to ${first?.to}: ${first?.reason}. What was brought stays; start the same backfill again once the cause is mended`;
  throw ApplicationFailure.create({ message, type: 'WindowsFailed', nonRetryable: true, details: [report] });
}
