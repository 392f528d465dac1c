/**
 * ⑤⑥ One hour: applies its parts to gold as they are committed. Once the hour is sealed and every part is applied, its
 * rows are rebuilt from bronze, and the run ends with the audit of the hour; a later part starts it again under the same
 * id. Started by hand without parts, it only rebuilds; with parts, it rebuilds once no more have come for a minute. A part of a backfill is never added, because it may repeat edits
 * of other parts: the hour is rebuilt at once. `hour-state.ts` decides what is next, `hour-run.ts` performs it.
 */
import { ApplicationFailure } from '@temporalio/common';
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  log,
  patched,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { changesText } from '../contracts/temporal/transform.ts';
import type { HourAudit } from '../contracts/temporal/transform.ts';
import type { Hour } from '../core/time.ts';
import { anything, hour } from '../contracts/kinds.ts';
import { invalidInput, readInput } from '../contracts/temporal/input.ts';
import { addPart, progress, seal } from '../contracts/temporal/messages.ts';
import { addPartUpdate } from '../contracts/temporal/updates.ts';
import { transformHourId } from '../contracts/temporal/names.ts';
import { readPartKeys } from '../contracts/temporal/part-notices.ts';
import { EDITS, HOUR, STAGE } from '../contracts/temporal/search-attributes.ts';
import { HourRun } from './hour-run.ts';
import { beginHour, continueAsNewState, outstanding } from './hour-state.ts';
import type { ApplyTotals, ContinueAsNewState, EndedBy, HourState } from './hour-state.ts';
import { withOutcome } from './outcome.ts';
import type { Ending } from './outcome.ts';
import { sentenceOf } from './waiting-for.ts';
import type { WaitingFor } from './waiting-for.ts';

/** What the hour contains, and how this run ended. */
export interface HourResult extends HourAudit {
  readonly applied: Omit<ApplyTotals, 'failed'>;
  readonly endedBy: EndedBy;
}

const EXAMPLE = { hour: '2026-11-20T10' };

/** Remove this patch when no hour from before December 2026 has to be replayed; an hour's run lasts a few hours. */
const KEEP_SLOTS = 'keep-slots-that-found-no-part';

export async function transformHour(raw?: unknown, previous?: ContinueAsNewState): Promise<HourResult> {
  return withOutcome(ending => runHour(raw, previous, ending));
}

async function runHour(
  raw: unknown,
  previous: ContinueAsNewState | undefined,
  ending: Ending,
): Promise<HourResult> {
  const { partition, parts } = readHourInput(raw);
  const first = beginHour({ isByHand: parts === undefined, areSlotsKept: patched(KEEP_SLOTS) }, previous);
  const run = new HourRun(partition, first, state => setCurrentDetails(detailsOf(partition, state)));
  ending.summary = () => summaryOf(partition, run.state);

  setHandler(
    addPart,
    payload => {
      const keys = readPartKeys(payload, partition);
      if (keys === undefined) log.warn('addPart ignored: not the key of a part of this hour', { payload });
      else run.send({ kind: 'partsAdded', keys });
    },
    { description: 'Applies a part of this hour. Takes its key, or a list of keys' },
  );
  setHandler(
    addPartUpdate,
    payload => {
      const keys = partKeys(payload, partition);
      run.send({ kind: 'partsAdded', keys });
      return { hour: partition, keys: keys.length };
    },
    {
      description: 'Like the signal; refuses what is not a part of this hour',
      validator: payload => void partKeys(payload, partition),
    },
  );
  setHandler(seal, () => run.send({ kind: 'sealed' }), {
    description: 'Says that no more parts are expected: the run ends once all are applied',
  });
  setHandler(progress, () => progressOf(partition, run.state), {
    description: 'What is applied, what is outstanding, and what the run waits for',
  });

  upsertSearchAttributes([
    { key: HOUR, value: partition },
    { key: STAGE, value: 'applying' },
  ]);
  run.send({ kind: 'started', keys: previous?.pending ?? parts ?? [] });

  const end = await run.untilEnded();
  switch (end.kind) {
    case 'fail':
      throw partsFailed(partition, run.state.facts.totals);
    case 'continueAsNew':
      await condition(allHandlersFinished);
      return continueAsNew<typeof transformHour>(
        { hour: partition, parts: [] },
        continueAsNewState(run.state),
      );
    case 'complete': {
      const { audit, endedBy } = end;
      upsertSearchAttributes([
        { key: STAGE, value: 'done' },
        { key: EDITS, value: audit.distinct },
      ]);
      setCurrentDetails([summaryOf(partition, run.state), auditText(audit)].join('\n\n'));
      const { failed: _, ...applied } = run.state.facts.totals;
      return { ...audit, applied, endedBy };
    }
    default:
      return end satisfies never;
  }
}

function waitingFor({ kind, facts }: HourState): WaitingFor {
  if (kind === 'refreshing' || kind === 'rebuilding') return 'rebuild';
  if (outstanding(facts) > 0) return 'parts';
  return facts.isSealed ? 'nothing' : 'partsOrSeal';
}

/** The answer to `progress`. */
function progressOf(partition: Hour, state: HourState): object {
  const { totals, isSealed } = state.facts;
  return {
    hour: partition,
    ...totals,
    outstanding: outstanding(state.facts),
    sealed: isSealed,
    state: state.kind,
    waitingFor: sentenceOf(waitingFor(state)),
  };
}

/** Failed parts that details and failures list: a failure that is too large could not end the run. */
const SHOWN_FAILURES = 20;

/** Markdown for the Web UI. */
function detailsOf(partition: Hour, state: HourState): string {
  return `${summaryOf(partition, state)}\n\nwaits for ${sentenceOf(waitingFor(state))}`;
}

/** Markdown: what was applied so far. */
function summaryOf(partition: Hour, { facts }: HourState): string {
  const { parts, edits, failed } = facts.totals;
  return [
    `**${partition}** · ${parts} parts applied, ${edits} edits added · ${outstanding(facts)} outstanding`,
    ...failed.slice(0, SHOWN_FAILURES).map(({ key, reason }) => `- failed: \`${key}\`: ${reason}`),
  ].join('\n');
}

/** Markdown: what the rebuild found. */
function auditText({ isPartial, ...audit }: HourAudit): string {
  const { parts, events, distinct, duplicates, late, unusable, gaps } = audit;
  return (
    `**done** · ${isPartial ? 'filled in from a backfill' : 'rebuilt from bronze'}: ` +
    `${parts} parts, ${events} events, ${distinct} edits, ${changesText(audit)} · ` +
    `${duplicates} duplicates, ${late} late, ${unusable} unusable, ${gaps} gaps`
  );
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
    const expected = `a list of keys of parts of the hour ${given.hour}; leave it out to rebuild the hour from all its parts`;
    throw invalidInput(`transformHour: parts must be ${expected}, got ${got}`, 'parts');
  }
  return { partition: given.hour, parts };
}

/** @throws ApplicationFailure `InvalidInput` unless all are keys of parts of the hour */
function partKeys(payload: unknown, partition: Hour): string[] {
  const keys = readPartKeys(payload, partition);
  if (keys !== undefined) return keys;
  const got = (JSON.stringify(payload) ?? String(payload)).slice(0, 200);
  throw invalidInput(
    `addPart takes the key of a part of the hour ${partition}, or a list of them, got ${got}`,
    'parts',
  );
}

/** Ends the run as failed, where operators see it, rather than with an hour that lacks parts. */
function partsFailed(partition: Hour, totals: ApplyTotals): ApplicationFailure {
  upsertSearchAttributes([{ key: STAGE, value: 'failed' }]);
  const { failed } = totals;
  const command = `temporal workflow start --type transformHour --task-queue ${workflowInfo().taskQueue} --workflow-id ${transformHourId(partition)} --input '${JSON.stringify({ hour: partition })}'`;
  const message =
    `${failed.length} parts of ${partition} could not be applied; the first: ${failed[0]?.reason}. ` +
    `Fix the cause, then rebuild the hour from all its parts: ${command}`;
  const details = [{ hour: partition, ...totals, failed: failed.slice(0, SHOWN_FAILURES) }];
  return ApplicationFailure.create({ message, type: 'PartsFailed', nonRetryable: true, details });
}
