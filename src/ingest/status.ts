/** Progress of a run, as its heartbeats report it. */
import { shownUrl } from '../core/shown-url.ts';
import type { StreamHeartbeat } from '../contracts/temporal/ingest.ts';
import type { GoldSource } from '../contracts/storage/gold-source.ts';
import type { Notifier } from './notifier.ts';
import type { StreamPump } from './pump.ts';
import type { Troubles } from './troubles.ts';

const NOTHING_YET = { events: 0, parts: 0, deadLetters: 0, duplicates: 0, newestMs: 0 };

export class StreamStatus {
  readonly #url: string;
  readonly #live: string | undefined;
  #connections = 0;
  #isSimulated = false;

  /** @param live address of the live feed */
  constructor(url: string, live?: string) {
    this.#url = shownUrl(url);
    this.#live = live;
  }

  /** The stream, and whether it says that its events are simulated. */
  get source(): GoldSource {
    return { url: this.#url, simulated: this.#isSimulated };
  }

  connected({ simulated }: { simulated: boolean }): void {
    this.#isSimulated = simulated;
    this.#connections += 1;
  }

  heartbeat(notifier: Notifier, pump: StreamPump | undefined, troubles: Troubles): StreamHeartbeat {
    const { list } = troubles;
    const [oldest] = list;
    const { newestMs, ...totals } = pump?.totals ?? NOTHING_YET;
    return {
      acknowledged: notifier.acknowledged,
      ...totals,
      buffered: pump?.buffered ?? 0,
      connections: this.#connections,
      ...(newestMs > 0 && { newest: new Date(newestMs).toISOString() }),
      ...(this.#live !== undefined && { live: this.#live }),
      ...(oldest !== undefined && { trouble: oldest.what, troubles: list }),
    };
  }
}
