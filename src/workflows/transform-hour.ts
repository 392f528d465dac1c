/**
 * ⑤⑥ One hour partition: takes its parts as they are committed and applies each to gold. When the hour is sealed (the
 * watermark has passed it) and everything is applied, its rows are rebuilt from bronze, and the run ends with the audit
 * of the hour; a part that comes later starts it again under the same id. Started by hand without parts it rebuilds.
 * A part of a backfill is never added: it may hold what others have, so that the hour is rebuilt at once.
 */
import { ApplicationFailure } from '@temporalio/common';
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  log,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { HourAudit } from '../contracts/temporal/transform.ts';
import { backfillSourceOf } from '../contracts/storage/object-keys.ts';
import type { Hour } from '../core/time.ts';
import { anything, hour } from '../contracts/kinds.ts';
import { invalidInput, readInput } from '../contracts/temporal/input.ts';
import { addPart, progress, seal } from '../contracts/temporal/messages.ts';
import { NO_TOTALS, PartApplier } from './part-applier.ts';
import type { ApplyTotals } from './part-applier.ts';
import { readPartKeys } from '../contracts/temporal/part-notices.ts';
import { rebuilding } from './policies.ts';
import { EDITS, HOUR, STAGE } from '../contracts/temporal/search-attributes.ts';

/** What the hour holds, and how this run came to it. */
export interface HourResult extends HourAudit {
  readonly applied: Omit<ApplyTotals, 'failed'>;
  readonly endedBy: 'seal' | 'idle' | 'rebuild';
}

/** State that goes on into the next run of the chain. */
interface Carried {
  readonly pending: readonly string[];
  readonly isSealed: boolean;
  readonly isByHand?: boolean;
  readonly totals: ApplyTotals;
}

/** An hour that nobody seals (its ingest was stopped) ends by itself; a late part starts it again. */
const IDLE = '2 hours';
const EXAMPLE = { hour: '2026-11-20T10' };

export async function transformHour(raw?: unknown, carried?: Carried): Promise<HourResult> {
  const { partition, parts } = readHourInput(raw);
  const isByHand = carried === undefined ? parts === undefined : carried.isByHand === true;
  let isSealed = carried?.isSealed ?? false;
  let isRebuilding = false;

  const waitingFor = (): string => {
    if (isRebuilding) return 'the rebuild from bronze';
    if (applier.outstanding > 0) return 'parts to be applied';
    return isSealed ? 'nothing' : 'more parts, or the seal of the hour';
  };
  const describe = (): void => {
    const { totals, outstanding } = applier;
    const failed = totals.failed.map(({ key, reason }) => `\n- failed: \`${key}\`: ${reason}`);
    setCurrentDetails(
      `**${partition}** · ${totals.parts} parts applied, ${totals.edits} edits added · ` +
        `${outstanding} outstanding · waits for ${waitingFor()}${failed.join('')}`,
    );
  };
  const due = { rebuild: false };
  const take = (keys: readonly string[]): void => {
    const added = keys.filter(key => backfillSourceOf(key) === undefined);
    if (added.length < keys.length) due.rebuild = true;
    applier.take(added);
  };
  const applier = new PartApplier(carried?.totals ?? NO_TOTALS, () => describe());

  setHandler(
    addPart,
    payload => {
      const keys = readPartKeys(payload, partition);
      if (keys === undefined) log.warn('addPart ignored: not the key of a part of this hour', { payload });
      else take(keys);
    },
    { description: 'Applies a part of this hour: its key, or a list of keys' },
  );
  setHandler(seal, () => void (isSealed = true), {
    description: 'No more parts are expected: the run ends once all are applied',
  });
  setHandler(
    progress,
    () => ({
      hour: partition,
      ...applier.totals,
      outstanding: applier.outstanding,
      sealed: isSealed,
      waitingFor: waitingFor(),
    }),
    { description: 'What is applied, what is outstanding, and what the run waits for' },
  );

  upsertSearchAttributes([
    { key: HOUR, value: partition },
    { key: STAGE, value: 'applying' },
  ]);
  take(carried?.pending ?? parts ?? []);

  const rebuild = async (sealed: boolean): Promise<HourAudit> => {
    isRebuilding = true;
    describe();
    const audit = await rebuilding().rebuildHour({ hour: partition, isSealed: sealed });
    isRebuilding = false;
    describe();
    return audit;
  };
  const isDone = (): boolean => (isSealed || isByHand) && applier.outstanding === 0;
  const isTooLong = (): boolean => workflowInfo().continueAsNewSuggested;
  for (;;) {
    let isIdle = false;
    while (!isDone() && !isTooLong() && !isIdle && !due.rebuild) {
      const taken = applier.taken;
      const woken = await Promise.race([
        condition(() => isDone() || isTooLong() || due.rebuild, IDLE),
        applier.untilCancelled(),
      ]);
      isIdle = !woken && taken === applier.taken && applier.outstanding === 0;
    }
    if (due.rebuild && !isDone()) {
      due.rebuild = false;
      await rebuild(false);
      continue;
    }
    if (!isDone() && !isIdle) {
      await applier.stop();
      await condition(allHandlersFinished);
      const next: Carried = { pending: applier.pending, isSealed, isByHand, totals: applier.totals };
      return continueAsNew<typeof transformHour>({ hour: partition, parts: [] }, next);
    }
    const { failed, ...applied } = applier.totals;
    if (failed.length > 0) throw partsFailed(partition, applier.totals);

    const before = { taken: applier.taken, isSealed };
    due.rebuild = false;
    const audit = await rebuild(isSealed);
    // A part that came meanwhile may not be in it, and a seal is not in its audit.
    if (before.taken !== applier.taken || before.isSealed !== isSealed || due.rebuild) continue;
    upsertSearchAttributes([
      { key: STAGE, value: 'done' },
      { key: EDITS, value: audit.distinct },
    ]);
    return { ...audit, applied, endedBy: isSealed ? 'seal' : isByHand ? 'rebuild' : 'idle' };
  }
}

function readHourInput(raw: unknown): { partition: Hour; parts: string[] | undefined } {
  const given = readInput('transformHour', raw, { hour, parts: anything }, EXAMPLE);
  if (given.hour === undefined) {
    throw invalidInput(`transformHour: hour is missing. Example: ${JSON.stringify(EXAMPLE)}`, 'hour');
  }
  if (given.parts === undefined) return { partition: given.hour, parts: undefined };
  const parts = Array.isArray(given.parts) ? readPartKeys(given.parts, given.hour) : undefined;
  if (parts === undefined) {
    const got = JSON.stringify(given.parts).slice(0, 200);
    const expected = `a list of keys of parts of the hour ${given.hour}; leave it out to take all that are there`;
    throw invalidInput(`transformHour: parts must be ${expected}, got ${got}`, 'parts');
  }
  return { partition: given.hour, parts };
}

/** A failed run, so that it is seen; what cannot be read must not go missing from the rebuilt hour without a word. */
function partsFailed(partition: Hour, totals: ApplyTotals): ApplicationFailure {
  upsertSearchAttributes([{ key: STAGE, value: 'failed' }]);
  const { failed } = totals;
  const message = `${failed.length} parts of ${partition} could not be applied; the first: ${failed[0]?.reason}`;
  const details = [{ hour: partition, ...totals }];
  return ApplicationFailure.create({ message, type: 'PartsFailed', nonRetryable: true, details });
}
