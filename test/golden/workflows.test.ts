/** What workflows hand to Temporal and take from it, by the names that old histories and other processes know. */
import { ApplicationFailure } from '@temporalio/common';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Activities } from '../../src/activities/index.ts';
import type { HourAudit } from '../../src/contracts/temporal/transform.ts';
import type { StepResult } from '../../src/contracts/temporal/backfill.ts';
import type { Gap } from '../../src/core/gaps.ts';
import { backfill } from '../../src/workflows/backfill.ts';
import { compactDay } from '../../src/workflows/compact-day.ts';
import { compactDays } from '../../src/workflows/compact-days.ts';
import * as workflows from '../../src/workflows/index.ts';
import type { Trouble } from '../../src/contracts/temporal/trouble.ts';
import { detectAnomalies } from '../../src/workflows/detect-anomalies.ts';
import { ensureIngest } from '../../src/workflows/ensure-ingest.ts';
import { ingest } from '../../src/workflows/ingest.ts';
import * as messages from '../../src/contracts/temporal/messages.ts';
import type { CommitNotice, PartNotice } from '../../src/contracts/temporal/messages.ts';
import { transformHour } from '../../src/workflows/transform-hour.ts';
import type { HourResult } from '../../src/workflows/transform-hour.ts';
import { transformRange } from '../../src/workflows/transform-range.ts';
import { asJson, golden } from './golden.ts';
import { transcriptOf } from './workflow-runtime.ts';

vi.mock('@temporalio/workflow', async () => import('./workflow-runtime.ts'));

/** Fields whose text is for people. */
const PROSE = ['message', 'reason', 'why', 'waitingFor', 'trouble'];

/** Every field of a type, optional ones too. */
type Whole<T> = { readonly [K in keyof T]-?: T[K] };
type Result<Name extends keyof Activities> = Awaited<ReturnType<Activities[Name]>>;
type Carried<W> = W extends (raw?: unknown, carried?: infer C) => unknown ? NonNullable<C> : never;

const partKey = (hour: string, sequence: number): string =>
  `bronze/yyyy=2026/mm=11/dd=20/hh=${hour}/part-${String(sequence).padStart(12, '0')}-abc.ndjson.gz`;

const GAP = {
  id: 'offsets eqiad.mediawiki.recentchange 2026-11-20T10:01:00.000Z 2026-11-20T10:02:00.000Z',
  cause: 'offsets',
  topic: 'eqiad.mediawiki.recentchange',
  from: '2026-11-20T10:01:00.000Z',
  to: '2026-11-20T10:02:00.000Z',
  missing: 3,
} satisfies Whole<Gap>;

const PART = {
  key: partKey('10', 2),
  hour: '2026-11-20T10',
  events: 9,
  edits: 5,
} satisfies Whole<PartNotice>;

const NOTICE = {
  sequence: 2,
  after: 0,
  parts: [PART],
  unsealed: ['2026-11-20T09'],
  gaps: [GAP],
  isLast: true,
  watermark: '2026-11-20T10:15:00.000Z',
  deadLetters: 1,
} satisfies Whole<CommitNotice>;

const AUDIT = {
  hour: '2026-11-20T10',
  parts: 2,
  events: 18,
  edits: 10,
  distinct: 9,
  duplicates: 1,
  late: 1,
  unusable: 2,
  rows: 7,
  changedRows: 3,
  pendingParts: 1,
  pendingRows: 2,
  gaps: 1,
  isPartial: true,
  covered: ['2026-11-20T10:00:00.000Z', '2026-11-20T11:00:00.000Z'],
  keptBefore: '2026-11-20T10:05:00Z',
  keptParts: 1,
  foreignParts: 2,
} satisfies Whole<HourAudit>;

const APPLIED = {
  applied: true,
  events: 9,
  edits: 5,
  rows: 4,
  unusable: 1,
} satisfies Whole<Result<'transformPart'>>;
const STREAMED = { acknowledged: 2, events: 9, parts: 1 } satisfies Whole<Result<'streamParts'>>;
const DAY = {
  day: '2026-11-20',
  hours: 24,
  rows: 100,
  bytes: 2_000,
  isChanged: true,
} satisfies Whole<Result<'compactDay'>>;
const PLAN = {
  stretches: [
    { source: 'dump', from: '2026-11-20T02:00:00.000Z', to: '2026-11-20T03:00:00.000Z' },
    { source: 'api', from: '2026-11-20T03:00:00.000Z', to: '2026-11-20T04:00:00.000Z' },
    { source: 'stream', from: '2026-11-20T04:00:00.000Z', to: '2026-11-20T05:00:00.000Z' },
  ],
  missing: [
    {
      from: '2026-11-20T01:00:00.000Z',
      to: '2026-11-20T02:00:00.000Z',
      why: 'nobody has it',
      wiki: 'dewiki',
    },
  ],
  sites: [{ wiki: 'enwiki', serverName: 'en.wikipedia.org' }],
  wikis: ['enwiki'],
  why: 'they are cheap',
  snapshot: '2026-10',
  apiKeptMs: 2_592_000_000,
  isIndexed: true,
} satisfies Whole<Result<'planBackfill'>>;
const STEP = {
  at: '2026-11-20T05:00:00.000Z',
  hours: ['2026-11-20T04'],
  rows: 10,
  known: 1,
  unusable: 2,
  bytes: 3_000,
  requests: 1,
} satisfies StepResult;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-21T10:00:30Z') });
  return () => vi.useRealTimers();
});

function broken(type = 'ObjectUnreadable'): never {
  throw ApplicationFailure.nonRetryable('it is damaged', type, { op: 'read part', subject: 'a key' });
}

test('names of types and messages', () => {
  const names = {
    workflowTypes: Object.keys(workflows),
    functions: Object.values(workflows).map(({ name }) => name),
    messages: Object.values(messages),
  };
  expect(asJson(names)).toEqual(golden('workflow-names', names));
});

const ingesting = {
  streamParts: async (_input: never, cancelled: Promise<void>) => {
    await cancelled;
    return STREAMED;
  },
  recordGaps: () => undefined,
};
const TROUBLE: Trouble = {
  kind: 'stream',
  what: 'the stream answered 403',
  since: '2026-11-21T09:55:00.000Z',
  tries: 12,
  nextTry: '2026-11-21T10:01:00.000Z',
};
const INGEST_INPUT = { since: '2026-11-20T09:00:00Z', wikis: ['enwiki'] };

test('ingest: parts, gaps and seals are handed over; paused, resumed, flushed, stopped', async () => {
  const transcript = await transcriptOf(ingest, [INGEST_INPUT], { activities: ingesting }, async run => {
    await run.progress();
    await run.signal('partsCommitted', NOTICE);
    await run.progress();
    await run.signal('troubled', [TROUBLE]);
    await run.progress();
    await run.signal('troubled', []);
    await run.signal('pause');
    await run.progress();
    await run.signal('resume');
    await run.signal('flush');
    await run.signal('stop');
  });
  expect(asJson(transcript, PROSE)).toEqual(golden('ingest', asJson(transcript, PROSE)));
});

test('ingest: continues as a new run', async () => {
  const carried = {
    tally: {
      acknowledged: 2,
      commits: 1,
      parts: 1,
      events: 9,
      edits: 5,
      deadLetters: 1,
      watermark: '2026-11-20T10:15:00.000Z',
      gaps: [GAP],
    } satisfies Whole<Carried<typeof ingest>['tally']>,
    openHours: ['2026-11-20T10'],
    failedHours: ['2026-11-20T08'],
    isPaused: false,
  } satisfies Whole<Carried<typeof ingest>>;
  let isTooLong = false;
  const script = { activities: ingesting, isTooLong: () => isTooLong };
  const transcript = await transcriptOf(ingest, [INGEST_INPUT, carried], script, async run => {
    await run.progress();
    await run.signal('partsCommitted', { ...NOTICE, sequence: 4, after: 2, unsealed: [] });
    isTooLong = true;
  });
  expect(asJson(transcript, PROSE)).toEqual(golden('ingest-continued', asJson(transcript, PROSE)));
});

const transforming = { transformPart: () => APPLIED, rebuildHour: () => AUDIT };
const HOUR_INPUT = { hour: '2026-11-20T10', parts: [PART.key] };

test('transformHour: parts applied, rebuilt after a backfill, sealed', async () => {
  const script = { activities: transforming };
  const transcript = await transcriptOf(transformHour, [HOUR_INPUT], script, async run => {
    await run.signal('addPart', [partKey('10', 4)]);
    await run.signal('addPart', { ...PART, key: partKey('10', 6) });
    await run.progress();
    await run.signal('addPart', 'bronze/yyyy=2026/mm=11/dd=20/hh=10/part-api-enwiki-0000-6000.ndjson.gz');
    await run.signal('seal');
  });
  expect(asJson(transcript, PROSE)).toEqual(golden('transform-hour', asJson(transcript, PROSE)));
  const result = {
    ...AUDIT,
    applied: { parts: 3, repeated: 0, events: 27, edits: 15, unusable: 3 },
    endedBy: 'seal',
  } satisfies Whole<HourResult>;
  expect(transcript.at(-1)).toEqual({ result });
});

test('transformHour: by hand', async () => {
  const transcript = await transcriptOf(transformHour, [{ hour: '2026-11-20T10' }], {
    activities: transforming,
  });
  expect(asJson(transcript, PROSE)).toEqual(golden('transform-hour-by-hand', asJson(transcript, PROSE)));
});

test('transformHour: a part that cannot be read', async () => {
  const script = { activities: { transformPart: () => broken() } };
  const transcript = await transcriptOf(transformHour, [HOUR_INPUT], script, async run => {
    await run.progress();
    await run.signal('seal');
  });
  expect(asJson(transcript, PROSE)).toEqual(golden('transform-hour-failed', asJson(transcript, PROSE)));
});

test('transformHour: continues as a new run', async () => {
  const carried = {
    pending: [2, 4, 6, 8, 10, 12].map(sequence => partKey('10', sequence)),
    isSealed: true,
    isByHand: false,
    totals: {
      parts: 1,
      repeated: 1,
      events: 9,
      edits: 5,
      unusable: 1,
      failed: [{ key: partKey('10', 1), reason: 'it is damaged' }],
    } satisfies Whole<Carried<typeof transformHour>['totals']>,
  } satisfies Whole<Carried<typeof transformHour>>;
  const script = { activities: transforming, isTooLong: () => true };
  const transcript = await transcriptOf(
    transformHour,
    [{ hour: '2026-11-20T10', parts: [] }, carried],
    script,
  );
  expect(asJson(transcript, PROSE)).toEqual(golden('transform-hour-continued', asJson(transcript, PROSE)));
});

const RANGE = { from: '2026-11-20T10:00:00Z', to: '2026-11-20T13:00:00Z' };
const listing = {
  prepareGold: () => undefined,
  restoreGaps: () => 2 satisfies Result<'restoreGaps'>,
  listHours: () =>
    ({ hours: ['2026-11-20T10', '2026-11-20T11', '2026-11-20T12'] }) satisfies Result<'listHours'>,
};

test('transformRange: an hour rebuilt, an hour expired', async () => {
  const rebuildHour = ({ hour }: { hour: string }) =>
    hour.endsWith('11') ? broken('BronzeExpired') : { ...AUDIT, hour };
  const script = { activities: { ...listing, rebuildHour } };
  const transcript = await transcriptOf(transformRange, [RANGE], script, async run => run.progress());
  expect(asJson(transcript, PROSE)).toEqual(golden('transform-range', asJson(transcript, PROSE)));
});

test('transformRange: an hour that cannot be rebuilt', async () => {
  const script = { activities: { ...listing, rebuildHour: () => broken() } };
  const transcript = await transcriptOf(transformRange, [{ hours: 2 }], script);
  expect(asJson(transcript, PROSE)).toEqual(golden('transform-range-failed', asJson(transcript, PROSE)));
});

test('transformRange: continues as a new run', async () => {
  const carried = {
    at: '2026-11-20T11:00:00.000Z',
    isPaused: false,
    result: {
      from: '2026-11-20T10:00:00.000Z',
      to: '2026-11-20T13:00:00.000Z',
      hours: 1,
      parts: 2,
      events: 18,
      edits: 9,
      duplicates: 1,
      changedRows: 3,
      pendingParts: 1,
      pendingRows: 2,
      gaps: 2,
      expired: ['2026-11-20T09'],
      failed: [{ hour: '2026-11-20T08', reason: 'it is damaged' }],
      recounted: [{ hour: '2026-11-20T06', parts: 2, changedRows: 1 }],
      kept: ['2026-11-20T05'],
    } satisfies Whole<Carried<typeof transformRange>['result']>,
  } satisfies Whole<Carried<typeof transformRange>>;
  const script = { isTooLong: () => true };
  const transcript = await transcriptOf(transformRange, [RANGE, carried], script);
  expect(asJson(transcript, PROSE)).toEqual(golden('transform-range-continued', asJson(transcript, PROSE)));
});

const BACKFILL_INPUT = {
  from: '2026-11-20T01:00:00Z',
  to: '2026-11-20T05:00:00Z',
  wikis: ['enwiki'],
  source: 'auto',
  concurrency: 2,
};
const HOUR_RESULT = {
  ...AUDIT,
  applied: { parts: 0, repeated: 0, events: 0, edits: 0, unusable: 0 },
  endedBy: 'rebuild',
} satisfies Whole<HourResult>;
const PAGE = { ...STEP, at: '2026-11-20T04:00:00.000Z', hours: ['2026-11-20T03'] };
const FILE = { ...STEP, at: '2026-11-20T03:00:00.000Z', hours: ['2026-11-20T02'] };

test('backfill: all three sources, page by page and file by file', async () => {
  const activities = {
    planBackfill: () => PLAN,
    fetchStreamWindow: () =>
      ({ ...STEP, servedFrom: '2026-11-20T04:30:00.000Z', lost: 3 }) satisfies Omit<
        Whole<StepResult>,
        'position'
      >,
    fetchApiPage: ({ to, position }: { to: string; position?: unknown }): StepResult =>
      position === undefined ? { ...PAGE, position: { page: 2 } } : { ...PAGE, at: to },
    fetchDumpFile: ({ position }: { position?: unknown }): StepResult =>
      position === undefined ? { ...FILE, position: 1 } : FILE,
    recordCoverage: () => undefined,
  };
  const transcript = await transcriptOf(backfill, [BACKFILL_INPUT], { activities, child: () => HOUR_RESULT });
  expect(asJson(transcript, PROSE)).toEqual(golden('backfill', asJson(transcript, PROSE)));
});

const CARRIED = {
  input: {
    from: '2026-11-20T01:00:00.000Z',
    to: '2026-11-20T05:00:00.000Z',
    source: 'auto',
    concurrency: 2,
    wikis: ['enwiki'],
  } satisfies Whole<Carried<typeof backfill>['input']>,
  state: {
    startedAt: '2026-11-21T09:00:30.000Z',
    plan: PLAN,
    lanes: [
      {
        source: 'api',
        site: { wiki: 'enwiki', serverName: 'en.wikipedia.org' },
        batch: 0,
        from: '2026-11-20T03:00:00.000Z',
        to: '2026-11-20T04:00:00.000Z',
        at: '2026-11-20T03:30:00.000Z',
        position: { page: 2 },
        rows: 10,
        trouble: 'it did not answer',
      } satisfies Whole<Carried<typeof backfill>['state']['lanes'][number]>,
    ],
    touched: { stream: ['2026-11-20T04'], api: ['2026-11-20T03'], dump: [] },
    toRebuild: ['2026-11-20T02'],
    stretches: PLAN.stretches,
    missing: PLAN.missing,
    failed: [
      {
        source: 'dump',
        wiki: 'enwiki',
        from: '2026-11-20T02:00:00.000Z',
        to: '2026-11-20T03:00:00.000Z',
        reason: 'it is damaged',
      } satisfies Whole<Carried<typeof backfill>['state']['failed'][number]>,
    ],
    totals: {
      api: {
        rows: 10,
        known: 1,
        unusable: 2,
        bytes: 3_000,
        requests: 1,
        leastRequests: 1,
        done: 0.5,
        total: 1,
      } satisfies Whole<NonNullable<Carried<typeof backfill>['state']['totals']['api']>>,
    },
    rebuilt: { hours: 1, edits: 9, changedRows: 3 },
    recorded: [
      {
        source: 'api',
        from: '2026-11-20T03:00:00.000Z',
        to: '2026-11-20T03:30:00.000Z',
        wikis: ['enwiki'],
      } satisfies Whole<NonNullable<Carried<typeof backfill>['state']['recorded']>[number]>,
    ],
  } satisfies Whole<Carried<typeof backfill>['state']>,
  isPaused: true,
} satisfies Whole<Carried<typeof backfill>>;

test('backfill: paused and resumed, a window fails for good', async () => {
  const script = {
    child: () => HOUR_RESULT,
    activities: { fetchApiPage: () => broken('SourceRefused'), recordCoverage: () => undefined },
  };
  const transcript = await transcriptOf(backfill, [BACKFILL_INPUT, CARRIED], script, async run => {
    await run.progress();
    await run.signal('resume');
  });
  expect(asJson(transcript, PROSE)).toEqual(golden('backfill-failed', asJson(transcript, PROSE)));
});

test('backfill: continues as a new run', async () => {
  const script = {
    isTooLong: () => true,
    activities: { fetchApiPage: () => ({ ...PAGE, at: '2026-11-20T03:40:00.000Z', position: { page: 3 } }) },
    child: () => HOUR_RESULT,
  };
  const carried = { ...CARRIED, isPaused: false, state: { ...CARRIED.state, toRebuild: [] } };
  const transcript = await transcriptOf(backfill, [BACKFILL_INPUT, carried], script);
  expect(asJson(transcript, PROSE)).toEqual(golden('backfill-continued', asJson(transcript, PROSE)));
});

test('compactDay', async () => {
  const script = { activities: { compactDay: () => DAY } };
  const transcript = await transcriptOf(compactDay, [{ day: '2026-11-20' }], script, async run =>
    run.progress(),
  );
  expect(asJson(transcript, PROSE)).toEqual(golden('compact-day', asJson(transcript, PROSE)));
});

test('compactDays, and one that fails', async () => {
  const activities = {
    listStaleDays: () => ({ days: ['2026-11-20'] }) satisfies Result<'listStaleDays'>,
  };
  const compacted = await transcriptOf(compactDays, [], { activities, child: () => DAY });
  expect(asJson(compacted, PROSE)).toEqual(golden('compact-days', asJson(compacted, PROSE)));
  const failed = await transcriptOf(compactDays, [{}], { activities, child: () => broken() });
  expect(asJson(failed, PROSE)).toEqual(golden('compact-days-failed', asJson(failed, PROSE)));
});

test('ensureIngest', async () => {
  const result = {
    outcome: 'restarted',
    status: 'failed',
    failure: 'it was damaged',
    why: 'a reason',
  } satisfies Whole<Result<'ensureIngest'>>;
  const transcript = await transcriptOf(ensureIngest, [], { activities: { ensureIngest: () => result } });
  expect(asJson(transcript)).toEqual(golden('ensure-ingest', asJson(transcript)));
});

test('detectAnomalies', async () => {
  const result = {
    lookedAt: '2026-11-20T10:05:00Z',
    looks: 1,
    begun: 2,
    ended: 1,
    lasting: 3,
    judged: { hours: 2, quiet: [{ hour: '2026-11-20T09', all: true, wikis: 1 }] },
  } satisfies Whole<Result<'detectAnomalies'>>;
  const activities = { detectAnomalies: () => result };
  const transcript = await transcriptOf(detectAnomalies, [], { activities });
  expect(asJson(transcript)).toEqual(golden('detect-anomalies', asJson(transcript)));
});

test('input that can never work', async () => {
  const inputs = {
    ingest: await transcriptOf(ingest, [{ sinse: 1 }], {}),
    transformHour: await transcriptOf(transformHour, [{}], {}),
    transformRange: await transcriptOf(transformRange, [{ hours: 1, from: '2026-11-20T10:00:00Z' }], {}),
    backfill: await transcriptOf(backfill, [{ to: '2026-11-20T10:00:00Z' }], {}),
    compactDay: await transcriptOf(compactDay, [], {}),
    compactDays: await transcriptOf(compactDays, [{ day: 1 }], {}),
    ensureIngest: await transcriptOf(ensureIngest, [{ day: 1 }], {}),
    detectAnomalies: await transcriptOf(detectAnomalies, [{ day: 1 }], {}),
  };
  expect(asJson(inputs, PROSE)).toEqual(golden('invalid-input', asJson(inputs, PROSE)));
});
