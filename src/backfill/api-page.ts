/**
 * Stores one page of a wiki's recent changes in bronze: one part an hour that the page has changes of. Only edits and
 * page creations are requested, because nothing else is ever counted and the rest would double the requests.
 */
import type { StreamDefinition } from '../contracts/stream-definition.ts';
import { backfillPartKey, windowOf } from '../contracts/storage/object-keys.ts';
import type { ApiPageInput, StepResult } from '../contracts/temporal/backfill.ts';
import { mapBounded } from '../core/map-bounded.ts';
import { HOUR_MS, hourOf, hourStartMs, isoMs } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import { changeToEvent } from '../source/action-api/change-to-event.ts';
import type { ChangeEvent } from '../source/action-api/change-to-event.ts';
import type { Continuation } from '../source/action-api/continuation.ts';
import { readChanges } from '../source/action-api/recent-changes.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { SHOW_AFTER_MS } from '../store/persistently.ts';
import { GrowingPart, putBackfillPart } from './parts.ts';

export interface ApiPageDeps {
  readonly store: ObjectStore;
  readonly definition: Pick<StreamDefinition, 'countableTypes' | 'countedTypes'>;
  readonly api: { readonly urlTemplate: string; readonly userAgent: string };
}

/** Where a page starts. Serialised as `position` of a step. */
interface Position {
  /** ISO 8601; start of the window that `continueWith` belongs to. */
  readonly from: string;
  readonly continueWith: Continuation;
  /** The last change before this page: `0312_1234567`. Absent when there was none. */
  readonly after?: { readonly hour: Hour; readonly label: string };
}

const PARALLEL_PUTS = 8;

/**
 * Fetches one page and stores it.
 * @throws PipelineError as `readChanges` and the store throw it; the signal's reason when it aborts
 */
export async function storeApiPage(
  input: ApiPageInput,
  { store, definition, api }: ApiPageDeps,
  signal: AbortSignal,
): Promise<StepResult> {
  const { wiki, serverName, to } = input;
  const position = input.position as Position | undefined;
  const from = position?.from ?? input.from;
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const page = await readChanges(
    { ...api, signal },
    {
      serverName,
      fromMs,
      toMs,
      types: definition.countableTypes,
      ...(position !== undefined && { continueWith: position.continueWith }),
    },
  );
  const mapped = page.rows.map(row => changeToEvent(row, { wiki, serverName }));
  const events = mapped.flatMap(row => (row.kind === 'event' ? [row.event] : []));
  const last = events.at(-1);
  const hours = [...new Set(events.map(({ timestamp }) => hourOf(timestamp)))];

  const url = api.urlTemplate.replaceAll('{server_name}', serverName);
  const origin = { url, simulated: page.simulated, source: 'api' as const };
  await mapBounded(hours, PARALLEL_PUTS, async hour => {
    const part = new GrowingPart();
    for (const event of events.filter(({ timestamp }) => hourOf(timestamp) === hour))
      await part.add(Buffer.from(JSON.stringify(event)), definition.countedTypes.has(event.type));
    // The first and the last hour can be cut by a page: their parts are named by the change at the cut.
    const isCut = page.next !== undefined && last !== undefined && hourOf(last.timestamp) === hour;
    const [start = '', end = ''] = windowOf(hour, fromMs, toMs).split('-');
    const window = [
      position?.after?.hour === hour ? position.after.label : start,
      isCut ? labelOf(last) : end,
    ].join('-');
    const key = backfillPartKey(hour, { source: 'api', wiki, window });
    await putBackfillPart(store, key, await part.finish(), origin, { signal, giveUpMs: SHOW_AFTER_MS });
  });

  const after = last === undefined ? position?.after : { hour: hourOf(last.timestamp), label: labelOf(last) };
  const next: Position | undefined = page.next && {
    from,
    continueWith: page.next,
    ...(after !== undefined && { after }),
  };
  return {
    // The next page can have more changes of the last second.
    at: next === undefined ? to : last === undefined ? input.from : isoMs(last.timestamp * 1000),
    ...(next !== undefined && { position: next }),
    hours,
    rows: events.length,
    known: 0,
    unusable: mapped.length - events.length,
    bytes: page.bytes,
    requests: 1,
  };
}

/** `0312_1234567`: minute, second and id of a change, which is the order of the API within an hour. */
function labelOf({ timestamp, id, revision }: ChangeEvent): string {
  const hour = hourOf(timestamp);
  const startMs = hourStartMs(hour) ?? 0;
  const [clock] = windowOf(hour, timestamp * 1000, startMs + HOUR_MS).split('-');
  return `${clock}_${id ?? revision?.new ?? 0}`;
}
