/**
 * `wikigauge verify`: holds bronze, log and gold against each other, and says where they differ. Exit code 0 when all
 * is right, 1 when something is wrong, 2 when that could not be found out.
 */
import { messageOf } from '../contracts/errors.ts';
import { s3Settings } from '../config/places.ts';
import { openS3 } from '../store/s3.ts';
import { openSnapshots } from '../gold/open-gold.ts';
import { endOfHour, hoursOf } from '../verify/range.ts';
import { describeVerification, exitCodeOf, verificationJson } from '../verify/report.ts';
import { verify } from '../verify/verify.ts';
import type { Verification } from '../verify/verify.ts';
import { readConfigWithGold } from './environment.ts';
import { readRangeFlags } from './range-flags.ts';
import type { RangeFlags } from './range-flags.ts';

export interface VerifyFlags extends RangeFlags {
  readonly json?: boolean;
}

const USUAL_HOURS = 24;
/** A part is handed over and counted within about a second. */
const PAUSE_MS = 3_000;

export async function verifyCommand({ json = false, ...flags }: VerifyFlags): Promise<void> {
  // Until there is a verdict, nothing could be checked.
  process.exitCode = 2;
  try {
    const verification = await run(flags);
    if (json) console.log(JSON.stringify(verificationJson(verification)));
    else for (const line of describeVerification(verification)) console.log(line);
    process.exitCode = exitCodeOf(verification);
  } catch (error) {
    if (json) console.log(JSON.stringify({ exact: null, verdict: `not checked: ${messageOf(error)}` }));
    throw error;
  }
}

async function run(flags: RangeFlags): Promise<Verification> {
  const nowMs = Date.now();
  const range = hoursOf(readRangeFlags(flags, USUAL_HOURS, endOfHour(nowMs)));
  const config = readConfigWithGold();
  const store = openS3(s3Settings(config));
  const gold = openSnapshots(config.gold, store);
  try {
    const editTypes = new Set(config.EDIT_TYPES);
    return await verify(range, { store, gold, editTypes, nowMs, pauseMs: PAUSE_MS });
  } finally {
    await gold.close();
    store.close();
  }
}
