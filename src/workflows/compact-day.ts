/**
 * ⑥ A finished day of gold as one object of the daily dataset, so that long ranges read few. Written anew when one of
 * its hours was corrected since; with nothing to do it does nothing.
 */
import { setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import type { CompactedDay } from '../activities/compact.ts';
import { DAY_MS } from '../core/time.ts';
import { day } from '../contracts/kinds.ts';
import { invalidInput, readInput } from '../contracts/temporal/input.ts';
import { progress } from '../contracts/temporal/messages.ts';
import { rebuilding } from './policies.ts';
import { STAGE } from '../contracts/temporal/search-attributes.ts';

const EXAMPLE = { day: '2026-11-20' };

export async function compactDay(raw?: unknown): Promise<CompactedDay> {
  const given = readInput('compactDay', raw, { day }, EXAMPLE);
  const such = `Example: ${JSON.stringify(EXAMPLE)}`;
  if (given.day === undefined) throw invalidInput(`compactDay: day is missing. ${such}`, 'day');
  // In a workflow this is the time of its server, the same at every replay.
  if (Date.parse(given.day) + DAY_MS > Date.now())
    throw invalidInput(`compactDay: day must be over, got ${JSON.stringify(given.day)}. ${such}`, 'day');

  let compacted: CompactedDay | undefined;
  setHandler(
    progress,
    () => ({
      day: given.day,
      ...compacted,
      waitingFor: compacted === undefined ? 'the hours to be read' : 'nothing',
    }),
    { description: 'What was written, and what the run waits for' },
  );
  upsertSearchAttributes([{ key: STAGE, value: 'compacting' }]);
  setCurrentDetails(`**${given.day}** · waits for the hours to be read`);
  compacted = await rebuilding().compactDay({ day: given.day });
  const { hours, rows, bytes, isChanged } = compacted;
  setCurrentDetails(
    `**${given.day}** · ${hours} hours, ${rows} rows, ${bytes} bytes · ${isChanged ? 'written' : 'nothing to change'}`,
  );
  upsertSearchAttributes([{ key: STAGE, value: 'done' }]);
  return compacted;
}
