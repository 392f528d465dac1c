/** How the reading goes, for heartbeats: what operators see at the pending activity in the Web UI. */
import type { PipelineError } from '../contracts/errors.ts';
import type { GoldSource } from '../contracts/storage/gold-source.ts';
import type { Notifier } from './notifier.ts';
import type { StreamPump } from './pump.ts';

/** What a heartbeat says; under 1 kB. A retry takes nothing but `acknowledged` from it, and that only as a hint. */
export interface StreamHeartbeat {
  readonly acknowledged: number;
  readonly events: number;
  readonly parts: number;
  readonly deadLetters: number;
  readonly duplicates: number;
  /** Events that wait for a flush. */
  readonly buffered: number;
  readonly connections: number;
  /** When the newest committed event was sent, ISO 8601. */
  readonly newest?: string;
  /** Why it does not read just now. */
  readonly trouble?: string;
}

const NOTHING_YET = { events: 0, parts: 0, deadLetters: 0, duplicates: 0, newestMs: 0 };

export class StreamStatus {
  readonly #url: string;
  #connections = 0;
  #isSimulated = false;
  #trouble = '';

  constructor(url: string) {
    this.#url = url;
  }

  /** The stream, and whether it said that its events are made up. */
  get source(): GoldSource {
    return { url: this.#url, simulated: this.#isSimulated };
  }

  opened({ simulated }: { simulated: boolean }): void {
    this.#isSimulated = simulated;
    this.#connections += 1;
    this.#trouble = '';
  }

  troubled(error: PipelineError): void {
    this.#trouble = error.message;
  }

  heartbeat(notifier: Notifier, pump: StreamPump | undefined): StreamHeartbeat {
    const { newestMs, ...totals } = pump?.totals ?? NOTHING_YET;
    return {
      acknowledged: notifier.acknowledged,
      ...totals,
      buffered: pump?.buffered ?? 0,
      connections: this.#connections,
      ...(newestMs > 0 && { newest: new Date(newestMs).toISOString() }),
      ...(this.#trouble !== '' && { trouble: this.#trouble.slice(0, 300) }),
    };
  }
}
