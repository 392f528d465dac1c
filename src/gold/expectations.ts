/** Rules about the expectations of hours that both stores share. */
import type { HourExpectation } from '../contracts/storage/hour-expectation.ts';
import { latestOfEach } from '../core/latest-of-each.ts';

/** What is known after a recording: what was said of each hour last, ascending. */
export function mergedExpectations(
  before: readonly HourExpectation[],
  recorded: readonly HourExpectation[],
): HourExpectation[] {
  return latestOfEach(
    before,
    recorded,
    ({ hour }) => hour,
    ({ judgedAt }) => judgedAt,
  ).sort((a, b) => (a.hour < b.hour ? -1 : 1));
}
