/** Runs the local stack in the foreground: `wikigauge stack`. */
import { describeExit, withLog, type ChildExit } from './child.ts';
import { shellLine, terminalLine } from './stack-env.ts';
import { startStack, type Stack, type StackSettings } from './stack.ts';
import { onStopSignals } from '../../src/commands/stop-signals.ts';
import { stackProblems } from './known-problems.ts';

/** Where lines go: results to `print`, progress to `log`. */
export interface StackOutput {
  readonly print: (line: string) => void;
  readonly log: (line: string) => void;
  /** Whether people see what is printed; otherwise a program reads it. */
  readonly isTerminal: boolean;
}

/**
 * Runs the stack until a stop signal arrives (SIGINT, SIGTERM, SIGHUP) or a server dies.
 * Prints the settings on one line, on a terminal without passwords, and then `stack ready`.
 *
 * @returns exit code: 0 after a stop signal, 1 when the stack did not start or a server died
 */
export async function runStack(
  settings: Omit<StackSettings, 'log' | 'signal'>,
  output: StackOutput,
): Promise<number> {
  const { print, log, isTerminal } = output;
  const stopping = new AbortController();
  let stack: Stack | undefined;
  const ignoreSignals = onStopSignals({
    stop(why) {
      log(`Stopping (${why}) …`);
      stopping.abort();
    },
    hurry() {
      // While servers are still starting there is no stack to kill; the reaper stops them once this process has ended.
      if (stack === undefined) process.exit(1);
      void stack.kill();
    },
  });
  try {
    stack = await startStack({ ...settings, log, signal: stopping.signal });
    for (const { name, address, pid, logFile } of stack.servers)
      log(`${name} at ${address} (pid ${pid}, ${logFile})`);
    print(isTerminal ? terminalLine(stack.env, stack.envFile) : shellLine(stack.env));
    print('stack ready');
    const died = await Promise.race([stack.exited, aborted(stopping.signal)]);
    if (died) log(diedMessage(died, stack));
    await stack.stop();
    log('Stopped.');
    return died ? 1 : 0;
  } catch (error) {
    if (stopping.signal.aborted) return 0;
    log(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    ignoreSignals();
  }
}

function diedMessage(exit: ChildExit, stack: Stack): string {
  const logFile = stack.servers.find(server => server.name === exit.name)?.logFile ?? '';
  return `${withLog(stackProblems.endedLater.shows({ name: exit.name, how: describeExit(exit) }), logFile, exit.lastLog)}\nStopping the others …`;
}

async function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return;
  await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }));
}
