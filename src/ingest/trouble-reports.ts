/**
 * When a run reports its troubles to its workflow, which shows them as its stage: when one has lasted for some seconds,
 * when one is over, and now and then while it lasts. Every report costs the workflow's history a few events, so a
 * reconnect that takes a second is not worth one.
 */
import type { Trouble } from '../contracts/temporal/trouble.ts';

/** Tells a workflow what lasts at the moment; nothing when all is well. @throws PipelineError `temporal_unavailable` */
export type SendTroubles = (workflowId: string, troubles: readonly Trouble[]) => Promise<void>;

const LASTING_MS = 5_000;
const BETWEEN_MS = 10_000;
const AGAIN_MS = 300_000;

export class TroubleReports {
  readonly #send: (troubles: readonly Trouble[]) => Promise<void>;
  #reported: readonly Trouble[];
  #atMs = -Infinity;
  #isSending = false;

  /** @param earlier what an earlier attempt may have reported */
  constructor(send: (troubles: readonly Trouble[]) => Promise<void>, earlier: readonly Trouble[] = []) {
    this.#send = send;
    this.#reported = earlier;
  }

  /** Called every second with what lasts. Never throws: a report that fails is sent again with the next one due. */
  look(troubles: readonly Trouble[], nowMs: number, uptimeMs: number): void {
    const sentMs = uptimeMs - this.#atMs;
    if (this.#isSending || sentMs < BETWEEN_MS) return;
    const isKnown = ({ kind }: Trouble): boolean => this.#reported.some(known => known.kind === kind);
    const lasting = troubles.filter(
      trouble => isKnown(trouble) || nowMs - Date.parse(trouble.since) >= LASTING_MS,
    );
    const isNews = lasting.length !== this.#reported.length || !lasting.every(isKnown);
    if (!isNews && (lasting.length === 0 || sentMs < AGAIN_MS)) return;
    this.#atMs = uptimeMs;
    this.#isSending = true;
    void this.#send(lasting)
      .then(() => (this.#reported = lasting))
      // Temporal is away; the run's heartbeats and signals say so.
      .catch(() => undefined)
      .finally(() => (this.#isSending = false));
  }
}
