/**
 * ⑧ One connection to `GET /api/v1/live` for all tabs of a browser that show the same wikis: a browser opens six to a host
 * at most, and a tab beyond them could not even load.
 *
 * Web Locks elect the tab that connects, and a BroadcastChannel passes on what it hears. Chromium, Firefox and Safari have
 * both since 2022, also on phones, where Chromium has no SharedWorker. A SharedWorker is not told when a tab is closed or
 * hidden either, while the browser itself passes a lock on. The next owner gets a whole snapshot, so that nothing is
 * missing between the two. Only tabs that can be seen take part, so a frozen one is never the owner.
 *
 * On plain HTTP from another machine a browser has no locks: there each tab has its own connection.
 */
import type { Heard, JoinLive } from './follower.ts';
import { LIVE_EVENTS, hear, nothingHeard } from './live-minutes.ts';
import type { LiveEvent } from './live-minutes.ts';

/** The number changes when the messages do: tabs may be of different versions. */
const PREFIX = 'wikigauge-live-2 ';
/** For tabs that show different wikis. The rest of the six is for other requests. */
const SLOTS = ['slot 1', 'slot 2', 'slot 3', 'slot 4'];

type Message = Heard | { readonly kind: 'hello' };

export const joinLive: JoinLive = (wikis, onHeard) => {
  const name = PREFIX + wikis.join(',');
  const locks = navigator.locks as LockManager | undefined;
  const channel = locks === undefined ? undefined : new BroadcastChannel(name);
  const leaving = new AbortController();
  // Only this origin has the channel.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  const post = (message: Message): void => channel?.postMessage(message);
  const left = new Promise<void>(resolve => leaving.signal.addEventListener('abort', () => resolve()));
  let isOwner = false;
  let hasSlot = false;
  let source: EventSource | undefined;
  // What a tab that comes later is told.
  let lives = wikis.map(nothingHeard);
  const others = new Map<string, Heard>();

  const tell = (heard: Heard): void => {
    if (heard.kind === 'event') lives = lives.map(live => hear(live, heard.event, Date.now()));
    if (heard.kind === 'failed' || heard.event.name === 'status') others.set('connection', heard);
    else if (heard.event.name === 'pipeline') others.set('pipeline', heard);
    onHeard(heard);
    post(heard);
  };
  const connect = async (): Promise<void> => {
    hasSlot ||= locks === undefined || (await takeSlot(locks, left));
    if (leaving.signal.aborted) return;
    if (!hasSlot) return tell({ kind: 'failed', isFinal: true });
    source?.close();
    source = listenTo(wikis, tell);
  };
  const own = (): void => {
    isOwner = true;
    void connect();
  };
  channel?.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.kind !== 'hello') {
      if (!isOwner) onHeard(data);
    } else if (isOwner) {
      for (const live of lives) {
        const minutes = [...live.minutes.values()];
        if (minutes.length > 0)
          post({ kind: 'event', event: { name: 'snapshot', wiki: live.wiki, minutes } });
      }
      for (const heard of others.values()) post(heard);
    }
  });
  if (locks === undefined) own();
  else {
    // Rejects when the tab leaves before it has become the owner.
    locks.request(name, { signal: leaving.signal }, () => (own(), left)).catch(() => undefined);
    post({ kind: 'hello' });
  }
  return {
    reconnect: () => (isOwner ? void connect() : post({ kind: 'hello' })),
    leave() {
      source?.close();
      channel?.close();
      leaving.abort();
    },
  };
};

/** Takes a free one of the slots, and keeps it until `left`. */
async function takeSlot(locks: LockManager, left: Promise<void>): Promise<boolean> {
  for (const slot of SLOTS) {
    const isTaken = await new Promise<boolean>(resolve => {
      const keep = (lock: Lock | null): Promise<void> | undefined => {
        resolve(lock !== null);
        return lock === null ? undefined : left;
      };
      locks.request(PREFIX + slot, { ifAvailable: true }, keep).catch(() => resolve(false));
    });
    if (isTaken) return true;
  }
  return false;
}

function listenTo(wikis: readonly string[], tell: (heard: Heard) => void): EventSource {
  const source = new EventSource(`/api/v1/live?${new URLSearchParams({ wiki: wikis.join(',') }).toString()}`);
  for (const name of LIVE_EVENTS) {
    source.addEventListener(name, ({ data }: MessageEvent<string>) => {
      const event = { name, ...(JSON.parse(data) as object) } as LiveEvent;
      tell({ kind: 'event', event });
    });
  }
  source.addEventListener('error', () =>
    tell({ kind: 'failed', isFinal: source.readyState === EventSource.CLOSED }),
  );
  return source;
}
