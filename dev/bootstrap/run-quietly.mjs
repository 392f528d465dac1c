/** Runs a tool and shows its output only when it fails. Plain JS without dependencies: it runs before `npm ci`. */
import { spawn } from 'node:child_process';

/** Lines of output in an error, half from the start (the cause) and half from the end (the outcome). */
const SHOWN_LINES = 40;

/**
 * @param {string} what name for the error: `npm ci`, `build step "compile"`
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, signal?: AbortSignal | undefined }} options
 * @returns {Promise<void>}
 * @throws Error with the output, or the abort reason
 */
export async function runQuietly(what, command, args, { cwd, signal }) {
  const child = spawn(command, args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  });
  let output = '';
  child.stdout.on('data', chunk => (output += String(chunk)));
  child.stderr.on('data', chunk => (output += String(chunk)));
  /** @type {string | undefined} */
  const failure = await new Promise(resolve => {
    // An abort is also reported here, while the tool is still running; 'close' follows when it has ended.
    child.on('error', error => signal?.aborted || resolve(error.message));
    child.on('close', (code, killed) => resolve(code === 0 ? undefined : `exit code ${code ?? killed}`));
  });
  signal?.throwIfAborted();
  if (failure !== undefined) throw new Error(`${what} failed (${failure}):\n${shortened(output)}`);
}

/** @param {string} output @returns {string} */
function shortened(output) {
  const lines = output.trim().split('\n');
  if (lines.length <= SHOWN_LINES) return lines.join('\n');
  const half = SHOWN_LINES / 2;
  return [
    ...lines.slice(0, half),
    `… ${lines.length - SHOWN_LINES} more lines …`,
    ...lines.slice(-half),
  ].join('\n');
}
