/** ⑧ Follows the newest minutes of a wiki, and of those that it is compared with: carries out what `follow.ts` decides. Time and connection are parameters. */
import { beginning, follow } from './follow.ts';
import type { Effect, FollowEvent, Following, Mode } from './follow.ts';
import { hear, nothingHeard, staleKey } from './live-minutes.ts';
import type { Live, LiveEvent } from './live-minutes.ts';

export type Heard =
  | { readonly kind: 'event'; readonly event: LiveEvent }
  /** `isFinal`: the API has refused; else the browser tries again by itself. */
  | { readonly kind: 'failed'; readonly isFinal: boolean };

export interface SharedLive {
  /** Connects anew; in a tab that does not own the connection, asks for what the owner has heard. */
  reconnect(): void;
  leave(): void;
}

export type JoinLive = (wikis: readonly string[], onHeard: (heard: Heard) => void) => SharedLive;

export interface Listening {
  readonly mode: Mode['kind'];
  /** Of the first wiki. */
  readonly live: Live;
  /** Of each wiki, in the order of the question. */
  readonly lives: readonly Live[];
  /** When the last event came, if the page does not listen at the moment. */
  readonly endedMs: number | undefined;
}

export interface FollowerOptions {
  /** At least one. */
  readonly wikis: readonly string[];
  /** What was heard of some of them already. */
  readonly before: readonly Live[];
  readonly join: JoinLive;
  /** Asks again for everything that is older than what is told. */
  readonly reload: () => void;
  readonly onChange: (listening: Listening) => void;
  readonly nowMs: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
}

export interface Follower {
  setHidden(hidden: boolean): void;
  /** To be called every second. */
  tick(): void;
  stop(): void;
}

/** An hour is rebuilt, and a gap is found, for all pages at once: their questions are spread. */
const SPREAD_MS = 10_000;

export function createFollower({
  wikis,
  before,
  join,
  reload,
  onChange,
  nowMs,
  random,
}: FollowerOptions): Follower {
  let state: Following = beginning(nowMs());
  let lives = wikis.map(wiki => before.find(live => live.wiki === wiki) ?? nothingHeard(wiki));
  let heardMs: number | undefined;
  let shared: SharedLive | undefined;
  let key: string | undefined;
  let version = '';
  let reloadAtMs = Infinity;
  let shown: Listening | undefined;

  const effects: Readonly<Record<Effect, () => void>> = {
    join: () => (shared = join(wikis, heard)),
    leave: () => shared?.leave(),
    reconnect: () => shared?.reconnect(),
    reload: () => {
      reloadAtMs = Infinity;
      reload();
    },
  };

  function step(event: FollowEvent): void {
    const { next, effects: wanted } = follow(state, event, nowMs(), random());
    state = next;
    for (const effect of wanted) effects[effect]();
    const { kind } = state.mode;
    const endedMs = kind === 'listening' ? undefined : heardMs;
    const [live = nothingHeard('')] = lives;
    if (shown?.mode === kind && shown.lives === lives && shown.endedMs === endedMs) return;
    shown = { mode: kind, live, lives, endedMs };
    onChange(shown);
  }

  function heard(news: Heard): void {
    if (news.kind === 'failed') return step(news);
    const atMs = nowMs();
    heardMs = atMs;
    const next = lives.map(live => hear(live, news.event, atMs));
    // The same list when nothing changes that is shown.
    if (next.some((live, at) => live !== lives[at])) lives = next;
    const [first] = lives;
    const now = first && staleKey(first);
    if (key !== undefined && now !== undefined && now !== key) {
      reloadAtMs = Math.min(reloadAtMs, atMs + random() * SPREAD_MS);
    }
    key = now ?? key;
    const told = first?.version ?? '';
    if (version !== '' && told !== version) {
      reloadAtMs = Math.min(reloadAtMs, atMs + random() * SPREAD_MS);
    }
    version = told;
    return step({ kind: 'heard' });
  }

  return {
    setHidden: hidden => step({ kind: hidden ? 'hidden' : 'shown' }),
    tick() {
      step({ kind: 'tick' });
      if (nowMs() >= reloadAtMs) effects.reload();
    },
    stop: () => shared?.leave(),
  };
}
