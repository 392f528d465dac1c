/**
 * A lock file held by a living process, for what must not run twice: preparing a clone, building a server, a stack per
 * folder. Nothing has to be tidied up by hand: a lock whose holder is dead, or whose pid is another process now, is
 * taken over. Plain JS without dependencies: it runs before `npm ci`.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { birthOf, isRunning } from '../../src/commands/process-id.mjs';

/** A file is created and filled in two steps; one that is still empty after this long was left by a crash. */
const HALF_WRITTEN_MS = 2_000;

/** @typedef {{ pid: number, birth?: string, since: string }} Holder `since`: ISO time at which the lock was taken */
/** @typedef {{ kind: 'taken', release: () => void } | { kind: 'held', by: Holder }} LockResult */

/**
 * Takes the lock or says who holds it; never waits.
 *
 * @param {string} path of the lock file; its folder is created
 * @returns {LockResult}
 */
export function tryLock(path) {
  mkdirSync(dirname(path), { recursive: true });
  const birth = birthOf(process.pid);
  /** @type {Holder} */
  const self = {
    pid: process.pid,
    since: new Date().toISOString(),
    ...(birth === undefined ? {} : { birth }),
  };
  for (;;) {
    try {
      writeFileSync(path, JSON.stringify(self), { flag: 'wx' });
      return { kind: 'taken', release: () => release(path, self) };
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
    const found = read(path);
    if (found === undefined) continue;
    const holder = parse(found.text);
    const living = holder === undefined ? found.ageMs < HALF_WRITTEN_MS : isRunning(holder);
    if (living) return { kind: 'held', by: holder ?? { pid: 0, since: '' } };
    discard(path, found.text);
  }
}

/**
 * Waits until the lock is ours.
 *
 * @param {string} path
 * @param {{ onWait?: (by: Holder) => void, signal?: AbortSignal | undefined, pollMs?: number }} [options] `onWait` is called once, when there is something to wait for
 * @returns {Promise<() => void>} releases the lock
 */
export async function lock(path, options = {}) {
  let told = false;
  for (;;) {
    const result = tryLock(path);
    if (result.kind === 'taken') return result.release;
    if (!told && result.by.pid !== 0) {
      told = true;
      options.onWait?.(result.by);
    }
    await sleep(
      options.pollMs ?? 200,
      undefined,
      options.signal === undefined ? {} : { signal: options.signal },
    );
  }
}

/**
 * Removes a dead holder's file. Two processes may find it dead at once: each moves the file aside under its own name
 * first and looks at what it got, so that the slower one does not throw away the faster one's fresh lock.
 *
 * @param {string} path
 * @param {string} dead what the file was when its holder was found dead
 */
function discard(path, dead) {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  const moved = readFileSync(aside, 'utf8');
  if (moved === dead) rmSync(aside);
  else renameSync(aside, path);
}

/**
 * @param {string} path
 * @param {Holder} self
 */
function release(path, self) {
  if (read(path)?.text === JSON.stringify(self)) rmSync(path, { force: true });
}

/**
 * @param {string} path
 * @returns {{ text: string, ageMs: number } | undefined}
 */
function read(path) {
  try {
    return { ageMs: Date.now() - statSync(path).mtimeMs, text: readFileSync(path, 'utf8') };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * @param {string} text
 * @returns {Holder | undefined}
 */
function parse(text) {
  try {
    const value = /** @type {unknown} */ (JSON.parse(text));
    const isHolder =
      typeof value === 'object' && value !== null && 'pid' in value && typeof value.pid === 'number';
    return isHolder ? /** @type {Holder} */ (value) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 * @returns {boolean}
 */
function hasCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code;
}
