/**
 * Prepares a clone for a command: npm packages, the build, and the servers of the local stack, each only when missing or
 * out of date. Any number of npm scripts may start at once on a clean clone: one prepares, the others wait.
 *
 * This folder holds what runs before `npm ci`: finding and installing packages, server binaries and Chromium, and the
 * locks and progress lines that this needs. Plain JS (Node 20 runs no TypeScript) that imports no npm package statically.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { build, isBuilt } from '../../scripts/build.mjs';
import { installPackages, packagesMatch } from './npm-packages.mjs';
import { obtainServers } from './obtain-servers.mjs';
import { lock } from './pid-lock.mjs';
import { createProgress } from './progress.mjs';
import { findServer, serversNeeded } from './servers.mjs';
import { checkStream } from './stream-check.mjs';
import { makeWritable } from './writable-folder.mjs';

/** Commands that start the local stack. */
const NEEDS_SERVERS = new Set([
  'demo',
  'start',
  'stack',
  'test',
  'test:long',
  'test:faults',
  'bench',
  'costs',
]);

/** @typedef {{ kind: 'ready' } | { kind: 'exit', code: number }} Outcome */

/**
 * Prepares for `wikigauge <args>`. Prints problems; the outcome says whether to run the command.
 *
 * @param {string} root folder of the clone
 * @param {readonly string[]} args
 * @returns {Promise<Outcome>}
 */
export async function prepare(root, args) {
  const [command = ''] = args;
  const env = { ...dotEnv(), ...process.env };
  const wantsHelp = args.includes('--help') || args.includes('-h');
  if (command === 'start' && !wantsHelp) {
    // Comes first: a user who cannot reach the stream should find out before minutes of installing.
    const stream = await checkStream(root, env);
    if (stream.kind === 'unusable') {
      console.error(stream.message);
      return { kind: 'exit', code: 1 };
    }
  }
  const servers = NEEDS_SERVERS.has(command) && !wantsHelp ? serversNeeded(env) : [];
  const missing = servers.filter(name => findServer(name, env) === undefined);
  if (missing.length > 0 || !packagesMatch(root) || !isBuilt(root)) {
    const failed = await prepareMissing(root, missing, env);
    if (failed !== undefined) return failed;
  }
  // `npm run build` ends here: preparing is all that it does.
  return command === 'build' ? { kind: 'exit', code: 0 } : { kind: 'ready' };
}

/**
 * @param {string} root
 * @param {readonly import('./servers.mjs').ServerName[]} servers
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {Promise<Outcome | undefined>} undefined when everything is ready
 */
async function prepareMissing(root, servers, env) {
  const progress = createProgress(process.stderr);
  const stopped = new AbortController();
  const stop = () => stopped.abort(new Error('Stopped.'));
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  for (const signal of signals) process.on(signal, stop);
  try {
    await untilAll(
      [
        signal => packagesAndBuild(root, progress, signal),
        signal => obtainServers(servers, { env, progress, signal }),
      ],
      stopped.signal,
    );
    return undefined;
  } catch (error) {
    if (stopped.signal.aborted) return { kind: 'exit', code: 130 };
    console.error(error instanceof Error ? error.message : error);
    return { kind: 'exit', code: 1 };
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

/**
 * @param {string} root
 * @param {import('./progress.mjs').Progress} progress
 * @param {AbortSignal} signal
 */
async function packagesAndBuild(root, progress, signal) {
  makeWritable(join(root, '.wikigauge'), {
    what: 'in this clone, whose packages or build are not up to date',
    advice: 'Run once as a user who may write the clone: npm run build',
  });
  const release = await lock(join(root, '.wikigauge', 'prepare.lock'), {
    signal,
    onWait: by => progress.say(`waiting for process ${by.pid}, which is already preparing this clone`),
  });
  try {
    if (!packagesMatch(root)) await installPackages(root, progress, signal);
    if (!isBuilt(root)) await build(root, progress, signal);
  } finally {
    release();
  }
}

/**
 * Runs the tasks in parallel. The first failure aborts the others, and is thrown once they have ended.
 *
 * @param {((signal: AbortSignal) => Promise<unknown>)[]} tasks
 * @param {AbortSignal} outer
 */
async function untilAll(tasks, outer) {
  const failure = new AbortController();
  const signal = AbortSignal.any([failure.signal, outer]);
  await Promise.allSettled(
    tasks.map(async task => {
      try {
        await task(signal);
      } catch (error) {
        failure.abort(error);
      }
    }),
  );
  signal.throwIfAborted();
}

/** @returns {Readonly<Record<string, string | undefined>>} the settings in `.env`, parsed the way the program will */
function dotEnv() {
  try {
    // As the program does: without a byte order mark.
    return parseEnv(readFileSync('.env', 'utf8').replace(/^\uFEFF/, ''));
  } catch {
    return {};
  }
}
