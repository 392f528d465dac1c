/** The wall clock of the workers, which a test can shift. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class WallClock {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = join(folder, 'clock-offset');
    this.shift(0);
  }

  /** Environment of a process that uses this clock. */
  get env(): Readonly<Record<string, string>> {
    return {
      NODE_OPTIONS: `--import ${new URL('./shifted-clock.mjs', import.meta.url).href}`,
      CLOCK_OFFSET_FILE: this.#file,
    };
  }

  /** Sets it ahead of the real time by `ms`, or behind it if negative. */
  shift(ms: number): void {
    // Replaced atomically, because workers read it at any time.
    writeFileSync(`${this.#file}.new`, String(ms));
    renameSync(`${this.#file}.new`, this.#file);
  }
}
