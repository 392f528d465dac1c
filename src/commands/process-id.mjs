/**
 * Who is behind a process id. A pid alone is not enough: after a crash or a reboot it may belong to somebody else,
 * so a process is known by its pid *and* by when it was born. Plain JS without dependencies: it runs before `npm ci`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * The birth of a process: equal strings mean the same process, across reboots too.
 * `undefined` when no such process runs (a zombie, dead but not yet collected by its parent, does not run).
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
 * Command line of a running process, arguments separated by blanks; empty when it cannot be told.
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
 * @returns {number} its parent, 0 when there is none or it cannot be told
 */
export function parentOf(pid) {
  if (process.platform !== 'linux') return Number(ps(pid, 'ppid=') ?? 0);
  return Number(statOf(pid)?.[1] ?? 0);
}

/**
 * Whether the process that was born then still runs.
 *
 * @param {{ pid: number, birth?: string | undefined }} known
 * @returns {boolean}
 */
export function isRunning(known) {
  const birth = birthOf(known.pid);
  return birth !== undefined && (known.birth === undefined || known.birth === birth);
}

/**
 * Sends a signal; a process that has ended meanwhile, or a group that is gone, is no error.
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

/** @param {number} pid @returns {string[] | undefined} fields of /proc/<pid>/stat from the third, the state, on */
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in brackets and may hold blanks and brackets itself: count from the last one.
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
