/**
 * ⑧ One connection to `GET /api/v1/live` for all tabs of a browser that show the same wiki: a browser opens six to a host
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
const PREFIX = 'wikigauge-live-1 ';
/** Of tabs that show different wikis. The rest of the six is for other requests. */
const MOST_CONNECTIONS = 4;

type Message = Heard | { readonly kind: 'hello' };

export const joinLive: JoinLive = (wiki, onHeard) => {
  const name = PREFIX + wiki;
  const locks = navigator.locks as LockManager | undefined;
  const channel = locks === undefined ? undefined : new BroadcastChannel(name);
  const leaving = new AbortController();
  // Only this origin has the channel.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  const post = (message: Message): void => channel?.postMessage(message);
  let isOwner = false;
  let source: EventSource | undefined;
  // What a tab that comes later is told.
  let live = nothingHeard(wiki);
  let others: readonly Heard[] = [];

  const tell = (heard: Heard): void => {
    if (heard.kind === 'event') live = hear(live, heard.event, Date.now());
    if (heard.kind === 'failed' || heard.event.name === 'status') others = [heard];
    onHeard(heard);
    post(heard);
  };
  const connect = async (): Promise<void> => {
    source?.close();
    const crowded = locks !== undefined && (await isCrowded(locks));
    if (leaving.signal.aborted) return;
    if (crowded) return tell({ kind: 'failed', isFinal: true });
    source?.close();
    source = listenTo(wiki, tell);
  };
  const own = (): void => {
    isOwner = true;
    void connect();
  };
  channel?.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.kind !== 'hello') {
      if (!isOwner) onHeard(data);
    } else if (isOwner) {
      const minutes = [...live.minutes.values()];
      if (minutes.length > 0) post({ kind: 'event', event: { name: 'snapshot', wiki, minutes } });
      for (const heard of others) post(heard);
    }
  });
  if (locks === undefined) own();
  else {
    const left = new Promise<void>(resolve => leaving.signal.addEventListener('abort', () => resolve()));
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

async function isCrowded(locks: LockManager): Promise<boolean> {
  const { held = [] } = await locks.query();
  return held.filter(lock => lock.name?.startsWith(PREFIX)).length > MOST_CONNECTIONS;
}

function listenTo(wiki: string, tell: (heard: Heard) => void): EventSource {
  const source = new EventSource(`/api/v1/live?${new URLSearchParams({ wiki }).toString()}`);
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
