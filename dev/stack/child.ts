/**
 * One supervised child process: a server of the local stack, or a wikigauge process of `demo` and `start`.
 * It runs in its own session, so that Ctrl-C in a terminal reaches only the parent, which then stops its children in
 * order. It writes to a log file. If the parent is killed, the reaper stops the child.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLog, type LogTail } from './log-tail.ts';
import { signalProcess } from '../../src/commands/process-id.mjs';
import { watchOver } from './watchdog.ts';
import { stackProblems } from './known-problems.ts';

const PROBE_INTERVAL_MS = 50;
const LAST_LOG_LINES = 20;

export interface ChildSettings {
  /** Short name for messages. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The child's whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Opened for appending; its folder is created. */
  readonly logFile: string;
  /** Matches the log line that says "ready", or probes the child and rejects with what is still missing. */
  readonly ready: RegExp | ((signal: AbortSignal) => Promise<unknown>);
  /** Default 30 s. */
  readonly readyTimeoutMs?: number;
  /** Signal that asks the child to stop. Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** After this long its process group is killed. Default 10 s. */
  readonly stopTimeoutMs?: number;
  /** If the parent is killed, the reaper stops children in this order, lowest first. Default 0: before the servers. */
  readonly stopOrder?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Called with every line of the log, at most 100 ms late. */
  readonly onLine?: (line: string) => void;
  /** Called as soon as the process exists, well before it is ready. */
  readonly onSpawn?: (pid: number) => void;
  /** Gives up waiting for readiness; the child is stopped. */
  readonly signal?: AbortSignal | undefined;
}

/** How a child ended. */
export interface ChildExit {
  readonly name: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** False when nothing asked it to stop: a crash, whatever its exit code. */
  readonly asked: boolean;
  /** The last lines of its log. */
  readonly lastLog: string;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when the process has ended for any reason; never rejects. */
  readonly exited: Promise<ChildExit>;
  /** Asks it to stop, kills it after `stopTimeoutMs`, and resolves when it has ended. Can be called repeatedly. */
  stop(): Promise<ChildExit>;
  /** Kills it immediately. */
  kill(): Promise<ChildExit>;
}

/**
 * Starts a child and waits until it is ready.
 *
 * @throws Error with the end of its log when it ends early or is not ready in time; the child is then stopped
 */
export async function startChild(settings: ChildSettings): Promise<Child> {
  settings.signal?.throwIfAborted();
  mkdirSync(dirname(settings.logFile), { recursive: true });
  const log = openLog(settings.logFile);
  const spawned = await spawnInOwnSession(settings, log.fd).finally(() => closeSync(log.fd));
  const child = supervise(spawned, settings, log.tail);
  if (settings.onLine) log.tail.follow(settings.onLine);
  settings.onSpawn?.(child.pid);
  try {
    await untilReady(child, settings, log.tail);
    return child;
  } catch (error) {
    await child.stop();
    throw error;
  }
}

async function spawnInOwnSession(settings: ChildSettings, logFd: number): Promise<ChildProcess> {
  const spawned = privately(() =>
    spawn(settings.command, settings.args, {
      detached: true,
      env: { ...settings.env },
      stdio: ['ignore', logFd, logFd],
      ...(settings.cwd === undefined ? {} : { cwd: settings.cwd }),
      ...(settings.uid === undefined ? {} : { uid: settings.uid }),
      ...(settings.gid === undefined ? {} : { gid: settings.gid }),
    }),
  );
  try {
    await once(spawned, 'spawn');
  } catch (error) {
    const { shows, remedy } = stackProblems.cannotRun;
    const { name, command } = settings;
    throw new Error(`${shows({ name, command, why: String(error) })}. ${remedy}`, { cause: error });
  }
  return spawned;
}

/** Spawns with a mask that the child inherits: its databases, objects and logs are for this user alone. */
function privately<T>(spawning: () => T): T {
  const mask = process.umask(0o077);
  try {
    return spawning();
  } finally {
    process.umask(mask);
  }
}

function supervise(spawned: ChildProcess, settings: ChildSettings, tail: LogTail): Child {
  const { name, logFile, stopSignal = 'SIGTERM', stopTimeoutMs = 10_000, stopOrder = 0 } = settings;
  const { pid } = spawned;
  if (pid === undefined) throw new Error(`${name}: no process id`);
  const forget = watchOver({ pid, signal: stopSignal, stopTimeoutMs, stopOrder });
  let asked = false;

  const exited = new Promise<ChildExit>(resolve => {
    spawned.once('exit', (code, signal) => {
      forget();
      // Do not leave its own children behind.
      signalProcess(-pid, 'SIGKILL');
      tail.end();
      resolve({ name, code, signal, asked, lastLog: tail.last(LAST_LOG_LINES).join('\n') });
    });
  });
  const signalGroup = (signal: NodeJS.Signals): void => {
    if (spawned.exitCode === null && spawned.signalCode === null) signalProcess(-pid, signal);
  };

  return {
    name,
    pid,
    logFile,
    exited,
    async stop() {
      if (!asked) {
        asked = true;
        spawned.kill(stopSignal);
      }
      const killer = setTimeout(() => signalGroup('SIGKILL'), stopTimeoutMs);
      return exited.finally(() => clearTimeout(killer));
    },
    async kill() {
      asked = true;
      signalGroup('SIGKILL');
      return exited;
    },
  };
}

async function untilReady(child: Child, settings: ChildSettings, tail: LogTail): Promise<void> {
  const { name, logFile, ready, readyTimeoutMs = 30_000 } = settings;
  const done = new AbortController();
  const limit = AbortSignal.timeout(readyTimeoutMs);
  const signals = [done.signal, limit, ...(settings.signal ? [settings.signal] : [])];
  const waiting = AbortSignal.any(signals);
  let missing = ready instanceof RegExp ? `no log line matches ${String(ready)}` : 'no response';

  const becomesReady = async (): Promise<void> => {
    if (ready instanceof RegExp) {
      return new Promise(resolve => tail.follow(line => ready.test(line) && resolve()));
    }
    for (;;) {
      try {
        await ready(waiting);
        return;
      } catch (error) {
        missing = error instanceof Error ? error.message : String(error);
      }
      await sleep(PROBE_INTERVAL_MS, undefined, { signal: waiting });
    }
  };
  const endsEarly = async (): Promise<never> => {
    const exit = await child.exited;
    throw new Error(
      withLog(stackProblems.endedEarly.shows({ name, how: describeExit(exit) }), logFile, exit.lastLog),
    );
  };
  const timesOut = async (): Promise<never> => {
    await once(waiting, 'abort');
    settings.signal?.throwIfAborted();
    const seconds = String(readyTimeoutMs / 1000);
    const message = stackProblems.notReady.shows({ name, seconds, missing });
    throw new Error(withLog(message, logFile, tail.last(LAST_LOG_LINES).join('\n')));
  };
  // Only the first outcome counts; ignore later rejections of the others.
  const outcomes = [becomesReady(), endsEarly(), timesOut()];
  for (const outcome of outcomes) outcome.catch(() => {});
  try {
    await Promise.race(outcomes);
  } finally {
    done.abort();
  }
}

/** `exit code 1`, `signal SIGKILL`. */
export function describeExit(exit: Pick<ChildExit, 'code' | 'signal'>): string {
  return exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`;
}

/** A message followed by the indented end of a log. */
export function withLog(message: string, logFile: string, lastLog: string): string {
  const lines = lastLog === '' ? ['(empty)'] : lastLog.split('\n');
  return [`${message} The end of its log, ${logFile}:`, ...lines.map(line => `    ${line}`)].join('\n');
}
