/**
 * Sees to it that no child outlives us, not even when we are killed with -9: tells `reaper.mjs`, which runs beside us,
 * of every child. One reaper per process, started with the first child.
 */
import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Message, Watched } from './reaper.mjs';

let toReaper: Socket | undefined;

/**
 * Has a child ended in order should this process die. Returns a function that takes this back: call it when the child
 * has ended.
 */
export function watchOver(child: Watched): () => void {
  tell({ watch: child });
  return () => tell({ forget: child.pid });
}

function tell(message: Message): void {
  toReaper ??= startReaper();
  toReaper.write(`${JSON.stringify(message)}\n`);
}

function startReaper(): Socket {
  const { NODE_OPTIONS: _forUs, ...env } = process.env;
  const reaper = spawn(process.execPath, [fileURLToPath(new URL('./reaper.mjs', import.meta.url))], {
    cwd: '/',
    detached: true,
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const pipe = reaper.stdin;
  if (!(pipe instanceof Socket)) throw new Error('the reaper process has no pipe to write to');
  // It must neither keep us alive nor bring us down: without it we only lose the tidying up after a kill -9.
  reaper.unref();
  pipe.unref();
  reaper.on('error', () => {});
  pipe.on('error', () => {});
  return pipe;
}
