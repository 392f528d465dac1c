/**
 * Lifecycle rules of the bucket: what expires and what moves to cheaper storage. Rules of others on the same bucket are
 * kept as they are. Pure; `bucket-lifecycle.ts` asks and tells S3.
 */
import type { LifecycleRule } from '@aws-sdk/client-s3';
import { BRONZE, DEAD_LETTERS, GOLD } from '../contracts/storage/object-keys.ts';

/** After how many days what happens. */
export interface Retention {
  /** Bronze with its log, and dead letters, are deleted. */
  readonly bronzeDays: number;
  /** Gold moves to Intelligent-Tiering. */
  readonly goldDays: number;
}

/** What applies unless `npm run lifecycle` is told otherwise. */
export const DEFAULT_RETENTION: Retention = { bronzeDays: 7, goldDays: 30 };

/** Rules with such an id are ours; all others are left alone. */
const OWN = 'wikigauge-';

/** Our rules. The commit log lies below bronze and expires with it. */
export function ownRules({ bronzeDays, goldDays }: Retention): LifecycleRule[] {
  const rule = (name: string, Prefix: string, effect: Partial<LifecycleRule>): LifecycleRule => ({
    ID: `${OWN}${name}`,
    Status: 'Enabled',
    Filter: { Prefix },
    ...effect,
  });
  return [
    rule('bronze', BRONZE, { Expiration: { Days: bronzeDays } }),
    rule('deadletter', DEAD_LETTERS, { Expiration: { Days: bronzeDays } }),
    rule('gold', GOLD, { Transitions: [{ Days: goldDays, StorageClass: 'INTELLIGENT_TIERING' }] }),
  ];
}

/** The bucket's rules with ours in the place of what ours were; those of others first, in their order. */
export function withOwnRules(
  present: readonly LifecycleRule[],
  own: readonly LifecycleRule[],
): LifecycleRule[] {
  return [...present.filter(({ ID }) => ID?.startsWith(OWN) !== true).map(modern), ...own];
}

/** What would change, line by line: `-` goes, `+` comes, two spaces stay. */
export function diffOfRules(before: readonly LifecycleRule[], after: readonly LifecycleRule[]): string[] {
  const old = before.map(describeRule);
  const present = after.map(describeRule);
  return [
    ...old.map(line => `${present.includes(line) ? ' ' : '-'} ${line}`),
    ...present.filter(line => !old.includes(line)).map(line => `+ ${line}`),
  ];
}

/** A rule in one line: who, what of the bucket, and everything that it does. */
export function describeRule(rule: LifecycleRule): string {
  const { ID = '(no id)', Status, Filter, ...effects } = modern(rule);
  const of = Filter?.Prefix ?? (Filter === undefined ? 'all objects' : JSON.stringify(Filter));
  const off = Status === 'Enabled' ? '' : ' (disabled)';
  return `${ID}: ${of === '' ? 'all objects' : of} ${wordsOf(effects)}${off}`;
}

function wordsOf(effects: Omit<LifecycleRule, 'ID' | 'Status' | 'Filter'>): string {
  const { Expiration, Transitions = [], ...others } = effects;
  const words = Transitions.map(({ Days, Date: date, StorageClass }) =>
    Days === undefined ? `to ${StorageClass} on ${String(date)}` : `to ${StorageClass} after ${daysOf(Days)}`,
  );
  if (Expiration?.Days !== undefined) words.unshift(`deleted after ${daysOf(Expiration.Days)}`);
  else if (Expiration !== undefined) words.unshift(`expires ${JSON.stringify(Expiration)}`);
  const rest = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
  if (Object.keys(rest).length > 0) words.push(JSON.stringify(rest));
  return words.join(', ');
}

function daysOf(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}

/** S3 refuses a rule with the old bare prefix beside one with a filter; they mean the same. */
function modern({ Prefix, ...rule }: LifecycleRule): LifecycleRule {
  return Prefix === undefined || rule.Filter !== undefined ? rule : { ...rule, Filter: { Prefix } };
}
