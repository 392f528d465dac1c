/** What an operator sees while a fault lasts: in the Web UI, which shows what Temporal knows, and in the API. */
import { defaultPayloadConverter } from '@temporalio/common';
import { expect } from 'vitest';
import { buildApp } from '../../../src/api/app.ts';
import { INGEST_ID } from '../../../src/recentchange/definition.ts';
import { readTroubles } from '../../../src/contracts/temporal/trouble.ts';
import type { TroubleKind } from '../../../src/contracts/temporal/trouble.ts';
import { isObject } from '../../../src/core/json.ts';
import { readerOf } from '../../../src/temporal/pipeline-reader.ts';
import { untilHolds } from '../../support/until.ts';
import type { Pipeline } from './pipeline.ts';

/** More than the pauses of every retry add up to on a busy machine. */
const WITHIN = { withinMs: 180_000, everyMs: 1_000 };

/** Waits until ingest is shown as troubled, and why, everywhere that somebody may look. */
export async function untilTroubleShows(pipeline: Pipeline, kind: TroubleKind): Promise<void> {
  const trouble = expect.objectContaining({
    kind,
    what: expect.stringMatching(/./),
    since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    tries: expect.any(Number),
    nextTry: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  await untilHolds(async () => {
    const { searchAttributes } = await pipeline.ingest().describe();
    expect(searchAttributes['WikigaugeStage']).toEqual(['troubled']);
    expect(await heartbeatOfIngest(pipeline)).toMatchObject({ troubles: expect.arrayContaining([trouble]) });
    expect(await askedOfApi(pipeline)).toMatchObject({
      temporal: { reachable: true },
      ingest: { status: 'running', stage: 'troubled', troubles: expect.arrayContaining([trouble]) },
    });
  }, WITHIN);
}

/** Waits until nothing is shown any more: a trouble that stays would be taken for the next one. */
export async function untilTroubleIsOver(pipeline: Pipeline): Promise<void> {
  await untilHolds(async () => {
    const { searchAttributes } = await pipeline.ingest().describe();
    expect(searchAttributes['WikigaugeStage']).toEqual(['streaming']);
    expect(await askedOfApi(pipeline)).toMatchObject({ ingest: { stage: 'streaming', troubles: [] } });
  }, WITHIN);
}

/**
 * Waits until the Web UI shows this failure where the call that waits is made: at a pending activity of some hour, which
 * is tried again, or in the heartbeat of ingest, which keeps what it has buffered.
 */
export async function untilFailureShows(pipeline: Pipeline, message: RegExp): Promise<void> {
  await untilHolds(async () => {
    const shown = [...(await failuresOfHours(pipeline)), ...(await troublesOfIngest(pipeline))];
    expect(shown).toContainEqual(expect.stringMatching(message));
  }, WITHIN);
}

/** Waits until the API says that the parts of an open hour fail in this way. */
export async function untilFailingHourShows(pipeline: Pipeline, message: RegExp): Promise<void> {
  const failing = expect.objectContaining({ failure: expect.stringMatching(message) });
  await untilHolds(
    async () =>
      expect(await askedOfApi(pipeline)).toMatchObject({ failingHours: expect.arrayContaining([failing]) }),
    WITHIN,
  );
}

async function failuresOfHours({ world }: Pipeline): Promise<string[]> {
  const query = "ExecutionStatus = 'Running' AND WorkflowType = 'transformHour'";
  const failures: string[] = [];
  for await (const { workflowId } of world.client.workflow.list({ query })) {
    const { raw } = await world.client.workflow.getHandle(workflowId).describe();
    for (const { attempt, lastFailure } of raw.pendingActivities ?? [])
      if ((attempt ?? 1) > 1) failures.push(lastFailure?.message ?? '');
  }
  return failures;
}

async function troublesOfIngest(pipeline: Pipeline): Promise<string[]> {
  const heartbeat = await heartbeatOfIngest(pipeline);
  return readTroubles(isObject(heartbeat) ? heartbeat['troubles'] : undefined).map(({ what }) => what);
}

async function heartbeatOfIngest(pipeline: Pipeline): Promise<unknown> {
  const { raw } = await pipeline.ingest().describe();
  const reading = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'streamParts');
  const [details] = reading?.heartbeatDetails?.payloads ?? [];
  return details === undefined ? undefined : defaultPayloadConverter.fromPayload(details);
}

async function askedOfApi({ world }: Pipeline): Promise<unknown> {
  const app = await buildApp({
    gold: world.gold,
    dashboardDir: 'not-built',
    version: '1',
    pipeline: readerOf(() => world.client, INGEST_ID),
  });
  try {
    return (await app.inject('/api/v1/pipeline')).json<unknown>();
  } finally {
    await app.close();
  }
}
