/** The wall clock of the workers, which a test can set. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class WallClock {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = join(folder, 'clock-offset');
    this.shift(0);
  }

  /** What a process needs in its environment to live by this clock. */
  get env(): Readonly<Record<string, string>> {
    return {
      NODE_OPTIONS: `--import ${new URL('./shifted-clock.mjs', import.meta.url).href}`,
      CLOCK_OFFSET_FILE: this.#file,
    };
  }

  /** Sets it so far ahead of the real time, or behind it; 0 sets it right. */
  shift(ms: number): void {
    // Whole or not at all: workers read it any time.
    writeFileSync(`${this.#file}.new`, String(ms));
    renameSync(`${this.#file}.new`, this.#file);
  }
}
