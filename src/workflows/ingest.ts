/**
 * The pipeline's main run: keeps one activity on the stream, and hands every part that it commits to the workflow of
 * the part's hour. Its own state is a hint: reset, terminated or started anew, it goes on from the commit log.
 */
import { ActivityFailure } from '@temporalio/common';
import {
  CancellationScope,
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
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
import { flush, partsCommitted, pause, progress, resume, stop } from '../contracts/temporal/messages.ts';
import { streaming } from './policies.ts';
import { EDITS, STAGE } from '../contracts/temporal/search-attributes.ts';

/** What a run does, and what it waits for while it does so. */
const STAGES = {
  streaming: 'the next flush',
  flushing: 'the flush that was asked for',
  paused: 'the signal resume',
  stopping: 'the last flush',
  done: 'nothing',
};
type Stage = keyof typeof STAGES;

/** State that goes on into the next run of the chain. */
interface Carried {
  readonly tally: Tally;
  readonly openHours: readonly string[];
  readonly isPaused: boolean;
}

const EXAMPLE = { since: '2026-11-20T10:00:00Z', wikis: ['enwiki'] };

/** Runs until `stop`; answers what it took in over its whole chain of runs. */
export async function ingest(raw?: unknown, carried?: Carried): Promise<Tally> {
  const input = readInput('ingest', raw, { since: instant, wikis }, EXAMPLE);
  const dispatch = new HourDispatch(carried?.openHours ?? [], () => describe(stage, tally, dispatch));
  const asked = { pause: carried?.isPaused ?? false, stop: false, flush: false };
  let tally = carried?.tally ?? NO_TALLY;
  let stage: Stage = 'streaming';

  setHandler(partsCommitted, notice => {
    const next = tallied(tally, notice);
    if (next === undefined) return;
    tally = next;
    dispatch.add(notice, tally.watermark);
    describe(stage, tally, dispatch);
  });
  setHandler(pause, () => void (asked.pause = true), {
    description: 'Flushes, and reads no more until resume',
  });
  setHandler(resume, () => void (asked.pause = false), { description: 'Reads on from where it paused' });
  setHandler(flush, () => void (asked.flush = true), { description: 'Commits what is buffered now' });
  setHandler(stop, () => void (asked.stop = true), {
    description: 'Flushes, hands everything over, and ends',
  });
  setHandler(
    progress,
    () => ({ stage, ...input, ...tally, ...hoursOf(dispatch), waitingFor: waitingFor(stage, dispatch) }),
    {
      description: 'What was taken in so far, and what the run waits for',
    },
  );

  const enter = (next: Stage): void => {
    stage = next;
    upsertSearchAttributes([{ key: STAGE, value: stage }]);
    describe(stage, tally, dispatch);
  };
  const isTooLong = (): boolean => workflowInfo().continueAsNewSuggested;
  // Also when this run is cancelled: what is committed reaches its hour.
  const handing = CancellationScope.nonCancellable(() => dispatch.run());
  const orFailedDispatch = <T>(wait: Promise<T>): Promise<T> => Promise.race([wait, handing]);

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
    }
  } finally {
    await CancellationScope.nonCancellable(() => orFailedDispatch(condition(() => dispatch.isIdle)));
  }
  if (asked.stop) {
    upsertSearchAttributes([{ key: EDITS, value: tally.edits }]);
    enter('done');
    return tally;
  }
  // The stream is cancelled by now: no more signals come that could keep the run from ending.
  await condition(() => allHandlersFinished() && dispatch.isIdle);
  const next: Carried = { tally, openHours: dispatch.openHours, isPaused: asked.pause };
  return continueAsNew<typeof ingest>(input, next);
}

/**
 * Keeps the activity on the stream until it is interrupted; resolves after its last flush. When that could not be
 * (its worker died meanwhile), what it had taken in is read again by the next one.
 */
async function streamUntil(
  isInterrupted: () => boolean,
  input: StreamPartsInput,
  onInterrupt: () => void,
): Promise<void> {
  const scope = new CancellationScope();
  const streamed = scope
    .run(() => streaming().streamParts(input))
    .catch((error: unknown) => {
      if (!isCancellation(error) && !endedWhileCancelled(error)) throw error;
    });
  try {
    await Promise.race([streamed, condition(isInterrupted)]);
    if (isInterrupted()) onInterrupt();
  } finally {
    scope.cancel();
    await streamed;
  }
}

/** Temporal repeats nothing that was told to end, so a failure that would have been repeated comes to us. */
function endedWhileCancelled(error: unknown): boolean {
  return error instanceof ActivityFailure && error.retryState === 'CANCEL_REQUESTED';
}

function waitingFor(stage: Stage, dispatch: HourDispatch): string {
  return dispatch.isIdle ? STAGES[stage] : 'parts to be handed to their hours';
}

function hoursOf({ openHours, failedHours, queued }: HourDispatch) {
  return { openHours, failedHours, queued };
}

/** What the Web UI shows as current details. */
function describe(stage: Stage, tally: Tally, dispatch: HourDispatch): void {
  const { commits, parts, events, edits, deadLetters, watermark = 'unknown', gaps = [] } = tally;
  const { openHours, failedHours } = dispatch;
  setCurrentDetails(
    [
      `**${stage}**, waits for ${waitingFor(stage, dispatch)}`,
      `${events} events, ${edits} edits in ${parts} parts of ${commits} commits; ${deadLetters} dead letters`,
      `open hours: ${openHours.join(', ') || 'none'}; watermark ${watermark}`,
      ...gaps.map(
        ({ cause, from, to }) => `**no data** from ${from} to ${to} (${cause}): a backfill can bring it`,
      ),
      ...(failedHours.length > 0 ? [`failed hours: ${failedHours.join(', ')}`] : []),
    ].join('\n\n'),
  );
}
