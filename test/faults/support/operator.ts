/** What an operator sees while a fault lasts: in the Web UI, which shows what Temporal knows, and in the API. */
import { defaultPayloadConverter } from '@temporalio/common';
import { expect } from 'vitest';
import { buildApp } from '../../../src/api/app.ts';
import { INGEST_ID } from '../../../src/recentchange/definition.ts';
import type { TroubleKind } from '../../../src/contracts/temporal/trouble.ts';
import { readerOf } from '../../../src/temporal/pipeline-reader.ts';
import { untilHolds } from '../../support/until.ts';
import type { Patience } from '../../support/until.ts';
import type { Pipeline } from './pipeline.ts';

/** More than the pauses of every retry add up to on a busy machine. */
const WITHIN = { withinMs: 180_000, everyMs: 1_000 };

/** Waits until ingest is shown as troubled, and why, everywhere that somebody may look. */
export async function untilTroubleShows(
  pipeline: Pipeline,
  kind: TroubleKind,
  patience: Patience = WITHIN,
): Promise<void> {
  const trouble = expect.objectContaining({
    kind,
    what: expect.stringMatching(/./),
    since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    tries: expect.any(Number),
    nextTry: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  await untilHolds(async () => {
    const { searchAttributes, raw } = await pipeline.ingest().describe();
    expect(searchAttributes['WikigaugeStage']).toEqual(['troubled']);
    const reading = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'streamParts');
    const [details] = reading?.heartbeatDetails?.payloads ?? [];
    expect(details === undefined ? undefined : defaultPayloadConverter.fromPayload(details)).toMatchObject({
      troubles: expect.arrayContaining([trouble]),
    });
    expect(await askedOfApi(pipeline)).toMatchObject({
      temporal: { reachable: true },
      ingest: { status: 'running', stage: 'troubled', troubles: expect.arrayContaining([trouble]) },
    });
  }, patience);
}

/** Waits until nothing is shown any more: a trouble that stays would be taken for the next one. */
export async function untilTroubleIsOver(pipeline: Pipeline): Promise<void> {
  await untilHolds(async () => {
    const { searchAttributes } = await pipeline.ingest().describe();
    expect(searchAttributes['WikigaugeStage']).toEqual(['streaming']);
    expect(await askedOfApi(pipeline)).toMatchObject({ ingest: { stage: 'streaming', troubles: [] } });
  }, WITHIN);
}

/** Waits until the Web UI shows, at a pending activity of some hour, that it has failed in this way and is tried again. */
export async function untilRetriesShow({ world }: Pipeline, message: RegExp): Promise<void> {
  await untilHolds(async () => {
    const query = "ExecutionStatus = 'Running' AND WorkflowType = 'transformHour'";
    const seen: string[] = [];
    for await (const { workflowId } of world.client.workflow.list({ query })) {
      const { raw } = await world.client.workflow.getHandle(workflowId).describe();
      for (const { attempt, lastFailure } of raw.pendingActivities ?? [])
        if ((attempt ?? 1) > 1) seen.push(lastFailure?.message ?? '');
    }
    expect(seen).toContainEqual(expect.stringMatching(message));
  }, WITHIN);
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
