/** What Temporal says of the pipeline, as the API answers it. */
import { isoMs } from '../core/time.ts';
import type { IngestReading, PipelineReading } from '../temporal/pipeline-reader.ts';
import { countIn, instantIn, textIn, textsIn } from './answer-fields.ts';
import { runningBackfill } from './running-backfill.ts';
import type { Pipeline } from './schemas/pipeline.ts';

/** @param uiUrl of the Web UI of Temporal, if it is known */
export function pipelineAnswer(
  reading: PipelineReading,
  nowMs: number,
  ingestId: string,
  uiUrl: string | undefined,
): Pipeline {
  const at = { now: isoMs(nowMs) };
  if (reading.kind === 'away') {
    const { what, sinceMs } = reading;
    return { ...at, temporal: { reachable: false, problem: what, since: isoMs(sinceMs) }, links: {} };
  }
  const links = linksOf(reading.namespace, ingestId, uiUrl);
  const temporal = { reachable: true };
  const backfills = reading.backfills && { backfills: reading.backfills.map(runningBackfill) };
  if (reading.kind === 'never_started') {
    const ingest = { workflowId: ingestId, status: 'never_started', troubles: [], isAnswering: false };
    return { ...at, temporal, ingest, ...backfills, links };
  }
  return { ...at, temporal, ...stateOf(reading.ingest, nowMs), ...backfills, links };
}

/** What a run says of itself, read with care: its worker may be of another version. */
function stateOf(run: IngestReading, nowMs: number): Omit<Pipeline, 'now' | 'temporal' | 'links'> {
  const { progress = {}, heartbeat = {}, attempt, stage, failure, attemptStartedMs } = run;
  const newest = instantIn(heartbeat, 'newest');
  const watermark = instantIn(progress, 'watermark');
  const sequence = Math.max(countIn(progress, 'acknowledged') ?? 0, countIn(heartbeat, 'acknowledged') ?? 0);
  const buffered = countIn(heartbeat, 'buffered');
  const deadLetters = countIn(progress, 'deadLetters');
  const openHours = textsIn(progress, 'openHours');
  const failedHours = textsIn(progress, 'failedHours');
  const waitingFor = run.status === 'running' ? textIn(progress, 'waitingFor') : undefined;
  const committedTo = newest ?? watermark;
  const events = countIn(heartbeat, 'events');
  const seconds = attemptStartedMs === undefined ? 0 : (nowMs - attemptStartedMs) / 1000;
  return {
    ingest: {
      workflowId: run.workflowId,
      status: run.status,
      ...(stage !== undefined && { stage }),
      ...(waitingFor !== undefined && { waitingFor }),
      ...(attempt !== undefined && { attempt }),
      ...(failure !== undefined && { failure }),
      troubles: run.troubles.map(({ kind, what, since, tries, nextTry }) => ({
        kind,
        what,
        since,
        tries,
        nextTry,
      })),
      isAnswering: run.progress !== undefined,
    },
    ...(committedTo !== undefined && { lagSec: Math.max(0, (nowMs - Date.parse(committedTo)) / 1000) }),
    ...(events !== undefined &&
      seconds > 0 && { eventsPerSec: Math.round((10 * (events + (buffered ?? 0))) / seconds) / 10 }),
    ...(buffered !== undefined && { buffered }),
    ...(sequence > 0 && { lastCommit: { sequence, ...(newest !== undefined && { newest }) } }),
    ...(watermark !== undefined && { watermark }),
    ...(openHours !== undefined && { openHours }),
    ...(failedHours !== undefined && { failedHours }),
    ...(run.failingHours.length > 0 && {
      failingHours: run.failingHours.map(({ hour, parts, attempt, failure }) => ({
        hour,
        parts,
        attempt,
        failure,
      })),
    }),
    ...(deadLetters !== undefined && { deadLetters }),
  };
}

function linksOf(namespace: string, ingestId: string, uiUrl: string | undefined): Pipeline['links'] {
  if (uiUrl === undefined) return {};
  const workflows = `${uiUrl.replace(/\/$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows`;
  return { workflows, ingest: `${workflows}/${encodeURIComponent(ingestId)}` };
}
