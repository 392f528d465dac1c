/** What lasts, since when and how often it was tried; and how little of it is logged and reported. */
import { beforeEach, describe, expect, test } from 'vitest';
import { PipelineError } from '../../src/contracts/errors.ts';
import type { ErrorCode } from '../../src/contracts/errors.ts';
import type { Trouble } from '../../src/contracts/temporal/trouble.ts';
import { TroubleReports } from '../../src/ingest/trouble-reports.ts';
import { READING, Troubles } from '../../src/ingest/troubles.ts';

const START_MS = Date.parse('2026-11-20T10:00:00Z');
const STREAM_AWAY: Trouble = {
  kind: 'stream',
  what: 'answered 403',
  since: '2026-11-20T09:30:00.000Z',
  tries: 31,
  nextTry: '2026-11-20T10:00:30.000Z',
};

let nowMs: number;
let logged: { level: string; message: string; details: Record<string, unknown> | undefined }[];
beforeEach(() => {
  nowMs = START_MS;
  logged = [];
});

function open(earlier: readonly Trouble[] = []): Troubles {
  const into = (level: string) => (message: string, details?: Record<string, unknown>) =>
    void logged.push({ level, message, details });
  return new Troubles({ info: into('info'), warn: into('warn') }, earlier, () => nowMs);
}

function failure(
  code: ErrorCode = 'storage_unavailable',
  message = 'S3 does not answer',
  hint = '',
): PipelineError {
  return new PipelineError(message, { code, op: 'put', subject: 'x', retryable: true, hint });
}

const levels = (): string[] => logged.map(({ level }) => level);

describe('troubles', () => {
  test('say what fails, since when, how often it was tried, and when it is tried next', () => {
    const troubles = open();
    const call = {};
    troubles.failed(
      failure('storage_unavailable', 'S3 does not answer', 'Check AWS_ENDPOINT_URL.'),
      200,
      call,
    );
    nowMs += 5_000;
    troubles.failed(
      failure('storage_unavailable', 'S3 answers 503', 'Check AWS_ENDPOINT_URL.'),
      10_000,
      call,
    );
    expect(troubles.list).toEqual([
      {
        kind: 'storage',
        what: 'S3 answers 503. Check AWS_ENDPOINT_URL.',
        since: '2026-11-20T10:00:00.000Z',
        tries: 2,
        nextTry: '2026-11-20T10:00:15.000Z',
      },
    ]);
  });

  test('keep what to do, however long the failure is', () => {
    const troubles = open();
    const hint = 'Set USER_AGENT to a name with a contact.';
    troubles.failed(failure('source_refused', `answered 403: ${'x'.repeat(400)}. ${hint}`, hint), 1, {});
    const [{ what } = { what: '' }] = troubles.list;
    expect(what).toMatch(/^answered 403: x+… Set USER_AGENT to a name with a contact\.$/);
    expect(what.length).toBeLessThan(310);
  });

  test('begin with the try that failed, so that a silence that ends after a while has lasted since its begin', () => {
    const troubles = open();
    const call = {};
    troubles.failed(failure(), 200, call, 8_000);
    troubles.failed(failure(), 200, call, 30_000);
    expect(troubles.list).toMatchObject([{ since: '2026-11-20T09:59:52.000Z', tries: 2 }]);
  });

  test.each<[ErrorCode, string]>([
    ['source_refused', 'stream'],
    ['source_unreachable', 'stream'],
    ['temporal_unavailable', 'temporal'],
    ['postgres_unavailable', 'gold'],
    ['storage_unavailable', 'storage'],
  ])('of %s belong to the cause %s', (code, kind) => {
    const troubles = open();
    troubles.failed(failure(code), 1, {});
    expect(troubles.list).toMatchObject([{ kind }]);
  });

  test('are listed by cause, oldest first', () => {
    const troubles = open();
    troubles.failed(failure('temporal_unavailable'), 1, {});
    nowMs += 1;
    troubles.failed(failure(), 1, {});
    expect(troubles.list.map(({ kind }) => kind)).toEqual(['temporal', 'storage']);
  });

  test('last until every call that failed has ended', () => {
    const troubles = open();
    const calls = [{}, {}] as const;
    for (const call of calls) troubles.failed(failure(), 1, call);
    troubles.ended(calls[0]);
    expect(troubles.list).toMatchObject([{ tries: 2 }]);
    troubles.ended(calls[1]);
    expect(troubles.list).toEqual([]);
    troubles.failed(failure(), 1, calls[0]);
    expect(troubles.list).toMatchObject([{ tries: 1 }]);
  });

  test('of the stream go on in the next attempt until something is read', () => {
    const troubles = open([STREAM_AWAY, { ...STREAM_AWAY, kind: 'storage' }]);
    expect(troubles.list).toEqual([STREAM_AWAY]);
    troubles.failed(failure('source_refused', 'answered 403 again'), 60_000, READING);
    expect(troubles.list).toMatchObject([
      { since: STREAM_AWAY.since, tries: 32, what: 'answered 403 again' },
    ]);
    troubles.ended(READING);
    expect(troubles.list).toEqual([]);
  });

  test('are logged when they begin, once a minute, and when they are over, by cause', () => {
    const troubles = open();
    const [storing, reading] = [{}, {}];
    for (let second = 0; second < 130; second += 1) {
      troubles.failed(failure(), 1_000, storing);
      if (second === 70) troubles.failed(failure('source_unreachable', 'the stream is away'), 1_000, reading);
      nowMs += 1_000;
    }
    troubles.ended(storing);
    expect(levels()).toEqual(['warn', 'warn', 'warn', 'warn', 'info']);
    expect(logged.map(({ details }) => [details?.['kind'], details?.['tries']])).toEqual([
      ['storage', 1],
      ['storage', 61],
      ['stream', 1],
      ['storage', 121],
      ['storage', 130],
    ]);
  });
});

describe('reports to the workflow', () => {
  let sent: (readonly Trouble[])[];
  let isAway: boolean;
  let uptimeMs: number;
  beforeEach(() => {
    sent = [];
    isAway = false;
    uptimeMs = 0;
  });

  const reportsOf = (earlier: readonly Trouble[] = []): TroubleReports =>
    new TroubleReports(async troubles => {
      sent.push(troubles);
      if (isAway) throw failure('temporal_unavailable');
    }, earlier);
  const trouble = (kind: Trouble['kind'] = 'storage'): Trouble => ({
    ...STREAM_AWAY,
    kind,
    since: new Date(nowMs).toISOString(),
  });
  /** Looks every second, as a run does. */
  async function look(reports: TroubleReports, troubles: readonly Trouble[], seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      reports.look(troubles, nowMs, uptimeMs);
      await Promise.resolve();
      nowMs += 1_000;
      uptimeMs += 1_000;
    }
  }

  test('leave out what lasts for a moment', async () => {
    const reports = reportsOf();
    await look(reports, [trouble()], 5);
    await look(reports, [], 60);
    expect(sent).toEqual([]);
  });

  test('say when a trouble lasts and when it is over, and little in between', async () => {
    const reports = reportsOf();
    const lasting = [trouble()];
    await look(reports, lasting, 290);
    expect(sent).toEqual([lasting]);
    await look(reports, lasting, 300);
    expect(sent).toEqual([lasting, lasting]);
    await look(reports, [], 60);
    expect(sent.slice(2)).toEqual([[]]);
  });

  test('name a second cause while the first one lasts', async () => {
    const reports = reportsOf();
    const first = trouble();
    await look(reports, [first], 20);
    const both = [first, trouble('stream')];
    await look(reports, both, 20);
    expect(sent).toEqual([[first], both]);
  });

  test('come at most every ten seconds, however often troubles come and go', async () => {
    const reports = reportsOf();
    for (let round = 0; round < 10; round += 1) {
      await look(reports, [trouble()], 6);
      await look(reports, [], 1);
    }
    expect(sent.length).toBeLessThanOrEqual(7);
  });

  test('are repeated when Temporal was away', async () => {
    const reports = reportsOf();
    isAway = true;
    const lasting = [trouble()];
    await look(reports, lasting, 30);
    expect(sent.length).toBeGreaterThanOrEqual(2);
    isAway = false;
    await look(reports, lasting, 20);
    const before = sent.length;
    await look(reports, lasting, 60);
    expect(sent).toHaveLength(before);
  });

  test('end what an earlier attempt reported', async () => {
    const reports = reportsOf([STREAM_AWAY]);
    await look(reports, [STREAM_AWAY], 3);
    await look(reports, [], 20);
    expect(sent.at(-1)).toEqual([]);
  });
});
