/**
 * Makes sure that no child outlives this process, not even after kill -9, by reporting every child to a separate process,
 * `reaper.mjs`. There is one reaper per process, started with the first child.
 */
import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Message, Watched } from './reaper.mjs';

let toReaper: Socket | undefined;

/**
 * Has the reaper stop a child if this process dies. Returns a function that cancels this; call it when the child has
 * ended.
 */
export function watchOver(child: Watched): () => void {
  send({ watch: child });
  return () => send({ forget: child.pid });
}

function send(message: Message): void {
  toReaper ??= startReaper();
  toReaper.write(`${JSON.stringify(message)}\n`);
}

function startReaper(): Socket {
  const { NODE_OPTIONS: _ownOptions, ...env } = process.env;
  const reaper = spawn(process.execPath, [fileURLToPath(new URL('./reaper.mjs', import.meta.url))], {
    cwd: '/',
    detached: true,
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const pipe = reaper.stdin;
  if (!(pipe instanceof Socket)) throw new Error('the reaper process has no stdin pipe');
  // The reaper must neither keep this process alive nor crash it: without one, only the cleanup after kill -9 is lost.
  reaper.unref();
  pipe.unref();
  reaper.on('error', () => {});
  pipe.on('error', () => {});
  return pipe;
}
