/**
 * Compares the open hours every few seconds while a campaign runs, and never more than a tenth of the time, which the
 * pipeline needs. A server that is down is asked again later.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { OpenHours } from '../../support/open-hours.ts';
import type { Comparison } from '../../support/open-hours.ts';
import type { Pipeline } from './pipeline.ts';

const PAUSE_MS = 3_000;
/** A pause is at least this many times as long as the comparison before it. */
const PAUSE_FACTOR = 9;

export class OpenHoursWatch {
  readonly #hours: OpenHours;
  readonly #stop = new AbortController();
  readonly #compared = new Set<string>();
  readonly #differences: string[] = [];
  #comparisons = 0;
  #unreadable = 0;
  #running: Promise<void> = Promise.resolve();

  constructor({ world, connectPostgres }: Pick<Pipeline, 'world' | 'connectPostgres'>) {
    this.#hours = new OpenHours(world, connectPostgres);
  }

  /** Hours that have been compared before their seal, by place. */
  get compared(): ReadonlySet<string> {
    return this.#compared;
  }

  /** What was wrong at some moment. */
  get differences(): readonly string[] {
    return this.#differences;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const begunMs = performance.now();
      const comparison = await this.#compare();
      for (const hour of comparison?.hours ?? []) this.#compared.add(hour);
      this.#differences.push(...(comparison?.differences ?? []));
      const pauseMs = Math.max(PAUSE_MS, PAUSE_FACTOR * (performance.now() - begunMs));
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
    console.log(
      `faults: ${this.#compared.size} open hours compared ${this.#comparisons} times; ${this.#unreadable} times something was down`,
    );
  }

  async #compare(): Promise<Comparison | undefined> {
    try {
      const comparison = await this.#hours.compare();
      this.#comparisons += comparison.hours.length;
      return comparison;
    } catch {
      this.#unreadable += 1;
      return undefined;
    }
  }
}
