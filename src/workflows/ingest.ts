/**
 * The pipeline's main run: keeps one activity reading the stream, and hands every part that it commits to the workflow
 * of the part's hour. Its own state is only a hint: after a reset, a termination or a new start it resumes from the
 * commit log.
 */
import { ActivityFailure } from '@temporalio/common';
import {
  CancellationScope,
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
  patched,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { StreamPartsInput } from '../contracts/temporal/ingest.ts';
import { NO_TALLY, tallied } from './commit-tally.ts';
import type { Tally } from './commit-tally.ts';
import { HourDispatch } from './hour-dispatch.ts';
import { instant, wikis } from '../contracts/kinds.ts';
import { readInput } from '../contracts/temporal/input.ts';
import {
  flush,
  partsCommitted,
  pause,
  progress,
  resume,
  stop,
  troubled,
} from '../contracts/temporal/messages.ts';
import { withOutcome } from './outcome.ts';
import type { Ending } from './outcome.ts';
import { answerPauseAndResume, takesNothing } from './pause-updates.ts';
import { streaming } from './policies.ts';
import { handled } from './promises.ts';
import { flushUpdate } from '../contracts/temporal/updates.ts';
import { EDITS, STAGE } from '../contracts/temporal/search-attributes.ts';
import { readTroubles } from '../contracts/temporal/trouble.ts';
import type { Trouble } from '../contracts/temporal/trouble.ts';
import { sentenceOf } from './waiting-for.ts';
import type { WaitingFor } from './waiting-for.ts';

/** What a run does, and what it waits for meanwhile. The keys are values of a search attribute. */
const STAGES = {
  streaming: 'flush',
  flushing: 'requestedFlush',
  paused: 'resume',
  stopping: 'lastFlush',
  done: 'nothing',
} as const satisfies Record<string, WaitingFor>;
type Stage = keyof typeof STAGES;

/** What the next run of the chain continues with. Serialised: fields keep their names. */
interface ContinueAsNewState {
  readonly tally: Tally;
  readonly openHours: readonly string[];
  /** Absent in runs of older versions. */
  readonly failedHours?: readonly string[];
  readonly isPaused: boolean;
}

/** Most of it takes a second; the rest waits for gold. */
const HAND_OVER_WITHIN = '10 seconds';
/** Runs with older histories waited without end. Remove it when none of them has to be replayed. */
const BOUND_HAND_OVER = 'bound-the-hand-over-of-a-run-that-must-end';

const EXAMPLE = { since: '2026-11-20T10:00:00Z', wikis: ['enwiki'] };

/** Runs until `stop`; returns the totals of its whole chain of runs. */
export async function ingest(raw?: unknown, previous?: ContinueAsNewState): Promise<Tally> {
  return withOutcome(ending => run(raw, previous, ending));
}

async function run(raw: unknown, previous: ContinueAsNewState | undefined, ending: Ending): Promise<Tally> {
  const input = readInput('ingest', raw, { since: instant, wikis }, EXAMPLE);
  const dispatch = new HourDispatch(
    { open: previous?.openHours ?? [], failed: previous?.failedHours ?? [] },
    () => describe(stage, tally, dispatch, troubles),
  );
  const asked = { pause: previous?.isPaused ?? false, stop: false, flush: false };
  let tally = previous?.tally ?? NO_TALLY;
  let stage: Stage = 'streaming';
  /** Times that the reading was interrupted, with a flush each. */
  let flushes = 0;
  /** What keeps the activity from working; known while it runs. */
  let troubles: readonly Trouble[] = [];
  const shown = (): Stage | 'troubled' => (troubles.length > 0 ? 'troubled' : stage);
  const root = CancellationScope.current();
  let hasFailed = false;
  const mustEnd = (): boolean => hasFailed || root.consideredCancelled;
  ending.summary = () => [summaryOf(tally, dispatch), ...leftBy(dispatch)].join('\n\n');

  setHandler(partsCommitted, notice => {
    const next = tallied(tally, notice);
    if (next === undefined) return;
    tally = next;
    dispatch.add(notice, tally.watermark);
    describe(stage, tally, dispatch, troubles);
  });
  setHandler(pause, () => void (asked.pause = true), {
    description: 'Flushes, then stops reading until resume',
  });
  setHandler(resume, () => void (asked.pause = false), { description: 'Reads on from where it paused' });
  setHandler(flush, () => void (asked.flush = true), { description: 'Commits the buffered events now' });
  const { isLeaving, leave } = answerPauseAndResume({
    pause: () => void (asked.pause = true),
    resume: () => void (asked.pause = false),
    isPaused: () => stage === 'paused',
    state: () => (isLeaving() && asked.pause ? 'paused' : stage),
  });
  setHandler(
    flushUpdate,
    async () => {
      const before = flushes;
      asked.flush = true;
      await condition(() => flushes > before || stage === 'paused' || isLeaving());
      return { sequence: tally.acknowledged };
    },
    {
      description: 'Like the signal; answers with the last committed sequence',
      validator: takesNothing('flush'),
    },
  );
  setHandler(troubled, payload => {
    if (stage === 'paused' || stage === 'done') return;
    const before = shown();
    troubles = readTroubles(payload);
    if (shown() !== before) upsertSearchAttributes([{ key: STAGE, value: shown() }]);
    describe(stage, tally, dispatch, troubles);
  });
  setHandler(stop, () => void (asked.stop = true), {
    description: 'Flushes, hands all parts to their hours, and ends',
  });
  setHandler(
    progress,
    () => ({
      stage: shown(),
      ...input,
      ...tally,
      ...hoursOf(dispatch),
      waitingFor: sentenceOf(waitingFor(stage, dispatch)),
      ...(troubles.length > 0 && { troubles }),
    }),
    {
      description: 'What has been read so far, and what the run waits for',
    },
  );

  const enter = (next: Stage): void => {
    stage = next;
    upsertSearchAttributes([{ key: STAGE, value: shown() }]);
    describe(stage, tally, dispatch, troubles);
  };
  const isTooLong = (): boolean => workflowInfo().continueAsNewSuggested;
  // Not cancelled with the run: committed parts still reach their hours.
  const handingOver = handled(CancellationScope.nonCancellable(() => dispatch.run()));
  const orFailedDispatch = <T>(wait: Promise<T>): Promise<T> => Promise.race([wait, handingOver]);

  try {
    while (!asked.stop && !isTooLong()) {
      if (asked.pause) {
        enter('paused');
        await orFailedDispatch(condition(() => !asked.pause || asked.stop || isTooLong()));
        continue;
      }
      enter('streaming');
      asked.flush = false;
      const isInterrupted = (): boolean => asked.pause || asked.stop || asked.flush || isTooLong();
      const onInterrupt = (): void => enter(asked.stop ? 'stopping' : 'flushing');
      await orFailedDispatch(
        streamUntil(isInterrupted, { ...input, acknowledged: tally.acknowledged }, onInterrupt),
      );
      troubles = [];
      flushes += 1;
    }
  } catch (error) {
    hasFailed = true;
    throw error;
  } finally {
    await CancellationScope.nonCancellable(() => orFailedDispatch(untilHandedOver(dispatch, mustEnd)));
  }
  await leave();
  if (asked.stop) {
    upsertSearchAttributes([{ key: EDITS, value: tally.edits }]);
    enter('done');
    return tally;
  }
  // The stream has stopped by now, so no more signals arrive that could keep the run from ending.
  await orFailedDispatch(condition(() => allHandlersFinished() && dispatch.isIdle));
  const next: ContinueAsNewState = {
    tally,
    openHours: dispatch.openHours,
    failedHours: dispatch.failedHours,
    isPaused: asked.pause,
  };
  return continueAsNew<typeof ingest>(input, next);
}

/**
 * Resolves once everything is handed over; of a run that must end, soon at the latest: gold may be down for any length
 * of time. The log knows what is left, and the next run hands it over.
 */
async function untilHandedOver(dispatch: HourDispatch, mustEnd: () => boolean): Promise<void> {
  await condition(() => dispatch.isIdle || mustEnd());
  if (dispatch.isIdle) return;
  if (patched(BOUND_HAND_OVER)) await condition(() => dispatch.isIdle, HAND_OVER_WITHIN);
  else await condition(() => dispatch.isIdle);
}

/** What a run that must end leaves to the next one. */
function leftBy({ isIdle }: HourDispatch): string[] {
  return isIdle ? [] : ['not everything reached its hour or gold: **the next run of ingest** hands it over'];
}

/**
 * Keeps the activity reading the stream until it is interrupted; resolves after its last flush. If its worker dies
 * before that flush, the next activity reads the same events again.
 */
async function streamUntil(
  isInterrupted: () => boolean,
  input: StreamPartsInput,
  onInterrupt: () => void,
): Promise<void> {
  const scope = new CancellationScope();
  const streamed = handled(
    scope
      .run(() => streaming().streamParts(input))
      .catch((error: unknown) => {
        if (!isCancellation(error) && !endedWhileCancelled(error)) throw error;
      }),
  );
  try {
    await Promise.race([streamed, condition(isInterrupted)]);
    if (isInterrupted()) onInterrupt();
  } finally {
    scope.cancel();
    await streamed;
  }
}

/** Temporal does not retry an activity once it is cancelled, so a failure that it would have retried arrives here. */
function endedWhileCancelled(error: unknown): boolean {
  return error instanceof ActivityFailure && error.retryState === 'CANCEL_REQUESTED';
}

function waitingFor(stage: Stage, dispatch: HourDispatch): WaitingFor {
  return dispatch.isIdle ? STAGES[stage] : 'handOver';
}

function hoursOf({ openHours, failedHours, queued }: HourDispatch) {
  return { openHours, failedHours, queued };
}

/** Hours that the details list: their size is limited. */
const SHOWN_HOURS = 48;

function listOf(hours: readonly string[]): string {
  const shown = hours.slice(0, SHOWN_HOURS).join(', ') || 'none';
  return hours.length > SHOWN_HOURS ? `${shown} and ${hours.length - SHOWN_HOURS} more` : shown;
}

/** Updates the current details in the Web UI. */
function describe(stage: Stage, tally: Tally, dispatch: HourDispatch, troubles: readonly Trouble[]): void {
  const details = [
    `**${stage}**, waits for ${sentenceOf(waitingFor(stage, dispatch))}`,
    ...troubles.map(
      ({ kind, what, since, tries }) => `**trouble: ${kind}** since ${since}, ${tries} tries: ${what}`,
    ),
    summaryOf(tally, dispatch),
  ];
  setCurrentDetails(details.join('\n\n'));
}

/** Markdown: what has been read and handed over. */
function summaryOf(tally: Tally, { openHours, failedHours }: HourDispatch): string {
  const { commits, parts, events, edits, deadLetters, watermark = 'unknown', gaps = [] } = tally;
  return [
    `${events} events, ${edits} edits in ${parts} parts of ${commits} commits; ${deadLetters} dead letters`,
    `open hours: ${listOf(openHours)}; watermark ${watermark}`,
    ...gaps.map(
      ({ cause, from, to }) => `**no data** from ${from} to ${to} (${cause}): a backfill can fill it`,
    ),
    ...(failedHours.length > 0 ? [`failed hours: ${listOf(failedHours)}`] : []),
  ].join('\n\n');
}
