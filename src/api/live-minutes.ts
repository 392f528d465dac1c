/**
 * The newest minutes of the wikis that somebody watches, and in which tick each of them changed last: so a viewer gets
 * what has changed since it was sent something, however long ago that was, and all viewers of a wiki share one text.
 */
import type { LiveSource } from '../contracts/live-source.ts';
import { STATE_LETTERS, isCounted } from '../core/coverage/standing.ts';
import type { State } from '../core/coverage/standing.ts';
import type { Segment } from '../core/coverage/segments.ts';
import { isoSeconds, minuteOf } from '../core/time.ts';

export const SHOWN_MINUTES = 60;

/** What is known of the minutes of a wiki. */
export interface WikiState {
  readonly segments: readonly Segment[];
  readonly completeThroughMs: number | undefined;
}

interface Minute {
  readonly text: string;
  readonly tick: number;
}

export class LiveMinutes {
  readonly #wikis = new Map<string, Map<number, Minute>>();
  /** Texts of this tick, by wiki and the tick that they begin after. */
  #texts = new Map<string, string>();
  #tick = 0;

  get tick(): number {
    return this.#tick;
  }

  /** Looks at each wiki; what has changed since the last look gets the next tick. */
  look(
    wikis: Iterable<string>,
    states: ReadonlyMap<string, WikiState>,
    source: LiveSource,
    nowMs: number,
  ): void {
    this.#tick += 1;
    this.#texts = new Map();
    const last = minuteOf(nowMs / 1000);
    const first = last - (SHOWN_MINUTES - 1) * 60;
    const watched = new Set(wikis);
    for (const wiki of this.#wikis.keys()) if (!watched.has(wiki)) this.#wikis.delete(wiki);
    for (const wiki of watched) {
      const minutes = this.#wikis.get(wiki) ?? new Map<number, Minute>();
      this.#wikis.set(wiki, minutes);
      for (const minute of minutes.keys()) if (minute < first) minutes.delete(minute);
      const segments = states.get(wiki)?.segments ?? [];
      const readMs = segments.findLast(({ state }) => state !== 'unread')?.toMs ?? 0;
      for (let minute = first; minute <= last; minute += 60) {
        const text = textOf(minute, stateOf(minute * 1000, segments, readMs, source), source, wiki);
        if (minutes.get(minute)?.text !== text) minutes.set(minute, { text, tick: this.#tick });
      }
    }
  }

  /** What of a wiki has changed after a tick, as JSON; undefined when nothing has. After -1: all of it. */
  since(wiki: string, tick: number): string | undefined {
    const name = `${tick} ${wiki}`;
    let text = this.#texts.get(name);
    if (text === undefined) {
      const minutes = [...(this.#wikis.get(wiki) ?? [])].filter(([, minute]) => minute.tick > tick);
      const list = minutes.sort(([a], [b]) => a - b).map(([, minute]) => minute.text);
      text = list.length === 0 ? '' : `{"wiki":${JSON.stringify(wiki)},"minutes":[${list.join()}]}`;
      this.#texts.set(name, text);
    }
    return text === '' ? undefined : text;
  }
}

/**
 * Where coverage says nothing yet, the newest minutes are what the feed is reading.
 * @param readMs end of all that coverage knows to be read: a minute before it is one that was left out
 */
function stateOf(ms: number, segments: readonly Segment[], readMs: number, { feed }: LiveSource): State {
  const state = segments.find(({ fromMs, toMs }) => ms >= fromMs && ms < toMs)?.state ?? 'unread';
  const isBeingRead = feed.kind === 'live' && feed.newestMs !== undefined && feed.newestMs > ms;
  return state === 'unread' && isBeingRead && ms >= readMs ? 'pending' : state;
}

function textOf(minute: number, state: State, source: LiveSource, wiki: string): string {
  const counts = source.counts(wiki, minute);
  const isShown = counts !== undefined && (isCounted(state) || counts.human + counts.bot > 0);
  const { human, bot, bytes } = isShown ? counts : { human: null, bot: null, bytes: null };
  return JSON.stringify({ ts: isoSeconds(minute), human, bot, bytes, state: STATE_LETTERS[state] });
}
