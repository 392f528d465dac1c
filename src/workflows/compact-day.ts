/**
 * ⑥ Writes a finished day of gold as one object of the daily dataset, so that long ranges read few objects. The object is
 * replaced when one of its hours has been corrected since; otherwise nothing is written.
 */
import { setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import type { CompactedDay } from '../activities/compact.ts';
import { DAY_MS } from '../core/time.ts';
import { day } from '../contracts/kinds.ts';
import { invalidInput, readInput } from '../contracts/temporal/input.ts';
import { progress } from '../contracts/temporal/messages.ts';
import { withOutcome } from './outcome.ts';
import type { Ending } from './outcome.ts';
import { rebuilding } from './policies.ts';
import { STAGE } from '../contracts/temporal/search-attributes.ts';
import { sentenceOf } from './waiting-for.ts';

const EXAMPLE = { day: '2026-11-20' };

export async function compactDay(raw?: unknown): Promise<CompactedDay> {
  return withOutcome(ending => compact(raw, ending));
}

async function compact(raw: unknown, ending: Ending): Promise<CompactedDay> {
  const given = readInput('compactDay', raw, { day }, EXAMPLE);
  const example = `Example: ${JSON.stringify(EXAMPLE)}`;
  if (given.day === undefined) throw invalidInput(`compactDay: day is missing. ${example}`, 'day');
  // In a workflow, Date.now() is the time of the workflow task, and is the same in every replay.
  if (Date.parse(given.day) + DAY_MS > Date.now())
    throw invalidInput(`compactDay: day must be over, got ${JSON.stringify(given.day)}. ${example}`, 'day');

  let compacted: CompactedDay | undefined;
  setHandler(
    progress,
    () => ({
      day: given.day,
      ...compacted,
      waitingFor: sentenceOf(compacted === undefined ? 'hours' : 'nothing'),
    }),
    { description: 'What was written, and what the run waits for' },
  );
  ending.summary = () => `**${given.day}**`;
  upsertSearchAttributes([{ key: STAGE, value: 'compacting' }]);
  setCurrentDetails(`**${given.day}** · waits for ${sentenceOf('hours')}`);
  compacted = await rebuilding().compactDay({ day: given.day });
  const { hours, rows, bytes, isChanged } = compacted;
  setCurrentDetails(
    `**${given.day}** · ${hours} hours, ${rows} rows, ${bytes} bytes · **done**, ${isChanged ? 'written' : 'nothing to change'}`,
  );
  upsertSearchAttributes([{ key: STAGE, value: 'done' }]);
  return compacted;
}
