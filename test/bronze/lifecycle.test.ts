/** Lifecycle rules: ours are set, others are kept, and the difference is shown. */
import type { LifecycleRule } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { describeRule, diffOfRules, ownRules, withOwnRules } from '../../src/bronze/lifecycle.ts';

const OURS = ownRules({ bronzeDays: 7, goldDays: 30 });
const FOREIGN: LifecycleRule = {
  ID: 'backups',
  Status: 'Disabled',
  Filter: { And: { Prefix: 'backups/', Tags: [{ Key: 'a', Value: 'b' }] } },
  NoncurrentVersionExpiration: { NoncurrentDays: 3 },
};

test('rules are described in words', () => {
  expect(OURS.map(describeRule)).toEqual([
    'wikigauge-bronze: bronze/ deleted after 7 days, old versions deleted after 1 day',
    'wikigauge-deadletter: deadletter/ deleted after 7 days, old versions deleted after 1 day',
    'wikigauge-gold: gold/ to INTELLIGENT_TIERING after 30 days, old versions deleted after 7 days',
  ]);
  expect(describeRule(FOREIGN)).toBe(
    'backups: {"And":{"Prefix":"backups/","Tags":[{"Key":"a","Value":"b"}]}} ' +
      'old versions deleted after 3 days (disabled)',
  );
  expect(describeRule({ Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } })).toBe(
    '(no id): all objects deleted after 1 day',
  );
});

describe('our rules in a bucket', () => {
  test('are added after other rules, which stay as they are', () => {
    const rules = withOwnRules([FOREIGN], OURS);
    expect(rules).toEqual([FOREIGN, ...OURS]);
    expect(diffOfRules([FOREIGN], rules).map(line => line[0])).toEqual([' ', '+', '+', '+']);
  });

  test('replace their earlier versions', () => {
    const before = withOwnRules([FOREIGN], ownRules({ bronzeDays: 14, goldDays: 30 }));
    const after = withOwnRules(before, OURS);
    expect(after).toEqual([FOREIGN, ...OURS]);
    expect(diffOfRules(before, after).filter(line => !line.startsWith(' '))).toEqual([
      '- wikigauge-bronze: bronze/ deleted after 14 days, old versions deleted after 1 day',
      '- wikigauge-deadletter: deadletter/ deleted after 14 days, old versions deleted after 1 day',
      '- wikigauge-gold: gold/ to INTELLIGENT_TIERING after 30 days, old versions deleted after 14 days',
      '+ wikigauge-bronze: bronze/ deleted after 7 days, old versions deleted after 1 day',
      '+ wikigauge-deadletter: deadletter/ deleted after 7 days, old versions deleted after 1 day',
      '+ wikigauge-gold: gold/ to INTELLIGENT_TIERING after 30 days, old versions deleted after 7 days',
    ]);
  });

  test('change nothing when they are set again', () => {
    const rules = withOwnRules([FOREIGN], OURS);
    expect(diffOfRules(rules, withOwnRules(rules, OURS)).every(line => line.startsWith(' '))).toBe(true);
  });

  test('give an old rule without a filter an equivalent filter', () => {
    const old: LifecycleRule = { ID: 'old', Status: 'Enabled', Prefix: 'tmp/', Expiration: { Days: 2 } };
    const rules = withOwnRules([old], OURS);
    expect(rules[0]).toEqual({
      ID: 'old',
      Status: 'Enabled',
      Filter: { Prefix: 'tmp/' },
      Expiration: { Days: 2 },
    });
    expect(diffOfRules([old], rules)[0]).toBe('  old: tmp/ deleted after 2 days');
  });

  test('delete what has expired in a versioned bucket too, where it stays as an old version', () => {
    const days = OURS.map(({ NoncurrentVersionExpiration: old }) => old?.NoncurrentDays);
    expect(days).toEqual([1, 1, 7]);
  });
});
