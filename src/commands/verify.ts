/**
 * `wikigauge verify`: cross-checks bronze, log and gold, and reports where they differ. Exit code 0 when they agree,
 * 1 when they differ, 2 when the check could not be completed.
 */
import { messageOf } from '../contracts/errors.ts';
import { recentChange } from '../recentchange/definition.ts';
import { openSnapshots } from '../gold/open-gold.ts';
import { endOfHour, hoursOf } from '../verify/range.ts';
import { describeVerification, exitCodeOf, verificationJson } from '../verify/report.ts';
import { verify } from '../verify/verify.ts';
import type { Verification } from '../verify/verify.ts';
import { announce, bucketPlace, goldPlace } from './announce.ts';
import { withStore } from './connections.ts';
import { readConfigWithGold } from './environment.ts';
import { readRangeFlags } from './range-flags.ts';
import type { RangeFlags } from './range-flags.ts';

export interface VerifyFlags extends RangeFlags {
  readonly json?: boolean;
}

const DEFAULT_HOURS = 24;
/** Between two reads: a part is handed over and counted within about a second. */
const PAUSE_MS = 3_000;

export async function verifyCommand({ json = false, ...flags }: VerifyFlags): Promise<void> {
  // Stays 2 until there is a verdict.
  process.exitCode = 2;
  try {
    const verification = await run(flags, json);
    if (json) console.log(JSON.stringify(verificationJson(verification)));
    else for (const line of describeVerification(verification)) console.log(line);
    process.exitCode = exitCodeOf(verification);
  } catch (error) {
    if (json) console.log(JSON.stringify({ exact: null, verdict: `not checked: ${messageOf(error)}` }));
    throw error;
  }
}

async function run(flags: RangeFlags, isJson: boolean): Promise<Verification> {
  const nowMs = Date.now();
  const range = hoursOf(readRangeFlags(flags, DEFAULT_HOURS, endOfHour(nowMs)));
  const config = readConfigWithGold();
  if (!isJson) announce(bucketPlace(config), goldPlace(config.gold.slice(0, 1)));
  return withStore(config, async store => {
    const gold = openSnapshots(config.gold, store);
    try {
      const definition = recentChange(config.EDIT_TYPES);
      return await verify(range, { store, gold, definition, nowMs, pauseMs: PAUSE_MS });
    } finally {
      await gold.close();
    }
  });
}
