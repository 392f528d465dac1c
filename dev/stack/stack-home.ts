/**
 * The state folder of a stack: held by one process at a time, with a note of the servers it started. A run that was
 * killed leaves the note behind; the next one ends what still runs before it uses the files.
 */
import { mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tryLock } from '../bootstrap/pid-lock.mjs';
import { envFile } from './stack-env.ts';
import { birthOf, commandLineOf, isRunning, signalProcess } from '../../src/commands/process-id.mjs';

/** A left-over server gets this long to write its files out before it is killed. */
const LEFT_OVER_TIMEOUT_MS = 15_000;

interface NotedServer {
  readonly name: string;
  readonly pid: number;
  readonly birth?: string;
}

export interface StackHome {
  /** Absolute, without symbolic links: it stands in the servers' command lines, by which they are known again. */
  readonly path: string;
  /** Notes a server that has just been started. */
  note(name: string, pid: number): void;
  /** Writes `stack.env`, where clients find the settings that lead to the servers. */
  publish(env: Readonly<Record<string, string>>): void;
  /** Gives the folder back; call it when all servers have ended. */
  release(): void;
}

/**
 * Takes the folder, made when missing, and ends the servers that a killed run left in it.
 *
 * @throws Error when another process holds the folder; it says which, and what to do
 */
export async function openHome(folder: string, log: (line: string) => void): Promise<StackHome> {
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const path = realpathSync(folder);
  const lock = tryLock(join(path, 'stack.lock'));
  if (lock.kind === 'held') throw new Error(alreadyRunning(path, lock.by.pid, lock.by.since));
  const noteFile = join(path, 'servers.json');
  const noted: NotedServer[] = [];
  const envPath = join(path, 'stack.env');
  try {
    rmSync(envPath, { force: true });
    await endLeftOvers(readNote(noteFile), path, log);
  } catch (error) {
    lock.release();
    throw error;
  }
  return {
    path,
    note(name, pid) {
      const birth = birthOf(pid);
      noted.push({ name, pid, ...(birth === undefined ? {} : { birth }) });
      writeFileSync(noteFile, JSON.stringify(noted));
    },
    publish(env) {
      // Whole or not at all: somebody may be waiting for the file. The password of Postgres is in it.
      writeFileSync(`${envPath}.new`, envFile(env), { mode: 0o600 });
      renameSync(`${envPath}.new`, envPath);
    },
    release() {
      rmSync(noteFile, { force: true });
      lock.release();
    },
  };
}

async function endLeftOvers(
  noted: readonly NotedServer[],
  home: string,
  log: (line: string) => void,
): Promise<void> {
  const leftOvers = noted.filter(server => isRunning(server) && commandLineOf(server.pid).includes(home));
  if (leftOvers.length === 0) return;
  log(
    `Ending what a killed run left: ${leftOvers.map(server => `${server.name} (${server.pid})`).join(', ')}`,
  );
  // The same signals as in an ordered stop: Postgres shuts down fast on SIGINT.
  for (const server of leftOvers)
    signalProcess(server.pid, server.name === 'postgres' ? 'SIGINT' : 'SIGTERM');
  const deadlineMs = Date.now() + LEFT_OVER_TIMEOUT_MS;
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
    // None, or cut off by the crash: the reaper has the same list.
    return [];
  }
}

function alreadyRunning(home: string, pid: number, since: string): string {
  return [
    `A stack is already running in ${home}: process ${pid}, since ${since}.`,
    `  use it:             set -a; . ${join(home, 'stack.env')}`,
    `  stop it:            Ctrl-C in its terminal, or kill ${pid}`,
    `  have one beside it: another folder (WIKIGAUGE_HOME) and other ports (STACK_…_PORT; 0 takes any free one)`,
  ].join('\n');
}
