import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../../dev/simulator/duration.ts';
import { describeFaults, FAULTS_EXAMPLE, parseFaults } from '../../../dev/simulator/fault-plan.ts';

describe('a fault specification', () => {
  it('parses the example', () => {
    expect(parseFaults(FAULTS_EXAMPLE)).toEqual({
      kind: 'plan',
      plan: {
        cut: { everyMs: 20_000, lastsMs: 0 },
        rst: { everyMs: 60_000, lastsMs: 0 },
        silence: { everyMs: 300_000, lastsMs: 0 },
        unavailable: { everyMs: 120_000, lastsMs: 10_000 },
        garbage: 0.001,
        duplicate: 0.01,
        redelivery: { everyMs: 60_000, lastsMs: 0 },
      },
    });
  });

  it.each(['', ' ', 'none'])('has no faults when it is %j', text => {
    expect(parseFaults(text)).toEqual({ kind: 'plan', plan: {} });
  });

  it('survives a round trip through its description', () => {
    const parsed = parseFaults(FAULTS_EXAMPLE);
    const plan = parsed.kind === 'plan' ? parsed.plan : {};
    const text = Object.entries(describeFaults(plan))
      .map(([fault, value]) => `${fault}=${value}`)
      .join(',');
    expect(parseFaults(text)).toEqual({ kind: 'plan', plan });
  });

  it.each([
    ['cut', 'cut=20s'],
    ['cut=20', 'cut=20s'],
    ['cut=0s', 'cut=20s'],
    ['cut=1m/5s', 'cut=20s'],
    ['slow=1m/5', 'slow=2m/10s'],
    ['unavailable=1m/5s/6s', 'unavailable=2m/10s'],
    ['garbage=0', 'garbage=0.01'],
    ['garbage=1.5', 'garbage=0.01'],
    ['garbage=', 'garbage=0.01'],
    ['garbage=5s', 'garbage=0.01'],
    [
      'flood=1',
      'unavailable, ratelimit, forbidden, maxlag, apiratelimit, readonly, apierror, garbage, duplicate',
    ],
  ])('%s is invalid, and the problem shows a valid form', (text, right) => {
    const parsed = parseFaults(text);
    expect(parsed.kind === 'wrong' && parsed.problems).toEqual([expect.stringContaining(right)]);
  });
});

describe('a duration', () => {
  it('is parsed and formatted', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), ms => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
    expect(['500ms', '1.5s', '15m', '2h', '7d'].map(parseDuration)).toEqual([
      500, 1500, 900_000, 7_200_000, 604_800_000,
    ]);
    expect(['', '5', 's', '-1s', '0s', '5 weeks', '1e3s'].map(parseDuration)).toEqual(
      Array.from({ length: 7 }),
    );
  });
});
