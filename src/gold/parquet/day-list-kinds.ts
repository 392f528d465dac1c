/** What gold in S3 keeps by the day. */
import { isHourExpectation } from '../../contracts/storage/hour-expectation.ts';
import type { HourExpectation } from '../../contracts/storage/hour-expectation.ts';
import { GOLD_ANOMALIES, GOLD_EXPECTATIONS } from '../../contracts/storage/object-keys.ts';
import { isRecordedAnomaly } from '../../contracts/storage/recorded-anomaly.ts';
import type { RecordedAnomaly } from '../../contracts/storage/recorded-anomaly.ts';
import { merged } from '../anomalies.ts';
import { mergedExpectations } from '../expectations.ts';
import { hourSeconds } from '../hour-seconds.ts';
import type { DayListKind } from './day-lists.ts';

/** Each is in the list of the day on which it began. */
export const ANOMALY_DAYS: DayListKind<RecordedAnomaly> = {
  prefix: GOLD_ANOMALIES,
  field: 'anomalies',
  name: 'a list of anomalies',
  is: isRecordedAnomaly,
  secondOf: ({ from }) => from,
  merged,
};

export const EXPECTATION_DAYS: DayListKind<HourExpectation> = {
  prefix: GOLD_EXPECTATIONS,
  field: 'hours',
  name: 'a list of expectations',
  is: isHourExpectation,
  secondOf: ({ hour }) => hourSeconds(hour)[0],
  merged: mergedExpectations,
};
