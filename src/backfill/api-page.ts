/**
 * One page of a wiki's recent changes into bronze: one request, so that the queue's rate is the rate of requests.
 * Edits and page creations only, because nothing else is counted and half of the requests would be for the rest.
 */
import { Context } from '@temporalio/activity';
import { backfillPartKey, windowOf } from '../contracts/storage/object-keys.ts';
import { HOUR_MS, hourOf, hourStartMs, isoMs } from '../core/time.ts';
import type { Hour } from '../core/time.ts';
import { changeToEvent } from '../source/action-api/change-to-event.ts';
import type { ChangeEvent } from '../source/action-api/change-to-event.ts';
import type { Continuation } from '../source/action-api/continuation.ts';
import { readChanges } from '../source/action-api/recent-changes.ts';
import { GrowingPart, putBackfillPart } from './parts.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Site, StepResult } from '../contracts/temporal/backfill-steps.ts';
import { toFailure } from '../activities/failure.ts';

export interface ApiPageInput extends Site {
  /** ISO 8601, [from, to). */
  readonly from: string;
  readonly to: string;
  /** Absent for the first page. */
  readonly position?: unknown;
}

export interface ApiPageDeps {
  readonly store: ObjectStore;
  readonly editTypes: ReadonlySet<string>;
  readonly api: { readonly urlTemplate: string; readonly userAgent: string };
}

/** Where a page begins. */
interface Position {
  /** ISO 8601; where the window began that `continueWith` belongs to. */
  readonly from: string;
  readonly continueWith: Continuation;
  /** The last change of the page before: `0312_1234567`. Absent when that had none. */
  readonly after?: { readonly hour: Hour; readonly label: string };
}

/** Every type that can be counted, whatever is counted now. */
const TYPES = ['edit', 'new'];
const PARALLEL_PUTS = 8;

/** Reads one page into bronze. @throws ApplicationFailure as `toFailure` makes it */
export async function fetchApiPage(input: ApiPageInput, deps: ApiPageDeps): Promise<StepResult> {
  const { cancellationSignal: signal } = Context.current();
  const { wiki, serverName, to } = input;
  const position = input.position as Position | undefined;
  const from = position?.from ?? input.from;
  try {
    const page = await readChanges(
      { ...deps.api, signal },
      {
        serverName,
        fromMs: Date.parse(from),
        toMs: Date.parse(to),
        types: TYPES,
        ...(position !== undefined && { continueWith: position.continueWith }),
      },
    );
    const mapped = page.rows.map(row => changeToEvent(row, { wiki, serverName }));
    const events = mapped.flatMap(row => (row.kind === 'event' ? [row.event] : []));
    const last = events.at(-1);
    const url = deps.api.urlTemplate.replaceAll('{server_name}', serverName);
    const origin = { url, simulated: page.simulated, source: 'api' as const };
    const hours = [...new Set(events.map(({ timestamp }) => hourOf(timestamp)))];
    const put = async (hour: Hour): Promise<void> => {
      const part = new GrowingPart();
      for (const event of events.filter(({ timestamp }) => hourOf(timestamp) === hour))
        await part.add(Buffer.from(JSON.stringify(event)), deps.editTypes.has(event.type));
      const isCut = page.next !== undefined && last !== undefined && hourOf(last.timestamp) === hour;
      const [begin = '', end = ''] = windowOf(hour, Date.parse(from), Date.parse(to)).split('-');
      const window = [
        position?.after?.hour === hour ? position.after.label : begin,
        isCut ? labelOf(last) : end,
      ].join('-');
      const key = backfillPartKey(hour, { source: 'api', wiki, window });
      await putBackfillPart(deps.store, key, await part.finish(), origin, { signal });
    };
    for (let at = 0; at < hours.length; at += PARALLEL_PUTS)
      await Promise.all(hours.slice(at, at + PARALLEL_PUTS).map(put));
    const after =
      last === undefined ? position?.after : { hour: hourOf(last.timestamp), label: labelOf(last) };
    const next: Position | undefined = page.next && {
      from,
      continueWith: page.next,
      ...(after !== undefined && { after }),
    };
    return {
      // Of the last second more may come with the next page.
      at: next === undefined ? to : last === undefined ? input.from : isoMs(last.timestamp * 1000),
      ...(next !== undefined && { position: next }),
      hours,
      rows: events.length,
      known: 0,
      unusable: mapped.length - events.length,
      bytes: page.bytes,
      requests: 1,
    };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw toFailure(error);
  }
}

/** `0312_1234567`: a change within its hour, by the API's own order. */
function labelOf({ timestamp, id, revision }: ChangeEvent): string {
  const startMs = hourStartMs(hourOf(timestamp)) ?? 0;
  const [clock] = windowOf(hourOf(timestamp), timestamp * 1000, startMs + HOUR_MS).split('-');
  return `${clock}_${id ?? revision?.new ?? 0}`;
}
