/** An anomaly of enwiki, and how an hour compares with what is usual, as gold has them. */
import type { HourExpectation } from '../../src/contracts/storage/hour-expectation.ts';
import type { AnomalyReason, RecordedAnomaly } from '../../src/contracts/storage/recorded-anomaly.ts';

const START = Date.parse('2026-11-20T09:00:00Z') / 1000;

export const REASON: AnomalyReason = {
  kind: 'news_burst',
  sentence: 'Up to 40 accounts changed the same page, most of all “Moon landing”: probably news.',
};

/** @param change of which `from` moves the other times; without a reason when that is undefined */
export function anomalyOf(
  change: Partial<Omit<RecordedAnomaly, 'reason'>> & { readonly reason?: AnomalyReason | undefined } = {},
): RecordedAnomaly {
  const { from = START, reason, ...others } = { reason: REASON, ...change };
  return {
    id: '0f3c9a5b7d21e846',
    wiki: 'enwiki',
    account: 'human',
    from,
    to: from + 2_700,
    noticedAt: from + 300,
    countedTo: from + 2_700,
    edits: 1_890,
    expected: 301.52,
    peak: { from, to: from + 300, edits: 412, expected: 33.46 },
    lookedAt: from + 3_600,
    ...(reason !== undefined && { reason }),
    ...others,
  };
}

/** All together are as usual, and dewiki is quiet. */
export function expectationOf(hour: string, change: Partial<HourExpectation> = {}): HourExpectation {
  return {
    hour,
    judgedAt: Date.parse(`${hour}:00:00Z`) / 1000 + 4_200,
    all: { kind: 'as_usual', edits: 3_120, expected: 3_004.5, factor: 3_120 / 3_004.5 },
    wikis: 9,
    quiet: [{ wiki: 'dewiki', edits: 3, expected: 812.412, factor: 3 / 812.412 }],
    ...change,
  };
}
