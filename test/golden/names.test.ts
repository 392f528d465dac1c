/** Names that operators, buckets and servers know: ids, queues, keys, failure types, settings. */
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { toFailure } from '../../src/activities/failure.ts';
import {
  createBackfillActivities,
  createIngestActivities,
  createTransformActivities,
} from '../../src/activities/index.ts';
import { removeCompaction, scheduleCompaction, scheduleEnsureIngest } from '../../src/temporal/schedules.ts';
import { declarations } from '../../src/config/declarations.ts';
import * as objectKeys from '../../src/contracts/storage/object-keys.ts';
import * as temporalNames from '../../src/contracts/temporal/names.ts';
import { ERROR_CODES } from '../../src/contracts/error-codes.ts';
import { PipelineError } from '../../src/contracts/errors.ts';
import type { ErrorCode } from '../../src/contracts/errors.ts';
import { countHour } from '../../src/temporal/count-hour.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { RetryLater, refused } from '../../src/source/source-failure.ts';
import { ownRules } from '../../src/bronze/lifecycle.ts';
import { noticeSender } from '../../src/temporal/notices.ts';
import { ensureSearchAttributes } from '../../src/temporal/search-attributes.ts';
import { asJson, golden } from './golden.ts';
import { LOG_KEYS } from '../support/stream.ts';

const HOUR = '2026-11-20T10';
const FLUSH = { sequence: 7, attempt: 'abc' };

test('keys of S3, workflow ids and task queues', () => {
  const names = {
    prefixes: {
      bronze: objectKeys.BRONZE,
      deadLetters: objectKeys.DEAD_LETTERS,
      gold: objectKeys.GOLD,
      log: LOG_KEYS.prefix,
      coverage: objectKeys.COVERAGE_PREFIX,
      goldHours: objectKeys.GOLD_HOURS,
      goldDays: objectKeys.GOLD_DAYS,
      goldSources: objectKeys.GOLD_SOURCES,
      goldGaps: objectKeys.GOLD_GAPS,
      goldCoverage: objectKeys.GOLD_COVERAGE,
      goldRecords: objectKeys.GOLD_RECORDS,
      goldAnomalies: objectKeys.GOLD_ANOMALIES,
      goldExpectations: objectKeys.GOLD_EXPECTATIONS,
      hour: objectKeys.hourPrefix(HOUR),
      replay: objectKeys.replayPrefix(HOUR, FLUSH),
      deadLettersOfADay: objectKeys.deadLetterPrefix(HOUR),
      goldHour: objectKeys.goldHourPrefix(HOUR),
      goldHoursOfADay: objectKeys.goldHoursPrefix(HOUR),
      streamNames: objectKeys.STREAM_NAME_PREFIX,
    },
    keys: {
      logRecord: LOG_KEYS.keyOf(7),
      streamPart: objectKeys.streamPartKey(HOUR, 7, 'abc'),
      replayPart: objectKeys.replayPartKey(HOUR, FLUSH, '0123456789abcdef'),
      backfillStreamPart: objectKeys.backfillPartKey(HOUR, {
        source: 'stream',
        window: '0000-6000-0123456789ab',
      }),
      backfillApiPart: objectKeys.backfillPartKey(HOUR, {
        source: 'api',
        wiki: 'enwiki',
        window: '0000-0312_1234567',
      }),
      backfillDumpPart: objectKeys.backfillPartKey(HOUR, {
        source: 'dump',
        wiki: 'enwiki',
        window: objectKeys.windowOf(HOUR, Date.parse(`${HOUR}:05:30Z`), Date.parse('2026-11-21T00:00:00Z')),
      }),
      deadLetters: objectKeys.deadLetterKey(Date.parse(`${HOUR}:05:00Z`), 7, 'abc'),
      coverage: objectKeys.coverageKey('api-2026-11-20T10:00:00.000Z-2026-11-20T11:00:00.000Z-all'),
      goldHour: objectKeys.goldHourKey(HOUR),
      goldDay: objectKeys.goldDayKey('2026-11-20'),
      goldRecords: objectKeys.goldRecordsKey(HOUR),
      goldAnomalies: objectKeys.goldAnomaliesKey(HOUR.slice(0, 10)),
      goldExpectations: objectKeys.goldExpectationsKey(HOUR.slice(0, 10)),
    },
    workflowIds: {
      ingest: INGEST_ID,
      transformHour: temporalNames.transformHourId(HOUR),
      compactDay: temporalNames.compactDayId('2026-11-20'),
      compactDays: temporalNames.COMPACT_DAYS_ID,
      ensureIngest: temporalNames.ENSURE_INGEST_ID,
      detectAnomalies: temporalNames.DETECT_ANOMALIES_ID,
    },
    taskQueues: {
      workflows: temporalNames.TASK_QUEUE,
      ingest: temporalNames.ingestQueue(temporalNames.TASK_QUEUE),
      transform: temporalNames.transformQueue(temporalNames.TASK_QUEUE),
      stream: temporalNames.backfillQueue(temporalNames.TASK_QUEUE, 'stream'),
      api: temporalNames.backfillQueue(temporalNames.TASK_QUEUE, 'api'),
      dump: temporalNames.backfillQueue(temporalNames.TASK_QUEUE, 'dump'),
    },
    lifecycleRules: ownRules({ bronzeDays: 7, goldDays: 30 }),
  };
  expect(asJson(names)).toEqual(golden('names', names));
  const { keys } = names;
  const readBack = [
    LOG_KEYS.sequenceOf(keys.logRecord),
    objectKeys.flushOfKey(keys.streamPart),
    ...Object.values(keys).map(key => ({
      hour: objectKeys.hourOfPartKey(key),
      source: objectKeys.backfillSourceOf(key),
      wiki: objectKeys.backfillWikiOf(key),
      isReplay: objectKeys.isReplayPart(key),
      goldHour: objectKeys.hourOfGoldKey(key),
      goldDay: objectKeys.dayOfGoldKey(key),
    })),
  ];
  expect(asJson(readBack)).toEqual(golden('names-read-back', readBack));
});

function failureOf(error: PipelineError): object {
  const failure = toFailure(error);
  if (!(failure instanceof ApplicationFailure)) throw new Error('it is a failure of the application');
  const { type, nonRetryable, details, nextRetryDelay } = failure;
  return { type, nonRetryable, details, nextRetryDelay };
}

test('failure types of all error codes', () => {
  const ofCodes = Object.keys(ERROR_CODES).map(code => {
    const retryable = code !== 'source_refused';
    const fields = { code: code as ErrorCode, op: 'read part', subject: 'a key', retryable };
    return [code, failureOf(new PipelineError('message', fields))];
  });
  const failures = {
    ...Object.fromEntries(ofCodes),
    refusedForNow: failureOf(refused('blocked', 'url', '', true)),
    later: failureOf(new RetryLater('later', 'url', 5_000)),
  };
  expect(asJson(failures)).toEqual(golden('failures', failures));
});

test('activities', () => {
  const activities = {
    ingest: Object.keys(createIngestActivities({} as Parameters<typeof createIngestActivities>[0])),
    transform: Object.keys(createTransformActivities({} as Parameters<typeof createTransformActivities>[0])),
    backfill: Object.entries(
      createBackfillActivities({} as Parameters<typeof createBackfillActivities>[0]),
    ).map(([source, ofSource]) => [source, Object.keys(ofSource)]),
  };
  expect(asJson(activities)).toEqual(golden('activities', activities));
});

test('settings and what they are by default', () => {
  const settings = Object.fromEntries(
    Object.entries(declarations).map(([name, setting]) => [
      name,
      'fallback' in setting ? setting.fallback : null,
    ]),
  );
  expect(asJson(settings)).toEqual(golden('settings', settings));
});

/** A client that keeps what it is asked to do. */
function recordingClient() {
  const asked: unknown[] = [];
  const handle = {
    signal: async (signal: { name: string }, ...args: unknown[]) => {
      asked.push({ signal: signal.name, args });
    },
    delete: async () => {
      asked.push('deleted');
    },
    describe: async () => ({ status: { name: 'RUNNING' } }),
  };
  const client = {
    options: { namespace: 'default' },
    withDeadline: async (_: number, work: () => Promise<unknown>) => work(),
    workflow: {
      start: async (workflowType: string, options: object) => {
        asked.push({ start: workflowType, options });
      },
      getHandle: (workflowId: string) => {
        asked.push({ handleOf: workflowId });
        return handle;
      },
    },
    schedule: {
      create: async (options: object) => {
        asked.push({ schedule: options });
      },
      getHandle: (scheduleId: string) => {
        asked.push({ handleOf: scheduleId });
        return handle;
      },
    },
    connection: {
      operatorService: {
        listSearchAttributes: async () => ({ customAttributes: {} }),
        addSearchAttributes: async (request: object) => {
          asked.push({ addSearchAttributes: request });
        },
      },
    },
  };
  return { asked, client: client as unknown as Client };
}

test('what is asked of a Temporal server', async () => {
  const { asked, client } = recordingClient();
  await ensureSearchAttributes(client);
  await scheduleCompaction(client);
  await removeCompaction(client);
  await scheduleEnsureIngest(client);
  await startIngest(client, INGEST_ID, { since: '2026-11-20T10:00:00Z', wikis: ['enwiki'] });
  await noticeSender(client)('ingest-recentchange', {
    sequence: 2,
    after: 0,
    parts: [],
    isLast: true,
    deadLetters: 0,
  });
  await countHour(HOUR, ['a key'], {
    client,
    gold: { unapplied: async () => [] },
    left: new AbortController().signal,
  });
  const seen = asJson(asked, ['staticSummary']);
  expect(seen).toEqual(golden('temporal-requests', seen));
});
