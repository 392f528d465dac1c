/**
 * Ends what a parent left behind. A parent that is killed with -9 cannot stop its servers; this small process can: it
 * holds the read end of a pipe to the parent, learns which children there are, and when the pipe closes it stops those
 * that still run, in order. Run by `watchdog.ts`, in a session of its own so that Ctrl-C does not reach it.
 *
 * Lines on stdin are JSON: `{"watch": {pid, signal, stopTimeoutMs, stopOrder}}` or `{"forget": pid}`.
 */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { birthOf, isRunning, signalProcess } from '../../src/commands/process-id.mjs';

/**
 * @typedef {object} Watched
 * @property {number} pid leader of a process group of its own
 * @property {NodeJS.Signals} signal that asks it to end
 * @property {number} stopTimeoutMs after which its group is killed
 * @property {number} stopOrder lower ends first; equal ones together
 */
/** @typedef {{ watch: Watched } | { forget: number }} Message */

/** @type {Map<number, Watched & { birth: string | undefined }>} */
const watched = new Map();

// A service manager that ends everything at once must not end this one before the servers.
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
  // Born after it was reported dead, or never seen alive: not the process we were told of.
  if (one.birth === undefined || !isRunning(one)) return;
  signalProcess(one.pid, one.signal);
  const deadlineMs = Date.now() + one.stopTimeoutMs;
  while (isRunning(one)) {
    if (Date.now() > deadlineMs) return signalProcess(-one.pid, 'SIGKILL');
    await sleep(50);
  }
}
