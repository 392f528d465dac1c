/** Every schema that has a name. */
import { AnomalyPeak, AnomalyReason, Anomaly, Anomalies } from './anomalies.ts';
import { BackfillWindow, BackfillProgress, RunningBackfill } from './backfill-progress.ts';
import {
  BackfillRun,
  BackfillRuns,
  BackfillInput,
  StartedBackfill,
  ControlledBackfill,
} from './backfill-runs.ts';
import { Backfill } from './backfills.ts';
import { CoverageSegment, CoverageOfWiki, QuietHour } from './coverage.ts';
import { Minute } from './edits.ts';
import { ExpectedBand, ExpectedWiki, Expectation } from './expectation.ts';
import {
  ExplainedPage,
  ExplainedAccount,
  NewcomerCounts,
  NamedCount,
  BusierWiki,
  ExplainedCause,
  Explanation,
} from './explain.ts';
import { FeedAuthor, FeedItem, JsonFeed } from './feeds.ts';
import { GapBackfill, Gap } from './gaps.ts';
import { Healthy, Unhealthy } from './health.ts';
import {
  CountedPart,
  AddedPart,
  GoldRows,
  RebuiltRows,
  UnknownField,
  ReadRange,
  BackfilledRange,
  LostRange,
  OffsetRange,
  Correction,
  HourCertificate,
} from './hour-certificate.ts';
import { HourExpectation, QuietWiki } from './hour-expectation.ts';
import { PartRead, HourCounts, AuditedHour, AuditedHours } from './hours.ts';
import {
  Trouble,
  TemporalState,
  IngestState,
  LastCommit,
  FailingHour,
  PipelineLinks,
  Pipeline,
} from './pipeline.ts';
import { WrongParameter, Problem } from './problem.ts';
import { WikiSeries, Series } from './series.ts';
import { Source, UnreadableObject, UnreadableObjects, Status } from './status.ts';
import { WikiNames, WikiLanguage, Wiki } from './wiki-list.ts';

export const NAMED_SCHEMAS = [
  AddedPart,
  Anomalies,
  Anomaly,
  AnomalyPeak,
  AnomalyReason,
  AuditedHour,
  AuditedHours,
  Backfill,
  BackfillInput,
  BackfillProgress,
  BackfillRun,
  BackfillRuns,
  BackfillWindow,
  BackfilledRange,
  BusierWiki,
  ControlledBackfill,
  Correction,
  CountedPart,
  CoverageOfWiki,
  CoverageSegment,
  Expectation,
  ExpectedBand,
  ExpectedWiki,
  ExplainedAccount,
  ExplainedCause,
  ExplainedPage,
  Explanation,
  FailingHour,
  FeedAuthor,
  FeedItem,
  Gap,
  GapBackfill,
  GoldRows,
  Healthy,
  HourCertificate,
  HourCounts,
  HourExpectation,
  IngestState,
  JsonFeed,
  LastCommit,
  LostRange,
  Minute,
  NamedCount,
  NewcomerCounts,
  OffsetRange,
  PartRead,
  Pipeline,
  PipelineLinks,
  Problem,
  QuietHour,
  QuietWiki,
  ReadRange,
  RebuiltRows,
  RunningBackfill,
  Series,
  Source,
  StartedBackfill,
  Status,
  TemporalState,
  Trouble,
  Unhealthy,
  UnknownField,
  UnreadableObject,
  UnreadableObjects,
  Wiki,
  WikiLanguage,
  WikiNames,
  WikiSeries,
  WrongParameter,
];
