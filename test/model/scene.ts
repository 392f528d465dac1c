/** Plays a schedule: a store, the writers on it, and the ledger that checks them. */
import { FencedError } from '../../src/bronze/commit-log.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { Ledger, Violation } from './ledger.ts';
import { storable } from './topics.ts';
import type { Stream } from './topics.ts';
import { Turns } from './turns.ts';
import type { Call, Effect, Outcome } from './turns.ts';
import { write } from './writer.ts';
import type { Attempt } from './writer.ts';

export type Ending = 'done' | 'fenced' | 'killed';

export class Scene {
  readonly ledger: Ledger;
  readonly #store: ObjectStore;
  readonly #turns: Turns;
  readonly #writers: Attempt[] = [];
  readonly #endings = new Map<string, Ending>();
  readonly #killed = new Set<string>();
  /** Answers that each writer has had so far. */
  readonly #answers = new Map<string, string[]>();
  #violation: Error | undefined;

  constructor(store: ObjectStore, ledger = new Ledger()) {
    this.#store = store;
    this.ledger = ledger;
    this.#turns = new Turns(store, (...seen) => this.#witness(...seen));
  }

  /** Starts a process; resolves when its first call waits. */
  async begin(attempt: Attempt): Promise<void> {
    const { name } = attempt;
    this.#writers.push(attempt);
    this.#answers.set(name, []);
    write(attempt, this.#turns.storeOf(name)).then(
      () => this.#endings.set(name, 'done'),
      (error: unknown) => this.#failed(name, error),
    );
    await this.#turns.settled();
  }

  /** Waiting calls, in an order that depends on the schedule alone. */
  get waiting(): readonly Call[] {
    return this.#turns.waiting;
  }

  of(name: string): readonly Call[] {
    return this.#turns.of(name);
  }

  endingOf(name: string): Ending | undefined {
    return this.#endings.get(name);
  }

  /** Everything that the future depends on: the store, and each writer's answers and pending calls. */
  get state(): string {
    const known = this.#writers.map(({ name }) => {
      // Sorted, because a writer's next step does not depend on the order in which its parallel calls were answered.
      const asks = this.of(name).map(({ operation, key }) => `${operation} ${key}`);
      return [name, ...(this.#answers.get(name) ?? []).toSorted(), ...asks].join('\n');
    });
    return [...this.ledger.objects, ...known].join('\n');
  }

  async step(call: Call, outcome: Outcome): Promise<void> {
    if (outcome === 'died') this.#killed.add(call.writer);
    if (outcome === 'lost') this.#note(call.writer, `${call.operation} ${call.key} lost`);
    await call.go(outcome);
    if (this.#violation !== undefined) throw this.#violation;
  }

  async kill(name: string): Promise<void> {
    this.#killed.add(name);
    await this.#turns.kill(name);
  }

  /** Runs a writer alone until it ends and has no pending call. */
  async finish(name: string): Promise<void> {
    for (let [call] = this.of(name); call !== undefined; [call] = this.of(name))
      await this.step(call, 'answered');
    if (!this.#endings.has(name)) throw new Violation(`${name} waits for nothing, and does not end`);
  }

  /** Runs a healthy writer alone to the end of the stream; then every event must be stored, once, and nothing else. */
  async heal(healer: Attempt): Promise<void> {
    await this.begin(healer);
    await this.finish(healer.name);
    if (this.endingOf(healer.name) !== 'done')
      throw new Violation(`${healer.name} was ${this.endingOf(healer.name)}`);
    this.expectWhole(healer.stream);
  }

  expectWhole({ owed, messages }: Stream): void {
    this.ledger.expectWhole(storable(owed), storable(messages));
  }

  /** Kills all writers, so that nothing of the scene keeps running. */
  async close(): Promise<void> {
    for (const { name } of this.#writers) await this.kill(name);
  }

  async expectSame(): Promise<void> {
    await this.ledger.expectSame(this.#store);
  }

  #witness(writer: string, operation: Call['operation'], key: string, { result, body }: Effect): void {
    const wasThere = this.ledger.writerOf(key);
    if (operation === 'putIfAbsent' && result === 'created' && body !== undefined) {
      this.ledger.created(writer, key, body);
    }
    if (operation === 'remove') this.ledger.removed(writer, key);
    const answer = operation === 'get' ? wasThere : String(result);
    this.#note(writer, `${operation} ${key}: ${answer}`);
  }

  #note(writer: string, answer: string): void {
    this.#answers.get(writer)?.push(answer);
  }

  #failed(name: string, error: unknown): void {
    if (this.#killed.has(name)) this.#endings.set(name, 'killed');
    else if (error instanceof FencedError) {
      this.#endings.set(name, 'fenced');
      const { attempt: by } = error.by;
      // Otherwise a zombie could stop its successor, and the two could alternate for ever.
      if (this.ledger.fenceOf(by) <= this.ledger.fenceOf(name)) {
        this.#violation = new Violation(`${name} was fenced by ${by}, which is older`);
      }
    } else this.#violation = new Error(`${name} failed`, { cause: error });
  }
}
