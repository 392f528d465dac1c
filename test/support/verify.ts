/** Verifies as the command does, but in this process, which is faster. */
import { readRangeFlags } from '../../src/commands/range-flags.ts';
import type { RangeFlags } from '../../src/commands/range-flags.ts';
import { openSnapshots } from '../../src/gold/open-gold.ts';
import { endOfHour, hoursOf } from '../../src/verify/range.ts';
import { describeVerification, exitCodeOf } from '../../src/verify/report.ts';
import { verify } from '../../src/verify/verify.ts';
import type { World } from './world.ts';
import { STREAM } from './stream.ts';

export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** Verifies a world; checks again after `pauseMs` what looked wrong. */
export async function verifyWorld(
  { store, places }: Pick<World, 'store' | 'places'>,
  flags: RangeFlags,
  { nowMs = Date.now(), pauseMs = 0, definition = STREAM } = {},
): Promise<Outcome> {
  const range = hoursOf(readRangeFlags(flags, 24, endOfHour(nowMs)));
  const gold = openSnapshots(places, store);
  try {
    const deps = { store, gold, definition, nowMs, pauseMs };
    const verification = await verify(range, deps);
    return {
      code: exitCodeOf(verification),
      output: `${describeVerification(verification).join('\n')}\n`,
    };
  } finally {
    await gold.close();
  }
}
