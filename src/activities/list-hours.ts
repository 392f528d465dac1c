/** Lists the hours of a range that bronze has anything of. */
import { hoursWithParts } from '../bronze/hour-parts.ts';
import type { ListHoursInput, ListHoursResult } from '../contracts/temporal/transform.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { runEngine } from './run-engine.ts';

export function listHours(
  { from, to }: ListHoursInput,
  { store }: { readonly store: ObjectStore },
): Promise<ListHoursResult> {
  return runEngine(async () => ({ hours: await hoursWithParts(store, Date.parse(from), Date.parse(to)) }));
}
