/** Runs a command of the built program to its end, as a user does. */
import { execFile } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { World } from './world.ts';

/** The built program of a clone. */
export const CLI = fileURLToPath(new URL('../../dist/dev/cli.js', import.meta.url));

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Stdout and stderr. */
  readonly output: string;
}

export interface CliOptions {
  /** Settings in addition to those of the world. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A command that runs it, such as `setpriv` with its arguments. */
  readonly as?: readonly string[];
  /** Called with each piece of output. */
  readonly onOutput?: (text: string, child: ChildProcess) => void;
}

/** Runs `wikigauge <args>` in a world. */
export function runCli(
  { env }: Pick<World, 'env'>,
  args: readonly string[],
  { env: beside, as = [], onOutput }: CliOptions = {},
): Promise<Outcome> {
  return new Promise(resolve => {
    const options = { env: { ...process.env, ...env, AWS_PROFILE: '', ...beside }, timeout: 100_000 };
    const [command = process.execPath, ...others] = [...as, process.execPath, CLI, ...args];
    const child = execFile(command, others, options, (error, stdout, stderr) =>
      resolve({
        code: error === null ? 0 : Number(error.code ?? 1),
        stdout,
        stderr,
        output: `${stdout}${stderr}`,
      }),
    );
    child.stdout?.on('data', text => onOutput?.(String(text), child));
  });
}
