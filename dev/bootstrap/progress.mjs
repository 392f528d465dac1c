/**
 * Progress lines of long steps: one at the start that says how long it may take, regular updates, and one at the end with
 * the time taken. Several steps may run at once. Plain JS without dependencies: it runs before `npm ci`.
 */

const HEARTBEAT_MS = 20_000;
const REDRAW_MS = 1_000;

/**
 * @typedef {object} Progress
 * @property {(line: string) => void} say prints a line
 * @property {<T>(label: string, opening: string, work: (update: (status: string) => void) => Promise<T>) => Promise<T>} track
 *   runs a step; prints what it does, its latest status while it runs, and how long it took
 */

/**
 * @param {{ write: (text: string) => unknown, isTTY?: boolean, columns?: number }} stream usually stderr
 * @param {number} [heartbeatMs] interval between updates when the stream is not a terminal
 * @returns {Progress}
 */
export function createProgress(stream, heartbeatMs = HEARTBEAT_MS) {
  /** @type {Set<{ label: string, status: string, startedMs: number }>} */
  const running = new Set();
  const isTerminal = stream.isTTY === true;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;

  /** @param {string} line */
  const say = line => {
    stream.write(isTerminal ? `\r\x1b[K${line}\n` : `${line}\n`);
    if (isTerminal) redraw();
  };
  const redraw = () => {
    const text = [...running]
      .map(step => `${step.label} ${since(step.startedMs)} ${step.status}`.trim())
      .join(' | ');
    stream.write(`\r\x1b[K${text.slice(0, (stream.columns ?? 80) - 1)}`);
  };
  const beat = () => {
    if (isTerminal) redraw();
    else
      for (const step of running)
        say(`${step.label}: ${since(step.startedMs)} so far${step.status && `, ${step.status}`}`);
  };

  return {
    say,
    async track(label, opening, work) {
      const step = { label, status: '', startedMs: Date.now() };
      say(`${label}: ${opening}`);
      running.add(step);
      timer ??= setInterval(beat, isTerminal ? REDRAW_MS : heartbeatMs);
      try {
        const result = await work(status => {
          step.status = status;
        });
        running.delete(step);
        say(`${label}: done in ${since(step.startedMs)}`);
        return result;
      } finally {
        running.delete(step);
        if (running.size === 0) {
          clearInterval(timer);
          timer = undefined;
          if (isTerminal) stream.write('\r\x1b[K');
        }
      }
    },
  };
}

/**
 * A duration for people: `0.4 s`, `12 s`, `3 min 20 s`.
 *
 * @param {number} ms
 * @returns {string}
 */
export function duration(ms) {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** @param {number} startedMs @returns {string} */
function since(startedMs) {
  return duration(Date.now() - startedMs);
}
