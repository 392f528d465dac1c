/**
 * Preloaded into a worker: its wall clock is off by as many milliseconds as a file says, and follows the file while
 * the worker runs. Monotonic clocks and timers go on as they are, as when somebody sets a machine's clock.
 */
import { readFileSync } from 'node:fs';

const FILE = process.env['CLOCK_OFFSET_FILE'];
const POLL_MS = 50;
const RealDate = Date;
let offsetMs = 0;

class ShiftedDate extends RealDate {
  /** @param {ConstructorParameters<typeof Date> | []} args */
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + offsetMs);
    else super(...args);
  }

  /** @override */
  static now() {
    return RealDate.now() + offsetMs;
  }
}

if (FILE !== undefined) {
  follow(FILE);
  setInterval(() => follow(FILE), POLL_MS).unref();
  globalThis.Date = /** @type {DateConstructor} */ (/** @type {unknown} */ (ShiftedDate));
}

/** @param {string} file */
function follow(file) {
  offsetMs = Number(readFileSync(file, 'utf8'));
}
