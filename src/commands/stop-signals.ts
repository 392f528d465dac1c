/**
 * When a foreground command is to end: Ctrl-C, kill, a closed terminal, or the end of the npm that started it.
 * The first asks it to stop in order, another one to hurry.
 */
import { birthOf, commandLineOf, isRunning, parentOf } from './process-id.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** One Ctrl-C may arrive twice: from the terminal, and passed on by npm. No human presses it again this fast. */
const ECHO_MS = 500;
const LAUNCHER_CHECK_MS = 1_000;

export interface StopHandlers {
  /** Called once, with what happened in words. */
  readonly stop: (why: string) => void;
  /** Called for every further signal. */
  readonly hurry: () => void;
}

/** Listens until the returned function is called. */
export function onStopSignals(
  { stop, hurry }: StopHandlers,
  env: NodeJS.ProcessEnv = process.env,
): () => void {
  let firstMs: number | undefined;
  const ask = (why: string): void => {
    if (firstMs === undefined) {
      firstMs = Date.now();
      stop(why);
    } else if (Date.now() - firstMs > ECHO_MS) hurry();
  };
  for (const signal of SIGNALS) process.on(signal, ask);

  // An npm that is killed with -9 passes nothing on, and nobody could stop us with Ctrl-C any more.
  const launchers = env['npm_lifecycle_event'] === undefined ? [] : findLaunchers();
  const watch = setInterval(() => {
    if (launchers.every(isRunning)) return;
    clearInterval(watch);
    ask('the npm that started this has ended');
  }, LAUNCHER_CHECK_MS);
  watch.unref();

  return () => {
    clearInterval(watch);
    for (const signal of SIGNALS) process.off(signal, ask);
  };
}

/** The npm that started us, and the shell in between where there is one. */
function findLaunchers(): { pid: number; birth: string | undefined }[] {
  const parent = process.ppid;
  const pids = /^\S*sh -c /.test(commandLineOf(parent)) ? [parent, parentOf(parent)] : [parent];
  return pids.map(pid => ({ pid, birth: birthOf(pid) })).filter(({ birth }) => birth !== undefined);
}
