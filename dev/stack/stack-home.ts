/**
 * The state folder of a stack. One process holds it at a time and records in it the servers that it has started. A killed
 * run leaves that record behind, and the next run stops the servers that are still running before it uses their files.
 */
import { readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tryLock } from '../bootstrap/pid-lock.mjs';
import { makeWritable } from '../bootstrap/writable-folder.mjs';
import { envFile } from './stack-env.ts';
import { birthOf, commandLineOf, isRunning, signalProcess } from '../../src/commands/process-id.mjs';
import { stackProblems } from './known-problems.ts';

/** Other users of this machine need not read state. */
const PRIVATE = { mode: 0o600 };
/** How long a leftover server may take to write its files before it is killed. */
const LEFTOVER_TIMEOUT_MS = 15_000;

const FOLDER = {
  what: 'which keeps the data of the local servers',
  advice: 'Set WIKIGAUGE_HOME to a folder that this user may write.',
};

interface NotedServer {
  readonly name: string;
  readonly pid: number;
  readonly birth?: string;
}

export interface StackHome {
  /** Absolute, without symbolic links: the servers' command lines contain it, which identifies them later. */
  readonly path: string;
  /** Absolute path of `stack.env`. */
  readonly envFile: string;
  /** Records a server that has just been started. */
  note(name: string, pid: number): void;
  /** Writes `stack.env`, the settings that connect clients to the servers. */
  publish(env: Readonly<Record<string, string>>): void;
  /** Releases the folder; call it when all servers have ended. */
  release(): void;
}

/**
 * Locks the folder, creating it if it is missing, and stops the servers that a killed run left behind.
 *
 * @throws Error that names the process that holds the folder, or why it cannot be written, and says what to do
 */
export async function openHome(folder: string, log: (line: string) => void): Promise<StackHome> {
  makeWritable(folder, FOLDER);
  makeWritable(join(folder, 'logs'), FOLDER);
  const path = realpathSync(folder);
  const lock = tryLock(join(path, 'stack.lock'));
  if (lock.kind === 'held') throw new Error(alreadyRunning(path, lock.by.pid, lock.by.since));
  const noteFile = join(path, 'servers.json');
  const noted: NotedServer[] = [];
  const envPath = join(path, 'stack.env');
  try {
    rmSync(envPath, { force: true });
    await stopLeftovers(readNote(noteFile), path, log);
  } catch (error) {
    lock.release();
    throw error;
  }
  return {
    path,
    envFile: envPath,
    note(name, pid) {
      const birth = birthOf(pid);
      noted.push({ name, pid, ...(birth === undefined ? {} : { birth }) });
      writeFileSync(noteFile, JSON.stringify(noted), PRIVATE);
    },
    publish(env) {
      // Written atomically, as a script may be waiting for it. Private, as it contains the Postgres password.
      writeFileSync(`${envPath}.new`, envFile(env), PRIVATE);
      renameSync(`${envPath}.new`, envPath);
    },
    release() {
      rmSync(noteFile, { force: true });
      lock.release();
    },
  };
}

async function stopLeftovers(
  noted: readonly NotedServer[],
  home: string,
  log: (line: string) => void,
): Promise<void> {
  const leftOvers = noted.filter(server => isRunning(server) && commandLineOf(server.pid).includes(home));
  if (leftOvers.length === 0) return;
  log(
    `Stopping servers left over from a killed run: ${leftOvers.map(server => `${server.name} (${server.pid})`).join(', ')}`,
  );
  // The same signals as in a normal stop: SIGINT makes Postgres shut down fast.
  for (const server of leftOvers)
    signalProcess(server.pid, server.name === 'postgres' ? 'SIGINT' : 'SIGTERM');
  const deadlineMs = Date.now() + LEFTOVER_TIMEOUT_MS;
  while (leftOvers.some(isRunning)) {
    if (Date.now() > deadlineMs) {
      for (const server of leftOvers.filter(isRunning)) signalProcess(server.pid, 'SIGKILL');
    }
    await sleep(50);
  }
}

function readNote(path: string): readonly NotedServer[] {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as readonly NotedServer[];
  } catch {
    // Missing, or cut off by a crash. The reaper has the same list.
    return [];
  }
}

function alreadyRunning(home: string, pid: number, since: string): string {
  const { shows, remedy } = stackProblems.alreadyRunning;
  const words = { home, pid: String(pid), since, envFile: join(home, 'stack.env') };
  return `${shows(words)}\n${remedy(words)}`;
}
