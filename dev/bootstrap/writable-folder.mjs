/**
 * Folders that must be writable: a read-only home, a folder of another user, or a file in the folder's place is named with
 * what to do. Plain JS without dependencies: it runs before `npm ci`.
 */
import { accessSync, constants, mkdirSync } from 'node:fs';

/** @type {Readonly<Record<string, string>>} */
const REASONS = {
  EACCES: `user ${process.geteuid?.() ?? 'unknown'} may not`,
  EPERM: `user ${process.geteuid?.() ?? 'unknown'} may not`,
  EROFS: 'its file system is read-only',
  EEXIST: 'a file is in its place',
  ENOTDIR: 'a file is in its place',
  ENOSPC: 'its file system is full',
};

/**
 * Creates the folder if it is missing.
 *
 * @param {string} folder
 * @param {{ what: string, advice: string }} about what the folder is for, and what to do when it cannot be used
 * @throws Error that names the folder, the reason and what to do
 */
export function makeWritable(folder, { what, advice }) {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const reason = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
    throw new Error(`Cannot write to ${folder}, ${what}: ${reason}. ${advice}`, { cause });
  }
}
