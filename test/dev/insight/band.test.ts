/** The band of usual counts contains what it says, for people of simulated wikis of all sizes. */
import { expect, test } from 'vitest';
import { SLOT, countsOf } from '../../../dev/insight/counts.ts';
import { modelsOf } from '../../../dev/insight/wikis.ts';
import { expectationOf } from '../../../src/core/usual/expectation.ts';
import { PastHours } from '../../../src/core/usual/past-hours.ts';
import { Usual } from '../../../src/core/usual/usual.ts';

const HOUR = 3_600;
const WEEK = 168 * HOUR;
const BEGIN = Date.UTC(2026, 5, 1) / 1000;
const FROM = BEGIN + 9 * WEEK;
const TO = FROM + WEEK;

test('about 99 of 100 hours lie within the band while nothing happens', () => {
  let inside = 0;
  let hours = 0;
  for (const wiki of modelsOf(3, 12)) {
    // History is counted by the hour, and so is the week that is judged.
    const counts = countsOf(3, wiki, 'human', [], { begin: BEGIN, from: TO, to: TO });
    const valueAt = (start: number): number => counts[(start - BEGIN) / SLOT] ?? 0;
    const starts = Array.from({ length: (TO - BEGIN) / HOUR }, (_, index) => BEGIN + index * HOUR);
    const past = new PastHours(starts.map(start => ({ start, value: valueAt(start), knownMinutes: 60 })));
    const usual = new Usual(past);
    for (const start of starts.filter(each => each >= FROM)) {
      const expected = expectationOf(usual, { from: start, to: start + HOUR });
      if (expected.kind !== 'expected') continue;
      hours += 1;
      if (valueAt(start) >= expected.low && valueAt(start) <= expected.high) inside += 1;
    }
  }
  expect(hours).toBe(12 * 168);
  expect(inside / hours).toBeGreaterThan(0.97);
});
