/**
 * Cancel, terminate and reset, for every workflow type and at every stage of it, on a real server. The run ends as what
 * was asked, says so where operators look, and whatever it left half done is finished by the next run.
 */
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSimulateOptions } from '../../dev/simulator/options.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { settingsOf } from '../../dev/simulator/settings.ts';
import { TASK_QUEUE } from '../../src/contracts/temporal/names.ts';
import { STAGE } from '../../src/contracts/temporal/search-attributes.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { TcpProxy } from '../faults/support/tcp-proxy.ts';
import { expectGold, goldRows, oracleRows, untilExact } from '../support/exactness.ts';
import { sampled } from '../support/form.ts';
import { startGatedWorker } from '../support/gated-worker.ts';
import type { GatedWorker } from '../support/gated-worker.ts';
import { replayRuns } from '../support/histories.ts';
import { commitEdits } from '../support/parts.ts';
import { startProcess } from '../support/processes.ts';
import { StreamEdge } from '../support/stream-edge.ts';
import { temporalCli } from '../support/temporal-cli.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

/** How a run comes to the stage at which it is cancelled. */
interface Stage {
  readonly type: string;
  readonly stage: string;
  /** A function where the keys of parts are needed, which are not known yet. */
  readonly input: object | (() => object);
  /** The activity that is held there. */
  readonly hold?: string;
  /** Resolves at the stage; default: when the activity is held, or at once. */
  readonly reach?: (run: WorkflowHandle) => Promise<unknown>;
  /** Lets a run that is reset or started again end. */
  readonly finish?: (run: WorkflowHandle) => Promise<unknown>;
}

const ACTIONS = ['cancel', 'terminate', 'reset'] as const;
type Action = (typeof ACTIONS)[number];

const everyAction = (stages: readonly Stage[]): (Stage & { action: Action })[] =>
  stages.flatMap(stage => ACTIONS.map(action => ({ ...stage, action })));

const shows =
  (progress: object) =>
  (run: WorkflowHandle): Promise<void> =>
    untilHolds(async () => expect(await run.query('progress')).toMatchObject(progress));
const paused = async (run: WorkflowHandle): Promise<void> => {
  await run.signal('pause');
  await untilHolds(async () =>
    expect(await run.query('progress')).toMatchObject({ waitingFor: 'the signal resume' }),
  );
};
const resume = (run: WorkflowHandle): Promise<void> => run.signal('resume');

/** Cancels, terminates or resets a run at its stage. Returns how the run ended that goes on, or was started after it. */
async function strike(
  { world, worker }: { readonly world: World; readonly worker: GatedWorker },
  { type, input, hold, reach, finish, action }: Stage & { readonly action: Action },
  workflowId: string,
): Promise<string> {
  const start = () =>
    world.client.workflow.start(type, {
      taskQueue: TASK_QUEUE,
      workflowId,
      args: [typeof input === 'function' ? (input as () => object)() : input],
    });
  const end = async (run: WorkflowHandle): Promise<string> => {
    await finish?.(run);
    await run.result();
    return (await run.describe()).status.name;
  };
  if (hold !== undefined) worker.hold(hold);
  const started = await start();
  const run = world.client.workflow.getHandle(workflowId, started.firstExecutionRunId);
  try {
    if (reach !== undefined) await reach(run);
    else if (hold !== undefined) await worker.untilHeld(hold);
    if (action === 'reset') {
      await reset(world, workflowId);
      worker.open();
      return await end(world.client.workflow.getHandle(workflowId));
    }
    await (action === 'cancel' ? run.cancel() : run.terminate('test'));
    // It counts what it has fetched before it ends, which the gate would hold for as long as it may.
    if (type === 'backfill') worker.open();
    const status = action === 'cancel' ? 'CANCELLED' : 'TERMINATED';
    await untilHolds(async () => expect((await run.describe()).status.name).toBe(status));
    if (action === 'cancel') await expectShown(run);
  } finally {
    worker.open();
  }
  await untilChildrenEnd(world, workflowId);
  return end(await start());
}

/** Resets a run to its beginning. There is nothing to reset to before its first task has ended. */
async function reset(world: World, workflowId: string): Promise<void> {
  const id = ['--workflow-id', workflowId, '--type', 'FirstWorkflowTask', '--reason', 'test'];
  await untilHolds(async () =>
    expect(await temporalCli(world, 'workflow', 'reset', ...id)).toMatchObject({ code: 0 }),
  );
}

/** Where operators look, it says that it was canceled. */
async function expectShown(run: WorkflowHandle): Promise<void> {
  expect((await run.describe()).typedSearchAttributes.get(STAGE)).toBe('canceled');
  const { currentDetails } = await run.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  expect(currentDetails).toMatch(/\*\*canceled\*\*$/);
  expect(currentDetails).not.toMatch(/waits for|done about/);
  const { events } = await run.fetchHistory();
  // A cancel that arrives during a task makes the server repeat it; no other task may fail.
  const failures = (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: failed }) =>
    failed?.failure?.message === undefined ? [] : [failed.failure.message],
  );
  expect(failures.filter(message => message !== 'UnhandledCommand')).toEqual([]);
}

/** Children end with the run, or by themselves; hours of ingest wait for their seal instead. */
async function untilChildrenEnd(world: World, workflowId: string): Promise<void> {
  if (workflowId === INGEST_ID) return;
  const query = `ParentWorkflowId = '${workflowId}' and ExecutionStatus = 'Running'`;
  await untilHolds(async () => {
    const running: string[] = [];
    for await (const child of world.client.workflow.list({ query })) running.push(child.workflowId);
    expect(running).toEqual([]);
  });
}

let runs = 0;

describe('hours, ranges and days', () => {
  const DAY = '2026-11-20';
  const HOUR = `${DAY}T10`;
  const RANGE = { from: `${DAY}T00:00:00Z`, to: `${DAY}T24:00:00Z` };
  let world: World;
  let worker: GatedWorker;
  let keys: readonly string[];
  beforeAll(async () => {
    world = await openWorld({ gold: 'postgres,s3' });
    const at = Date.parse(`${HOUR}:00:00Z`) / 1000;
    keys = await commitEdits(world, [
      ...[0, 1, 2, 3, 4].map(hour => ({ timestamp: at + hour * 3_600 })),
      { timestamp: at + 60, bot: true },
    ]);
    worker = await startGatedWorker(world);
  });
  afterAll(async () => {
    await worker.stop();
    await replayRuns(world, 'cancel');
    await world.close();
  });

  const seal = (run: WorkflowHandle): Promise<void> => run.signal('seal');
  const withPart = (): object => ({ hour: HOUR, parts: keys.slice(0, 1) });
  const stages: readonly Stage[] = [
    { type: 'transformHour', stage: 'at once, by hand', input: { hour: HOUR } },
    { type: 'transformHour', stage: 'rebuilding by hand', input: { hour: HOUR }, hold: 'rebuildHour' },
    { type: 'transformHour', stage: 'at once, with a part', input: withPart, finish: seal },
    { type: 'transformHour', stage: 'applying', input: withPart, hold: 'transformPart', finish: seal },
    {
      type: 'transformHour',
      stage: 'waiting for the seal',
      input: withPart,
      reach: shows({ state: 'collecting', parts: 1, outstanding: 0 }),
      finish: seal,
    },
    {
      type: 'transformHour',
      stage: 'rebuilding, sealed',
      input: withPart,
      hold: 'rebuildHour',
      reach: async run => {
        await run.signal('seal');
        await worker.untilHeld('rebuildHour');
      },
      finish: seal,
    },
    { type: 'transformRange', stage: 'at once', input: RANGE },
    { type: 'transformRange', stage: 'preparing gold', input: RANGE, hold: 'prepareGold' },
    { type: 'transformRange', stage: 'restoring gaps', input: RANGE, hold: 'restoreGaps' },
    { type: 'transformRange', stage: 'listing hours', input: RANGE, hold: 'listHours' },
    { type: 'transformRange', stage: 'rebuilding', input: RANGE, hold: 'rebuildHour' },
    {
      type: 'transformRange',
      stage: 'paused',
      input: RANGE,
      hold: 'prepareGold',
      reach: paused,
      finish: resume,
    },
    { type: 'compactDay', stage: 'at once', input: { day: DAY } },
    { type: 'compactDay', stage: 'compacting', input: { day: DAY }, hold: 'compactDay' },
  ];

  test.each(sampled(everyAction(stages), 14))('$type $stage: $action', async stage => {
    expect(await strike({ world, worker }, stage, `run-${(runs += 1)}`)).toBe('COMPLETED');
  });

  test('gold is as bronze says afterwards', async () => {
    const expected = [0, 1, 2, 3, 4].map(hour => `${DAY}T${10 + hour}:00:00Z enwiki false 1 1`);
    await expectGold(world, RANGE.from, RANGE.to, [...expected, `${HOUR}:01:00Z enwiki true 1 1`].sort());
  });
});

describe('ingest and backfill', () => {
  const HOUR_MS = 3_600_000;
  let world: World;
  let wikimedia: Wikimedia;
  let worker: GatedWorker;
  const startMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 6 * HOUR_MS;
  const at = (hour: number): string => new Date(startMs + hour * HOUR_MS).toISOString();
  beforeAll(async () => {
    world = await openWorld();
    wikimedia = await startWikimedia(parseSimulateOptions({ port: '0', rate: '1', from: at(0), seed: '6' }));
    worker = await startGatedWorker(world, {
      ...settingsOf(wikimedia),
      ACTION_API_PER_MINUTE: '6000',
      FLUSH_MIN_LINES: '500',
      FLUSH_MAX_SEC: '1',
    });
  });
  afterAll(async () => {
    await worker.stop();
    await replayRuns(world, 'cancel');
    await wikimedia.close();
    await world.close();
  });

  const RANGE = { from: at(1), to: at(2), source: 'api', wikis: ['enwiki'] };
  const backfills: readonly Stage[] = [
    { type: 'backfill', stage: 'at once', input: RANGE },
    { type: 'backfill', stage: 'planning', input: RANGE, hold: 'planBackfill' },
    { type: 'backfill', stage: 'paused', input: RANGE, hold: 'planBackfill', reach: paused, finish: resume },
    { type: 'backfill', stage: 'reading', input: RANGE, hold: 'fetchApiPage' },
    { type: 'backfill', stage: 'rebuilding', input: RANGE, hold: 'rebuildHour' },
    { type: 'backfill', stage: 'recording', input: RANGE, hold: 'recordCoverage' },
  ];
  test.each(sampled(everyAction(backfills), 6))('$type $stage: $action', async stage => {
    expect(await strike({ world, worker }, stage, `run-${(runs += 1)}`)).toBe('COMPLETED');
    const expected = await oracleRows(wikimedia.url, at(1), at(2), { wikis: 'enwiki' });
    expect(expected.length).toBeGreaterThan(0);
    expect(await goldRows(world, at(1), at(2))).toEqual(expected);
  });

  const stop = (run: WorkflowHandle): Promise<void> => run.signal('stop');
  const SINCE = { since: at(3) };
  const ingests: readonly Stage[] = [
    { type: 'ingest', stage: 'at once', input: SINCE, finish: stop },
    { type: 'ingest', stage: 'before the stream', input: SINCE, hold: 'streamParts', finish: stop },
    {
      type: 'ingest',
      stage: 'streaming',
      input: SINCE,
      reach: run =>
        untilHolds(async () => {
          const { commits } = await run.query<{ commits: number }>('progress');
          expect(commits).toBeGreaterThan(0);
        }),
      finish: stop,
    },
    { type: 'ingest', stage: 'paused', input: SINCE, reach: paused, finish: stop },
  ];
  test.each(sampled(everyAction(ingests), 4))('$type $stage: $action', async stage => {
    expect(await strike({ world, worker }, stage, INGEST_ID)).toBe('COMPLETED');
  });

  test('gold is exact after all of that', async () => {
    const run = await world.client.workflow.start('ingest', {
      taskQueue: TASK_QUEUE,
      workflowId: INGEST_ID,
      args: [SINCE],
    });
    await untilExact(world, wikimedia.url, at(3), at(5));
    await run.signal('stop');
    await run.result();
  });
});

describe('ingest while gold is away', () => {
  const HOUR_MS = 3_600_000;
  const nowHour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const iso = (hoursAgo: number): string => new Date(nowHour - hoursAgo * HOUR_MS).toISOString();
  const closers: (() => Promise<unknown>)[] = [];
  afterAll(async () => {
    for (const close of closers.toReversed()) await close();
  });

  const wikimediaOf = async (from: number, until: number): Promise<Wikimedia> => {
    const range = { from: iso(from), until: iso(until) };
    const wikimedia = await startWikimedia(
      parseSimulateOptions({ port: '0', rate: '1', seed: '8', ...range }),
    );
    closers.push(() => wikimedia.close());
    return wikimedia;
  };

  test('a cancel ends the run although its gaps cannot be recorded; the next run records them, and gold is exact', async () => {
    const world = await openWorld();
    closers.push(
      () => world.close(),
      () => replayRuns(world, 'cancel'),
    );
    const dsn = new URL(world.env['PG_DSN'] ?? '');
    const postgres = await TcpProxy.open(Number(dsn.port));
    closers.push(() => postgres.close());
    dsn.port = String(postgres.port);
    // The source no longer has what lies between: a gap.
    const [before, after] = [await wikimediaOf(12, 11), await wikimediaOf(7, 6)];
    const edge = await StreamEdge.open(before.streamUrl);
    closers.push(() => edge.close());
    const worker = await startProcess(world, 'worker', {
      env: {
        PG_DSN: dsn.href,
        EVENTSTREAMS_URL: edge.url,
        FLUSH_MAX_SEC: '1',
      },
    });
    closers.push(() => worker.stop());

    await startIngest(world.client, INGEST_ID, { since: iso(12) });
    const run = world.client.workflow.getHandle(INGEST_ID);
    await untilExact(world, before.url, iso(12), iso(11));
    await paused(run);
    edge.behind = after.streamUrl;
    await postgres.refuse();
    await resume(run);
    await untilHolds(async () => {
      const { raw } = await run.describe();
      const waiting = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'recordGaps');
      expect(waiting?.attempt ?? 0).toBeGreaterThan(1);
    });
    expect(await world.gold.gaps(0)).toEqual([]);

    await run.cancel();
    await untilHolds(async () => expect((await run.describe()).status.name).toBe('CANCELLED'));
    expect((await run.describe()).typedSearchAttributes.get(STAGE)).toBe('canceled');
    const { currentDetails } = await run.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(currentDetails).toMatch(/the next run of ingest.*\*\*canceled\*\*$/s);

    await postgres.pass();
    expect(await startIngest(world.client, INGEST_ID, {})).toBe('started');
    await untilExact(world, after.url, iso(7), iso(6));
    await untilHolds(async () => {
      const gaps = await world.gold.gaps(0);
      expect(gaps.length).toBeGreaterThan(0);
      for (const { cause } of gaps) expect(cause).toBe('retention');
    });
    await world.client.workflow.getHandle(INGEST_ID).signal('stop');
    await world.client.workflow.getHandle(INGEST_ID).result();
  });
});
