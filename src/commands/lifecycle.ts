/** `wikigauge lifecycle`: sets when objects in the bucket expire or move to cheaper storage, and shows what changes. */
import { readLifecycle, writeLifecycle } from '../bronze/bucket-lifecycle.ts';
import { DEFAULT_RETENTION, describeRule, diffOfRules, ownRules, withOwnRules } from '../bronze/lifecycle.ts';
import { integer } from '../contracts/kinds.ts';
import { recentChange } from '../recentchange/definition.ts';
import { s3Settings } from '../config/places.ts';
import { announce, bucketPlace } from './announce.ts';
import { readFlag } from './bad-flag.ts';
import { readConfig } from './environment.ts';

export interface LifecycleFlags {
  readonly bronzeDays?: string;
  readonly goldDays?: string;
  readonly dryRun?: boolean;
}

export async function lifecycleCommand({
  bronzeDays,
  goldDays,
  dryRun = false,
}: LifecycleFlags): Promise<void> {
  const retention = {
    bronzeDays: daysOf('--bronze-days', bronzeDays, DEFAULT_RETENTION.bronzeDays),
    goldDays: daysOf('--gold-days', goldDays, DEFAULT_RETENTION.goldDays),
  };
  const config = readConfig();
  const settings = s3Settings(config);
  announce(bucketPlace(config));
  const present = await readLifecycle(settings);
  const rules = withOwnRules(present.rules, ownRules(retention, recentChange().prefix));
  console.log(`bucket ${settings.bucket}, before:`);
  print(present.rules.map(describeRule));
  const diff = diffOfRules(present.rules, rules);
  if (diff.every(line => line.startsWith(' '))) {
    console.log('nothing to change');
    return;
  }
  console.log(dryRun ? 'would change (dry run, nothing was written):' : 'changes:');
  print(diff);
  if (dryRun) return;
  await writeLifecycle(settings, { ...present, rules });
  console.log('after:');
  print((await readLifecycle(settings)).rules.map(describeRule));
}

function print(lines: readonly string[]): void {
  for (const line of lines.length > 0 ? lines : ['(no rules)']) console.log(`  ${line}`);
}

function daysOf(flag: string, given: string | undefined, fallback: number): number {
  return given === undefined
    ? fallback
    : readFlag(integer(1, 36_500, 'days'), flag, given, `${flag} ${fallback}`);
}
