/**
 * What viewers of the newest minutes hear beside them, so that an open page has nothing to poll: whether the pipeline is
 * well, and a name for everything else in gold that a page shows, which is another one as soon as that changes.
 */
import { createHash } from 'node:crypto';
import { MAX_MINUTES } from '../contracts/limits.ts';
import type { GoldReader } from '../gold/gold-store.ts';
import type { ReadPipeline } from '../temporal/pipeline-reader.ts';
import { pipelineAnswer } from './pipeline-answer.ts';
import type { Pipeline } from './schemas/pipeline.ts';

export interface LiveNewsDeps {
  readonly gold: Pick<GoldReader, 'gaps' | 'coverage' | 'sources' | 'keptFrom'>;
  readonly pipeline: ReadPipeline;
  /** Workflow id of ingest. */
  readonly ingestId: string;
}

/** As the data of an event. While nothing has happened, it is the same text. @throws what gold throws */
export async function readLiveNews(
  { gold, pipeline, ingestId }: LiveNewsDeps,
  nowMs: number,
): Promise<string> {
  const [reading, version] = await Promise.all([pipeline(), versionOf(gold, nowMs)]);
  const { temporal, ingest, failingHours } = pipelineAnswer(reading, nowMs, ingestId, undefined);
  return JSON.stringify({
    temporal,
    ...(ingest !== undefined && { ingest: steady(ingest) }),
    ...(failingHours !== undefined && {
      failingHours: failingHours.map(({ hour, failure }) => ({ hour, failure })),
    }),
    version,
  });
}

/** Without what changes with each try, or with each question. */
function steady({ status, stage, failure, isAnswering, troubles }: NonNullable<Pipeline['ingest']>) {
  return {
    status,
    ...(stage !== undefined && { stage }),
    ...(failure !== undefined && { failure }),
    isAnswering,
    troubles: troubles.map(({ kind, what, since }) => ({ kind, what, since })),
  };
}

/** Of gaps, backfilled ranges and sources: events of the minutes do not tell of them. */
async function versionOf(gold: LiveNewsDeps['gold'], nowMs: number): Promise<string> {
  const from = Math.floor(nowMs / 1000) - MAX_MINUTES * 60;
  const [gaps, backfilled, sources, keptFrom = 0] = await Promise.all([
    gold.gaps(from),
    gold.coverage(from),
    gold.sources(),
    gold.keptFrom(),
  ]);
  // Where rows are dropped as time passes, ranges begin later with each look. That is no news.
  const isCut = (start: string): boolean => Date.parse(start) <= (keptFrom + 60) * 1000;
  const coverage = backfilled.map(range => ({ ...range, from: isCut(range.from) ? '' : range.from }));
  return createHash('sha256')
    .update(JSON.stringify([gaps, coverage, sources]))
    .digest('hex')
    .slice(0, 16);
}
