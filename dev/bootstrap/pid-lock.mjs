/**
 * A lock file held by a running process, for work that must not run twice: preparing a clone, building a server, running a
 * stack in a folder. It never needs cleaning up by hand: when the holder has died, or its pid now belongs to another
 * process, the next caller takes the lock over. Plain JS without dependencies: it runs before `npm ci`.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { birthOf, isRunning } from '../../src/commands/process-id.mjs';

/** Creating and filling the file are two steps; a file still empty after this long was left by a crash. */
const HALF_WRITTEN_MS = 2_000;

/** @typedef {{ pid: number, birth?: string, since: string }} Holder `since`: when the lock was taken, ISO 8601 */
/** @typedef {{ kind: 'taken', release: () => void } | { kind: 'held', by: Holder }} LockResult */

/**
 * Takes the lock, or returns its holder. Never waits.
 *
 * @param {string} path path of the lock file; its folder is created
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
      writeFileSync(path, JSON.stringify(self), { flag: 'wx', mode: 0o600 });
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
 * Waits until it can take the lock.
 *
 * @param {string} path
 * @param {{ onWait?: (by: Holder) => void, signal?: AbortSignal | undefined, pollMs?: number }} [options] `onWait` is called at most once, when the lock is held
 * @returns {Promise<() => void>} a function that releases the lock
 */
export async function lock(path, options = {}) {
  let hasReported = false;
  for (;;) {
    const result = tryLock(path);
    if (result.kind === 'taken') return result.release;
    if (!hasReported && result.by.pid !== 0) {
      hasReported = true;
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
 * Removes the file of a dead holder. Two processes may try this at once, so each first moves the file aside under its own
 * name and checks what it moved: otherwise the slower one would remove the lock that the faster one has just taken.
 *
 * @param {string} path
 * @param {string} dead content of the file when its holder was found dead
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
