/** The `temporal` command line. */
import { execFile } from 'node:child_process';
import type { World } from './world.ts';

export interface CliOutcome {
  readonly code: number;
  readonly output: string;
}

/** Runs `temporal <args>` in a world; does not reject on a non-zero exit code. */
export function temporalCli({ env }: World, ...args: readonly string[]): Promise<CliOutcome> {
  const at = ['--address', env['TEMPORAL_ADDRESS'] ?? '', '--namespace', env['TEMPORAL_NAMESPACE'] ?? ''];
  return new Promise(resolve => {
    execFile(
      env['TEMPORAL_CLI'] ?? '',
      [...args, ...at],
      { timeout: 30_000, maxBuffer: 64 << 20 },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: `${stdout}${stderr}` }),
    );
  });
}
