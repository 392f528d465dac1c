/** A verification as the command makes it: in this process, which is quicker, or by the command itself. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openGoldSnapshots } from '../../src/storage/gold-snapshot.ts';
import { readRange } from '../../src/verify/range.ts';
import type { RangeFlags } from '../../src/verify/range.ts';
import { describeVerification, exitCodeOf } from '../../src/verify/report.ts';
import { verify } from '../../src/verify/verify.ts';
import type { World } from './world.ts';

const CLI = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));

export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** Verifies a world; what looks wrong is looked at again after `pauseMs`. */
export async function verifyWorld(
  { store, env }: World,
  flags: RangeFlags,
  { nowMs = Date.now(), pauseMs = 0 } = {},
): Promise<Outcome> {
  const range = readRange(flags, nowMs);
  if (!('hours' in range)) throw new Error(range.join('\n'));
  const gold = openGoldSnapshots(env['PG_DSN'] ?? '');
  try {
    const deps = { store, gold, editTypes: new Set(['edit']), nowMs, pauseMs };
    const verification = await verify(range, deps);
    return {
      code: exitCodeOf(verification),
      output: `${describeVerification(verification).join('\n')}\n`,
    };
  } finally {
    await gold.close();
  }
}

/** Runs `wikigauge verify` in a world. */
export function runVerify(
  world: World,
  flags: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return new Promise(resolve => {
    const options = { env: { ...process.env, ...world.env, AWS_PROFILE: '', ...env }, timeout: 100_000 };
    execFile(process.execPath, [CLI, 'verify', ...flags], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: `${stdout}${stderr}` }),
    );
  });
}
