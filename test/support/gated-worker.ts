/**
 * A worker inside the test process, with the real workflows and activities, whose activities can be held: so a test
 * decides at which stage a run is when it is cancelled, terminated or reset.
 */
import { Context } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import { loadConfig } from '../../src/config/declarations.ts';
import { INGEST_ID, recentChange } from '../../src/recentchange/definition.ts';
import { readDetails } from '../../src/recentchange/details.ts';
import { restartFailedIngest } from '../../src/temporal/restart-ingest.ts';
import { connectWorker } from '../../src/temporal/client.ts';
import { noticeSender, troublesSender } from '../../src/temporal/notices.ts';
import { taskQueues } from '../../src/temporal/task-queues.ts';
import './quiet-runtime.ts';
import { untilHolds } from './until.ts';
import type { World } from './world.ts';

const HEARTBEAT_MS = 200;

export interface GatedWorker {
  /** Holds every activity of this name as soon as it starts, until `open`. */
  hold(activity: string): void;
  /** Lets all activities go on. */
  open(): void;
  /** Resolves once an activity of this name is held. */
  untilHeld(activity: string): Promise<void>;
  stop(): Promise<void>;
}

type Activity = (...input: unknown[]) => Promise<unknown>;

/** Starts a worker for all task queues. @param env settings in addition to those of the world */
export async function startGatedWorker(
  world: World,
  env: Readonly<Record<string, string>> = {},
): Promise<GatedWorker> {
  const config = loadConfig({ ...world.env, ...env });
  const definition = recentChange(config.EDIT_TYPES);
  const { store, gold, client } = world;
  const { connection, namespace } = await connectWorker(world.env);
  const holding = new Set<string>();
  const held: string[] = [];

  const gated = (name: string, activity: Activity): Activity => {
    return async (...input) => {
      if (holding.has(name)) {
        held.push(name);
        await untilOpen(() => !holding.has(name)).finally(() => held.splice(held.indexOf(name), 1));
      }
      return activity(...input);
    };
  };
  const queues = taskQueues({
    config,
    definition,
    readDetails,
    store,
    ingestStore: store,
    gold,
    sendNotice: noticeSender(client),
    sendTroubles: troublesSender(client),
    restartFailedIngest: () => restartFailedIngest(client, INGEST_ID),
    // A world has them.
    areBackfillsIndexed: true,
  });
  const workers = await Promise.all(
    queues.map(({ activities, ...queue }) => {
      const named = Object.entries((activities ?? {}) as Record<string, Activity>);
      const gates = Object.fromEntries(named.map(([name, activity]) => [name, gated(name, activity)]));
      return Worker.create({
        connection,
        namespace,
        ...queue,
        ...(activities !== undefined && { activities: gates }),
      });
    }),
  );
  const running = Promise.all(workers.map(worker => worker.run()));
  return {
    hold: activity => void holding.add(activity),
    open: () => holding.clear(),
    untilHeld: activity =>
      untilHolds(() => {
        if (!held.includes(activity)) throw new Error(`no ${activity} is held`);
      }),
    async stop() {
      holding.clear();
      for (const worker of workers) worker.shutdown();
      await running;
      await connection.close();
    },
  };
}

/** Sends heartbeats meanwhile, with which a cancellation arrives. */
async function untilOpen(isOpen: () => boolean): Promise<void> {
  const context = Context.current();
  while (!isOpen()) {
    context.heartbeat();
    await context.sleep(HEARTBEAT_MS);
  }
}
