/**
 * A child that is started again when it dies, with growing pauses, while everything beside it stays up. Its first start
 * must succeed: what never ran has a reason that a person has to see.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../../src/core/backoff.ts';
import { describeExit, startChild, withLog } from './child.ts';
import type { Child, ChildExit, ChildSettings } from './child.ts';
import { stackProblems } from './known-problems.ts';

export interface RestartingChild {
  readonly name: string;
  /** Of the process that runs at the moment, or ran last. */
  readonly pid: number;
  /** Stops it for good. */
  stop(): Promise<void>;
}

export interface RestartOptions {
  readonly print: (line: string) => void;
  /** Starts no further process once it aborts. */
  readonly signal: AbortSignal;
  /** Pauses before a restart. */
  readonly pauses?: { readonly baseMs: number; readonly maxMs: number };
}

const PAUSES = { baseMs: 1_000, maxMs: 60_000 };
/** After running for this long the next pause is the shortest again. */
const STABLE_MS = 60_000;

/** @throws Error as `startChild`, when the first start fails */
export async function startRestartingChild(
  settings: ChildSettings,
  { print, signal, pauses = PAUSES }: RestartOptions,
): Promise<RestartingChild> {
  const stopping = new AbortController();
  const stopped = AbortSignal.any([signal, stopping.signal]);
  let child = await startChild(settings);
  const watching = watch();

  return {
    name: settings.name,
    get pid() {
      return child.pid;
    },
    async stop() {
      stopping.abort();
      await child.stop();
      await watching;
      // It may have been starting again.
      await child.stop();
    },
  };

  async function watch(): Promise<void> {
    for (let deaths = 1; ; deaths += 1) {
      const startedMs = performance.now();
      const exit = await child.exited;
      if (exit.asked || stopped.aborted) return;
      if (performance.now() - startedMs > STABLE_MS) deaths = 1;
      const next = await startAgain(deathMessage(exit), deaths);
      if (next === undefined) return;
      child = next;
      if (stopped.aborted) return;
      print(`${settings.name} runs again.`);
    }
  }

  /** Tries until it runs; undefined when it is stopped meanwhile. */
  async function startAgain(reason: string, deaths: number): Promise<Child | undefined> {
    for (let why = reason, attempt = deaths; !stopped.aborted; attempt += 1) {
      const pauseMs = backoffMs(pauses, attempt, Math.random());
      print(`${why}\nStarting it again in ${(pauseMs / 1000).toFixed(1)} s; everything else stays up.`);
      await sleep(pauseMs, undefined, { signal: stopped }).catch(() => undefined);
      if (stopped.aborted) return undefined;
      try {
        return await startChild({ ...settings, signal: stopped });
      } catch (error) {
        why = error instanceof Error ? error.message : String(error);
      }
    }
    return undefined;
  }

  function deathMessage(exit: ChildExit): string {
    return withLog(
      stackProblems.endedLater.shows({ name: exit.name, how: describeExit(exit) }),
      settings.logFile,
      exit.lastLog,
    );
  }
}
