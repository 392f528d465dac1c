/**
 * Stops the children of a parent that died. A parent killed with -9 cannot stop its servers; this small process can. It
 * holds the read end of a pipe from the parent, which names the children; when the pipe closes, it stops those that still
 * run, in order. Started by `watchdog.ts` in its own session, so that Ctrl-C does not reach it.
 *
 * Lines on stdin are JSON: `{"watch": {pid, signal, stopTimeoutMs, stopOrder}}` or `{"forget": pid}`.
 */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { birthOf, isRunning, signalProcess } from '../../src/commands/process-id.mjs';

/**
 * @typedef {object} Watched
 * @property {number} pid leader of its own process group
 * @property {NodeJS.Signals} signal asks the process to stop
 * @property {number} stopTimeoutMs after this long its process group is killed
 * @property {number} stopOrder lowest first; equal ones in parallel
 */
/** @typedef {{ watch: Watched } | { forget: number }} Message */

/** @type {Map<number, Watched & { birth: string | undefined }>} */
const watched = new Map();

// A service manager may signal all processes at once; this one must outlive the servers.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const message = /** @type {Message} */ (JSON.parse(line));
  if ('forget' in message) watched.delete(message.forget);
  else watched.set(message.watch.pid, { ...message.watch, birth: birthOf(message.watch.pid) });
}

const orders = [...new Set([...watched.values()].map(one => one.stopOrder))].sort((a, b) => a - b);
for (const order of orders) {
  await Promise.all([...watched.values()].filter(one => one.stopOrder === order).map(end));
}

/** @param {Watched & { birth: string | undefined }} one */
async function end(one) {
  // The process has ended; if the pid exists, it belongs to another process.
  if (one.birth === undefined || !isRunning(one)) return;
  signalProcess(one.pid, one.signal);
  const deadlineMs = Date.now() + one.stopTimeoutMs;
  while (isRunning(one)) {
    if (Date.now() > deadlineMs) return signalProcess(-one.pid, 'SIGKILL');
    await sleep(50);
  }
}
