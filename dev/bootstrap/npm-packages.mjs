/**
 * Checks whether `node_modules` matches package-lock.json, and runs `npm ci` when it does not.
 * Plain JS without dependencies: it runs before `npm ci`.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runQuietly } from './run-quietly.mjs';

/** @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} LockedPackage */

/**
 * Usually compares two hashes: that of the lock file and the one noted in `node_modules` after the last check. When they
 * differ, for example because the user ran npm directly, compares npm's own record of what it installed with the lock
 * file, so that the user does not wait for a second install.
 *
 * @param {string} root
 * @returns {boolean}
 */
export function packagesMatch(root) {
  const wanted = read(join(root, 'package-lock.json'));
  const hash = hashOf(wanted);
  const stamp = stampOf(root);
  if (read(stamp) === hash) return true;
  const installed = packagesIn(read(join(root, 'node_modules', '.package-lock.json')));
  const matches = Object.entries(packagesIn(wanted)).every(
    ([path, locked]) => path === '' || locked.optional || installed[path]?.version === locked.version,
  );
  if (matches) note(stamp, hash);
  return matches;
}

/**
 * @param {string} root
 * @param {import('./progress.mjs').Progress} progress
 * @param {AbortSignal} signal
 * @throws Error with what npm printed
 */
export async function installPackages(root, progress, signal) {
  await progress.track(
    'npm packages',
    'installing with npm ci (about half a minute, once per package-lock.json)',
    async () => {
      const { command, args } = npm();
      // The build needs dev dependencies, whatever NODE_ENV or the user's npm settings say.
      // No package needs its install scripts, which could run anything.
      const options = ['--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
      await runQuietly('npm ci', command, [...args, 'ci', ...options], { cwd: root, signal });
    },
  );
  writeFileSync(stampOf(root), hashOf(read(join(root, 'package-lock.json'))));
}

/**
 * Notes that packages match, which saves time. Without the right to do so, they match all the same.
 *
 * @param {string} stamp
 * @param {string} hash
 */
function note(stamp, hash) {
  try {
    writeFileSync(stamp, hash);
  } catch {
    // A read-only clone.
  }
}

/** The npm that started this process, else the one shipped with this Node, else the one on PATH. */
export function npm() {
  const fromScript = process.env['npm_execpath'] ?? '';
  if (fromScript.endsWith('npm-cli.js')) return { command: process.execPath, args: [fromScript] };
  const beside = join(dirname(process.execPath), 'npm');
  return { command: existsSync(beside) ? beside : 'npm', args: [] };
}

/** @param {string} text @returns {string} */
function hashOf(text) {
  return createHash('sha256').update(text).digest('hex');
}

/** @param {string} root @returns {string} */
function stampOf(root) {
  return join(root, 'node_modules', '.wikigauge-lock-hash');
}

/** @param {string} path @returns {string} */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** @param {string} lock text of a lock file @returns {Record<string, LockedPackage>} */
function packagesIn(lock) {
  return lock === ''
    ? {}
    : (/** @type {{ packages?: Record<string, LockedPackage> }} */ (JSON.parse(lock)).packages ?? {});
}
