/**
 * Our lifecycle rules: what expires and what moves to cheaper storage. Any other rules of the bucket stay unchanged.
 * Pure; `bucket-lifecycle.ts` talks to S3.
 */
import type { LifecycleRule } from '@aws-sdk/client-s3';
import { BRONZE, DEAD_LETTERS, GOLD } from '../contracts/storage/object-keys.ts';

/** How long objects stay. */
export interface Retention {
  /** Days until bronze, its log and dead letters are deleted. */
  readonly bronzeDays: number;
  /** Days until gold moves to Intelligent-Tiering. */
  readonly goldDays: number;
}

/** The defaults of `npm run lifecycle`. */
export const DEFAULT_RETENTION: Retention = { bronzeDays: 7, goldDays: 30 };

/** Our rules have ids that start with this. */
const OWN = 'wikigauge-';

/** In bronze nothing is replaced, so an old version is an object that has expired, or that a clean-up has removed. */
const OLD_BRONZE_DAYS = 1;

/**
 * Our rules for the stream with this prefix. The commit log is under bronze/ and expires with it. In a versioned bucket
 * an expired object stays as an old version, and so does every replaced object of gold: those expire too. Elsewhere that
 * changes nothing.
 */
export function ownRules({ bronzeDays, goldDays }: Retention, prefix = ''): LifecycleRule[] {
  const rule = (name: string, folder: string, effect: Partial<LifecycleRule>): LifecycleRule => ({
    ID: `${OWN}${prefix}${name}`,
    Status: 'Enabled',
    Filter: { Prefix: `${prefix}${folder}` },
    ...effect,
  });
  const old = (days: number): Partial<LifecycleRule> => ({
    NoncurrentVersionExpiration: { NoncurrentDays: days },
  });
  return [
    rule('bronze', BRONZE, { Expiration: { Days: bronzeDays }, ...old(OLD_BRONZE_DAYS) }),
    rule('deadletter', DEAD_LETTERS, { Expiration: { Days: bronzeDays }, ...old(OLD_BRONZE_DAYS) }),
    rule('gold', GOLD, {
      Transitions: [{ Days: goldDays, StorageClass: 'INTELLIGENT_TIERING' }],
      // For as long as a damaged hour can also be counted again.
      ...old(bronzeDays),
    }),
  ];
}

/** The bucket's rules with our old ones replaced; the others come first, in their order. */
export function withOwnRules(
  present: readonly LifecycleRule[],
  own: readonly LifecycleRule[],
): LifecycleRule[] {
  return [...present.filter(({ ID }) => ID?.startsWith(OWN) !== true).map(modern), ...own];
}

/** The difference line by line: `-` is removed, `+` is added, a blank is unchanged. */
export function diffOfRules(before: readonly LifecycleRule[], after: readonly LifecycleRule[]): string[] {
  const old = before.map(describeRule);
  const present = after.map(describeRule);
  return [
    ...old.map(line => `${present.includes(line) ? ' ' : '-'} ${line}`),
    ...present.filter(line => !old.includes(line)).map(line => `+ ${line}`),
  ];
}

/** A rule in one line: its id, its objects and all its effects. */
export function describeRule(rule: LifecycleRule): string {
  const { ID = '(no id)', Status, Filter, ...effects } = modern(rule);
  const of = Filter?.Prefix ?? (Filter === undefined ? 'all objects' : JSON.stringify(Filter));
  const off = Status === 'Enabled' ? '' : ' (disabled)';
  return `${ID}: ${of === '' ? 'all objects' : of} ${wordsOf(effects)}${off}`;
}

function wordsOf(effects: Omit<LifecycleRule, 'ID' | 'Status' | 'Filter'>): string {
  const { Expiration, Transitions = [], NoncurrentVersionExpiration: old, ...others } = effects;
  const words = Transitions.map(({ Days, Date: date, StorageClass }) =>
    Days === undefined ? `to ${StorageClass} on ${String(date)}` : `to ${StorageClass} after ${daysOf(Days)}`,
  );
  if (Expiration?.Days !== undefined) words.unshift(`deleted after ${daysOf(Expiration.Days)}`);
  else if (Expiration !== undefined) words.unshift(`expires ${JSON.stringify(Expiration)}`);
  const { NoncurrentDays: oldDays, ...oldOthers } = old ?? {};
  const isPlain = oldDays !== undefined && Object.values(oldOthers).every(value => value === undefined);
  if (isPlain) words.push(`old versions deleted after ${daysOf(oldDays)}`);
  else if (old !== undefined) words.push(`old versions expire ${JSON.stringify(old)}`);
  const rest = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
  if (Object.keys(rest).length > 0) words.push(JSON.stringify(rest));
  return words.join(', ');
}

function daysOf(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}

/** Rewrites a rule with the old bare prefix: S3 rejects it next to a rule with a filter, which means the same. */
function modern({ Prefix, ...rule }: LifecycleRule): LifecycleRule {
  return Prefix === undefined || rule.Filter !== undefined ? rule : { ...rule, Filter: { Prefix } };
}
