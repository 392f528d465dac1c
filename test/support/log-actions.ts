/**
 * A made-up second stream: actions of the log (blocks, deletions, moves) instead of edits. Everything that a stream may
 * choose differs from recentchange: its name, its prefix, what is an event, what counts, and what a row is. It reads the
 * same bytes, so that one simulated stream can serve both.
 */
import type { StreamDefinition } from '../../src/contracts/stream-definition.ts';
import { logKeys } from '../../src/contracts/storage/object-keys.ts';
import type { CountedEvent } from '../../src/core/line-reader.ts';
import type { Fold } from '../../src/core/minute-counts.ts';
import { dead } from '../../src/core/reading.ts';
import type { Reading } from '../../src/core/reading.ts';

/** Actions of one wiki in one hour. */
export interface ActionRow {
  readonly wiki: string;
  readonly actions: number;
}

interface LogEvent {
  readonly meta: {
    readonly id: string;
    readonly dt: string;
    readonly topic?: string;
    readonly offset?: number;
  };
  readonly type: string;
  readonly wiki: string;
  readonly timestamp: number;
  readonly bot: boolean;
  readonly log_id?: number;
}

/** Drops, like a canary, everything that is not an action with an id; hits of the abuse filter have id 0. */
function judge(text: string): Reading {
  let event: LogEvent;
  try {
    event = JSON.parse(text) as LogEvent;
  } catch {
    return dead('not_json', {});
  }
  const { topic, offset } = event.meta;
  const origin = topic === undefined ? undefined : { topic, offset };
  if (event.type !== 'log' || !(Number(event.log_id) > 0)) return { kind: 'canary', origin };
  const { meta, wiki, timestamp, bot } = event;
  const edit = { revision: Number(event.log_id), isBot: bot, bytesChange: 0 };
  return { kind: 'event', id: meta.id, wiki, timestamp, sentAtMs: Date.parse(meta.dt), origin, edit };
}

class ActionRows implements Fold<ActionRow> {
  readonly #actions = new Map<string, number>();

  add({ wiki }: CountedEvent): void {
    this.#actions.set(wiki, (this.#actions.get(wiki) ?? 0) + 1);
  }

  rows(): ActionRow[] {
    const rows = [...this.#actions].map(([wiki, actions]) => ({ wiki, actions }));
    return rows.sort((a, b) => (a.wiki < b.wiki ? -1 : 1));
  }
}

export const LOG_ACTIONS: StreamDefinition<ActionRow> = {
  name: 'log-actions',
  prefix: 'log-actions/',
  logKeys: logKeys('log-actions'),
  countableTypes: ['log'],
  countedTypes: new Set(['log']),
  judge,
  newFold: () => new ActionRows(),
};
