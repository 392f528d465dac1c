/** The worker processes of a pipeline, which run the built program and can be stopped, killed and frozen. */
import type { Child, ChildExit } from '../../../dev/stack/child.ts';
import { startProcess } from '../../support/processes.ts';

export class Workers {
  readonly #env: Readonly<Record<string, string>>;
  readonly #running = new Set<Child>();
  readonly #crashes: ChildExit[] = [];
  #started = 0;

  constructor(env: Readonly<Record<string, string>>) {
    this.#env = env;
  }

  get running(): readonly Child[] {
    return [...this.#running];
  }

  /** Workers that ended without being stopped. */
  get crashes(): readonly ChildExit[] {
    return this.#crashes;
  }

  /** The worker that was started last. */
  get newest(): Child {
    const child = this.running.at(-1);
    if (child === undefined) throw new Error('no worker runs');
    return child;
  }

  /** Starts one more and waits until it is ready. Extra settings make it another version. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<Child> {
    this.#started += 1;
    const child = await startProcess({ env: this.#env }, 'worker', { env, name: `worker-${this.#started}` });
    this.#running.add(child);
    void this.#follow(child);
    return child;
  }

  async #follow(child: Child): Promise<void> {
    const exit = await child.exited;
    this.#running.delete(child);
    if (!exit.asked) this.#crashes.push(exit);
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.running.map(child => child.stop()));
  }
}
