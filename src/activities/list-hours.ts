/**
 * Lists the hours of a range that bronze has anything of. Parts of an older project reach over the hour of their key, so
 * they are indexed first.
 */
import { foreignKeysReaching, indexForeign, reaches } from '../bronze/foreign-parts.ts';
import { hoursWithParts } from '../bronze/hour-parts.ts';
import type { StreamDefinition } from '../contracts/stream-definition.ts';
import type { ListHoursInput, ListHoursResult } from '../contracts/temporal/transform.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { hoursBetween } from '../core/time.ts';
import { runEngine } from './run-engine.ts';

export function listHours(
  { from, to }: ListHoursInput,
  { store, definition: { judge } }: { readonly store: ObjectStore; readonly definition: StreamDefinition },
): Promise<ListHoursResult> {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  return runEngine(async ({ signal }) => {
    const hours = await hoursWithParts(store, fromMs, toMs);
    const foreign = await foreignKeysReaching(store, fromMs, toMs);
    const spans = await indexForeign(foreign, { store, judge, signal, areDamagedSkipped: true });
    const others = hoursBetween(fromMs, toMs).filter(
      hour => !hours.includes(hour) && spans.some(span => reaches(span, hour)),
    );
    return { hours: [...hours, ...others].sort() };
  });
}
