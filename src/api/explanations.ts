/**
 * Explanations on demand. Each reads parts of bronze, so that the same question is read once while several wait for it,
 * kept until gold of its hours changes, has its turn among the expensive questions, and ends as soon as nobody waits.
 */
import { LRUCache } from 'lru-cache';
import { PipelineError } from '../contracts/errors.ts';
import type { Explain, ExplainedRange, Explanation } from '../contracts/explanation.ts';
import { MAX_MINUTES } from '../contracts/limits.ts';
import { floorHourMs, hoursBetween } from '../core/time.ts';
import type { GoldReader } from '../gold/gold-store.ts';
import { ClientLeft } from './expensive-questions.ts';
import type { ExpensiveQuestions } from './expensive-questions.ts';
import { HttpProblem } from './http-problem.ts';

/** Of some kilobytes each. */
const KEPT = 200;
/** Two are read at a time: each keeps a core busy. */
const TURN_MINUTES = MAX_MINUTES;
/** An hour of all wikis takes a second or two. */
const MAX_MS = 60_000;

export interface ExplanationDeps {
  readonly explain: Explain;
  readonly gold: Pick<GoldReader, 'versions'>;
  readonly questions: Pick<ExpensiveQuestions, 'answer'>;
}

interface Flight {
  readonly outcome: Promise<Explanation>;
  readonly nobodyWaits: AbortController;
  waiting: number;
}

export class Explanations {
  readonly #deps: ExplanationDeps;
  readonly #kept = new LRUCache<string, Explanation>({ max: KEPT });
  readonly #flights = new Map<string, Flight>();

  constructor(deps: ExplanationDeps) {
    this.#deps = deps;
  }

  /**
   * @param left aborts when the client has left
   * @throws ClientLeft; HttpProblem 503 when bronze cannot be read; what gold throws
   */
  async of(range: ExplainedRange, left: AbortSignal): Promise<Explanation> {
    const { wiki, from, to } = range;
    const versions = await this.#deps.gold.versions(hoursBetween(floorHourMs(from * 1000), to * 1000));
    if (left.aborted) throw new ClientLeft();
    const key = JSON.stringify([wiki, from, to, versions]);
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const flight = this.#flights.get(key) ?? this.#start(key, range);
    return this.#wait(key, flight, left);
  }

  #start(key: string, range: ExplainedRange): Flight {
    const nobodyWaits = new AbortController();
    const outcome = this.#read(range, nobodyWaits.signal).then(explanation => {
      // What could not be read may be readable the next time.
      if (explanation.unreadParts === 0) this.#kept.set(key, explanation);
      return explanation;
    });
    const flight: Flight = { outcome, nobodyWaits, waiting: 0 };
    this.#flights.set(key, flight);
    const land = (): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    outcome.then(land, land);
    return flight;
  }

  async #read(range: ExplainedRange, left: AbortSignal): Promise<Explanation> {
    const asked = { minutes: TURN_MINUTES, cheapMinutes: 0, left };
    const late = AbortSignal.timeout(MAX_MS);
    try {
      return await this.#deps.questions.answer(asked, stopSignal =>
        this.#deps.explain(range, AbortSignal.any([stopSignal, late])),
      );
    } catch (error) {
      throw problemOf(error, late.aborted);
    }
  }

  /** Waits until there is an answer, or the client has left; the last one to leave ends the reading. */
  async #wait(key: string, flight: Flight, left: AbortSignal): Promise<Explanation> {
    flight.waiting += 1;
    const waited = new AbortController();
    try {
      return await Promise.race([flight.outcome, rejectsWhen(left, waited.signal)]);
    } finally {
      waited.abort();
      flight.waiting -= 1;
      if (flight.waiting === 0) {
        if (this.#flights.get(key) === flight) this.#flights.delete(key);
        flight.nobodyWaits.abort();
      }
    }
  }
}

function problemOf(error: unknown, isLate: boolean): unknown {
  if (isLate)
    return new HttpProblem(
      503,
      `Reading the events of this time took more than ${MAX_MS / 1000} s. Try again later, or ask for fewer minutes.`,
    );
  if (!(error instanceof PipelineError)) return error;
  return new HttpProblem(
    503,
    `The events of this time cannot be read: ${error.code}. An explanation needs bronze: check that the API may read the bucket. Counts are answered without it.`,
  );
}

/** Rejects once a client has left. @param waited aborts when that does not matter any more */
function rejectsWhen(left: AbortSignal, waited: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    left.addEventListener('abort', () => reject(new ClientLeft()), { once: true, signal: waited });
  });
}
