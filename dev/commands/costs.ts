/** `wikigauge costs`: measures what one day costs on its own local servers and prints it; `--write` updates docs/costs.md. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { costPage } from '../costs/cost-page.ts';
import { YEAR_DAYS, measure } from '../costs/measure.ts';
import { keptPace } from '../costs/measured.ts';
import { PRICES } from '../costs/prices.ts';
import { DEFAULT_RETENTION } from '../../src/bronze/lifecycle.ts';
import { badFlag } from '../../src/commands/bad-flag.ts';
import { stopSignal } from '../../src/commands/environment.ts';

export interface CostsFlags {
  readonly hours?: string;
  readonly speed?: string;
  readonly write?: boolean;
}

const PAGE = join('docs', 'costs.md');
const DEFAULTS = { hours: 3, speed: 30 };
/** Divisors of 60: one case flushes every 60 s of stream time, and the worker takes whole seconds only. */
const SPEEDS = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60];
/** Temporal's default: it suggests continue-as-new after this many history events. */
const HISTORY_LIMIT = 4_096;

export async function costsCommand(flags: CostsFlags): Promise<void> {
  const hours = numberOf('--hours', flags.hours, DEFAULTS.hours, { from: [1, 2, 3, 4, 5, 6, 7, 8, 9] });
  const speed = numberOf('--speed', flags.speed, DEFAULTS.speed, { from: SPEEDS });
  const signal = stopSignal();
  try {
    const measured = await measure({
      hours,
      speed,
      program: [process.execPath, fileURLToPath(new URL('../cli.js', import.meta.url))],
      env: process.env,
      onServers: useKeys,
      print: line => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`),
      signal,
    });
    const terms = {
      bronzeDays: DEFAULT_RETENTION.bronzeDays,
      goldDays: YEAR_DAYS,
      historyLimit: HISTORY_LIMIT,
    };
    const page = costPage(measured, PRICES, terms);
    console.log(`\n${page}`);
    const slow = measured.cases.filter(found => !keptPace(found)).map(({ name }) => name);
    if (slow.length > 0) {
      console.error(
        `This machine could not keep up with the stream (${slow.join('; ')}): see “expected live”, and try --speed ${slower(speed)}.`,
      );
      process.exitCode = 1;
    } else if (flags.write === true) {
      await writeFile(PAGE, page);
      console.log(`wrote ${PAGE}`);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = 130;
  }
}

function slower(speed: number): number {
  return SPEEDS.findLast(one => one <= speed / 2) ?? 1;
}

/** Puts the servers' keys where the AWS SDK of this process looks for them. */
function useKeys(env: Readonly<Record<string, string>>): void {
  // A profile would take precedence.
  delete process.env['AWS_PROFILE'];
  delete process.env['AWS_SESSION_TOKEN'];
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) process.env[name] = env[name] ?? '';
}

function numberOf(
  flag: string,
  given: string | undefined,
  fallback: number,
  { from }: { readonly from: readonly number[] },
): number {
  if (given === undefined) return fallback;
  const value = from.find(number => String(number) === given);
  if (value === undefined) throw badFlag(flag, `one of ${from.join(', ')}`, given, `${flag} ${fallback}`);
  return value;
}
