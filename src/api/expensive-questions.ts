/**
 * A queue for questions whose answers take much memory or work: only so many minutes are answered at a time, the other questions
 * wait. Cheap questions do not pass through it, and neither does anything that says whether the service is alive.
 */
import { MAX_MINUTES } from '../contracts/limits.ts';

/** Minutes that are answered and sent at the same time: two of the longest ranges. */
const MINUTES_AT_ONCE = 2 * MAX_MINUTES;
/** More questions than this are turned away: the last one would wait for minutes. */
const MAX_WAITING = 50;
/** Clients stop waiting after some minutes, so a refusal that says when to retry is better. */
const MAX_WAIT_MS = 120_000;

/** The queue is full, or does not get shorter. */
class TooManyQuestions extends Error {
  override readonly name = 'TooManyQuestions';
  readonly statusCode = 503;
}

/** The client has left; 499 is the status that proxies log for that. */
export class ClientLeft extends Error {
  override readonly name = 'ClientLeft';
  readonly statusCode = 499;
}

interface Asked {
  readonly minutes: number;
  readonly cheapMinutes: number;
  /** Aborts when the client has left. */
  readonly left: AbortSignal;
}

interface Waiting {
  readonly minutes: number;
  readonly start: () => void;
}

export class ExpensiveQuestions {
  #running = 0;
  readonly #waiting: Waiting[] = [];

  /** Questions that wait for their turn. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Answers a question; one of more than `cheapMinutes` waits for its turn.
   * @throws TooManyQuestions; ClientLeft, whatever the work then throws; else what the work throws
   */
  async answer<T>(
    { minutes, cheapMinutes, left }: Asked,
    work: (stopSignal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const done = minutes <= cheapMinutes ? () => undefined : await this.turn(minutes, left);
    try {
      return await work(left);
    } catch (error) {
      throw left.aborted ? new ClientLeft() : error;
    } finally {
      done();
    }
  }

  /**
   * Waits for a turn, in the order of arrival. The caller ends it with the returned function.
   * @param left aborts when the client has left
   * @throws TooManyQuestions; ClientLeft
   */
  async turn(wanted: number, left: AbortSignal): Promise<() => void> {
    // One that asks for more has its turn alone.
    const minutes = Math.min(wanted, MINUTES_AT_ONCE);
    if (left.aborted) throw new ClientLeft();
    if (this.#waiting.length > 0 || !this.#fits(minutes)) {
      if (this.#waiting.length >= MAX_WAITING)
        throw new TooManyQuestions(`${MAX_WAITING} long ranges wait for their turn`);
      await this.#inQueue(minutes, left);
    } else this.#running += minutes;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#running -= minutes;
      this.#startNext();
    };
  }

  #fits(minutes: number): boolean {
    return this.#running + minutes <= MINUTES_AT_ONCE;
  }

  #startNext(): void {
    for (
      let [first] = this.#waiting;
      first !== undefined && this.#fits(first.minutes);
      [first] = this.#waiting
    ) {
      this.#waiting.shift();
      this.#running += first.minutes;
      first.start();
    }
  }

  #inQueue(minutes: number, left: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (reason: Error): void => {
        clearTimeout(patience);
        left.removeEventListener('abort', leave);
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(reason);
        // A shorter question behind it may fit.
        this.#startNext();
      };
      const leave = (): void => end(new ClientLeft());
      const patience = setTimeout(() => {
        end(new TooManyQuestions(`a long range has waited ${MAX_WAIT_MS / 1000} s for its turn`));
      }, MAX_WAIT_MS).unref();
      const waiting: Waiting = {
        minutes,
        start: () => {
          clearTimeout(patience);
          left.removeEventListener('abort', leave);
          resolve();
        },
      };
      this.#waiting.push(waiting);
      left.addEventListener('abort', leave, { once: true });
    });
  }
}
