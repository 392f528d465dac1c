/** Runs the built program as a child process that can be killed. */
import { join } from 'node:path';
import { inject } from 'vitest';
import { startChild } from '../../dev/stack/child.ts';
import type { Child } from '../../dev/stack/child.ts';
import { CLI } from './cli.ts';
import type { World } from './world.ts';

const READY = { worker: /^worker ready$/m, api: /^dashboard /m };

export interface ProcessOptions {
  /** Settings in addition to those of the world. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A command that runs it, such as `setpriv` with its arguments. */
  readonly as?: readonly string[];
  /** Part of the name of its log file. Default: the command. */
  readonly name?: string;
}

/** Starts `wikigauge worker` or `wikigauge api` in a world and waits until it is ready. */
export async function startProcess(
  world: Pick<World, 'env'>,
  command: 'worker' | 'api',
  options: ProcessOptions = {},
): Promise<Child> {
  const { name = command, as = [] } = options;
  const [executable, ...args] = [...as, process.execPath, CLI, command];
  return startChild({
    name,
    command: executable,
    args,
    env: { ...process.env, ...world.env, AWS_PROFILE: '', ...options.env },
    logFile: join(inject('folder'), `${world.env['BUCKET'] ?? ''}-${name}.log`),
    ready: READY[command],
    readyTimeoutMs: 60_000,
    stopTimeoutMs: 30_000,
  });
}
