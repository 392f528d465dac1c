/**
 * When a foreground command has to end: on Ctrl-C, kill, a closed terminal, or the end of the npm that started it.
 * The first of these asks for an orderly stop, any further one for an immediate one.
 */
import { birthOf, commandLineOf, isRunning, parentOf } from './process-id.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** One Ctrl-C can arrive twice: from the terminal and forwarded by npm. No human presses it twice this fast. */
const ECHO_MS = 500;
const LAUNCHER_CHECK_MS = 1_000;

export interface StopHandlers {
  /** Called once, with the reason in words. */
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
  const onStop = (why: string): void => {
    if (firstMs === undefined) {
      firstMs = Date.now();
      stop(why);
    } else if (Date.now() - firstMs > ECHO_MS) hurry();
  };
  for (const signal of SIGNALS) process.on(signal, onStop);

  // An npm killed with -9 forwards no signal, and Ctrl-C could no longer reach this process.
  const launchers = env['npm_lifecycle_event'] === undefined ? [] : findLaunchers();
  const watch = setInterval(() => {
    if (launchers.every(isRunning)) return;
    clearInterval(watch);
    onStop('the npm that started this has ended');
  }, LAUNCHER_CHECK_MS);
  watch.unref();

  return () => {
    clearInterval(watch);
    for (const signal of SIGNALS) process.off(signal, onStop);
  };
}

/** The npm that started this process, and the shell in between if there is one. */
function findLaunchers(): { pid: number; birth: string | undefined }[] {
  const parent = process.ppid;
  const pids = /^\S*sh -c /.test(commandLineOf(parent)) ? [parent, parentOf(parent)] : [parent];
  return pids.map(pid => ({ pid, birth: birthOf(pid) })).filter(({ birth }) => birth !== undefined);
}
