/**
 * Identifies processes. A pid alone is not enough, because after a crash or a reboot another process may have it; so
 * a process is identified by its pid *and* its start time. Plain JS without dependencies: it runs before `npm ci`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * The start of a process as an opaque string: equal strings mean the same process, even across reboots.
 * `undefined` when the process does not run. A zombie, which has exited but was not yet reaped, does not run.
 *
 * @param {number} pid
 * @returns {string | undefined}
 */
export function birthOf(pid) {
  if (process.platform !== 'linux') return ps(pid, 'lstart=');
  const fields = statOf(pid);
  const [state, startTicks] = [fields?.[0], fields?.[19]];
  if (state === undefined || state === 'Z' || state === 'X' || startTicks === undefined) return undefined;
  return `${bootId()}:${startTicks}`;
}

/**
 * Command line of a running process, arguments separated by spaces; empty when unknown.
 *
 * @param {number} pid
 * @returns {string}
 */
export function commandLineOf(pid) {
  if (process.platform !== 'linux') return ps(pid, 'args=') ?? '';
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/**
 * @param {number} pid
 * @returns {number} its parent; 0 when there is none or it is unknown
 */
export function parentOf(pid) {
  if (process.platform !== 'linux') return Number(ps(pid, 'ppid=') ?? 0);
  return Number(statOf(pid)?.[1] ?? 0);
}

/**
 * Whether the process with this pid and start still runs.
 *
 * @param {{ pid: number, birth?: string | undefined }} known
 * @returns {boolean}
 */
export function isRunning(known) {
  const birth = birthOf(known.pid);
  return birth !== undefined && (known.birth === undefined || known.birth === birth);
}

/**
 * Sends a signal. A process or group that has already ended is not an error.
 *
 * @param {number} pid negative: the process group
 * @param {NodeJS.Signals} signal
 */
export function signalProcess(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** @param {number} pid @returns {string[] | undefined} the fields of /proc/<pid>/stat, starting at the third, which is the state */
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in brackets, which may itself contain spaces and brackets: split after the last one.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** @returns {string} */
function bootId() {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/**
 * @param {number} pid
 * @param {string} column
 * @returns {string | undefined}
 */
function ps(pid, column) {
  try {
    const options = { encoding: /** @type {const} */ ('utf8'), stdio: /** @type {const} */ ('pipe') };
    const state = execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], options).trim();
    if (state === '' || state.startsWith('Z')) return undefined;
    return execFileSync('ps', ['-ww', '-o', column, '-p', String(pid)], options).trim() || undefined;
  } catch {
    return undefined;
  }
}
