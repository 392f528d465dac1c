/** Progress of a run, as its heartbeats report it. */
import type { PipelineError } from '../contracts/errors.ts';
import type { StreamHeartbeat } from '../contracts/temporal/ingest.ts';
import type { GoldSource } from '../contracts/storage/gold-source.ts';
import type { Notifier } from './notifier.ts';
import type { StreamPump } from './pump.ts';

const NOTHING_YET = { events: 0, parts: 0, deadLetters: 0, duplicates: 0, newestMs: 0 };
/** Keeps a heartbeat below 1 kB. */
const MAX_TROUBLE_CHARS = 300;

export class StreamStatus {
  readonly #url: string;
  #connections = 0;
  #isSimulated = false;
  #trouble = '';

  constructor(url: string) {
    this.#url = url;
  }

  /** The stream, and whether it says that its events are simulated. */
  get source(): GoldSource {
    return { url: this.#url, simulated: this.#isSimulated };
  }

  connected({ simulated }: { simulated: boolean }): void {
    this.#isSimulated = simulated;
    this.#connections += 1;
    this.#trouble = '';
  }

  failed(error: PipelineError): void {
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
      ...(this.#trouble !== '' && { trouble: this.#trouble.slice(0, MAX_TROUBLE_CHARS) }),
    };
  }
}
