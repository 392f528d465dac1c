/** Faults of worker processes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultPayloadConverter } from '@temporalio/common';
import proto from '@temporalio/proto';
import { expect } from 'vitest';
import type { Child } from '../../../dev/stack/child.ts';
import { HEARTBEAT_EVERY_MS } from '../../../src/contracts/temporal/heartbeat.ts';
import type { StreamHeartbeat } from '../../../src/contracts/temporal/ingest.ts';
import { readRecord } from '../../../src/bronze/commit-log.ts';
import { untilHolds } from '../../support/until.ts';
import type { Fault } from '../support/fault.ts';
import { sequences, tailOf, untilCommitted } from '../support/movement.ts';
import type { Pipeline } from '../support/pipeline.ts';
import { LOG_KEYS } from '../../support/stream.ts';

const { PENDING_ACTIVITY_STATE_CANCEL_REQUESTED: CANCEL_REQUESTED } =
  proto.temporal.api.enums.v1.PendingActivityState;

/** Long enough for a new heartbeat to have replaced the previous one. */
const HEARTBEATS_MS = 2 * HEARTBEAT_EVERY_MS;

export const workerFaults: readonly Fault[] = [
  {
    name: 'worker: kill -9',
    async strike({ workers }) {
      const exit = await workers.newest.kill();
      expect(exit.signal).toBe('SIGKILL');
      await workers.start();
    },
  },
  {
    name: 'worker: SIGTERM',
    async strike({ workers }) {
      const exit = await workers.newest.stop();
      expect(exit).toMatchObject({ code: 0, lastLog: expect.stringContaining('worker stopped') });
      await workers.start();
    },
  },
  {
    name: 'worker: frozen, and a zombie when it wakes',
    async strike(pipeline) {
      const { workers, world, proxies, s3Proxy } = pipeline;
      await workers.start();
      const holder = async (): Promise<Child> => {
        const { worker, buffered } = await readerNow(pipeline);
        expect(buffered).toBeGreaterThan(0);
        return worker;
      };
      // Freeze the one that reads, with events that it can neither commit nor give back.
      const patience = { withinMs: 200_000 };
      const zombie = await untilHolds(async () => {
        await proxies.s3.pass();
        await untilHolds(holder);
        proxies.s3.freeze();
        await sleep(HEARTBEATS_MS);
        // It holds none if S3 froze while it looked up stored events: then try again.
        return holder();
      }, patience);
      process.kill(zombie.pid, 'SIGSTOP');
      const before = await writerAtTail({ world });
      const { counts } = s3Proxy;
      // What it had sent before it froze arrives as soon as S3 answers again, and may be refused while it sleeps.
      const refused = counts.refusedRecords;
      await proxies.s3.pass();
      await untilWrittenByAnother({ world }, before);
      process.kill(zombie.pid, 'SIGCONT');
      // It tries to commit what it still holds, and is fenced.
      await untilHolds(() => expect(counts.refusedRecords).toBeGreaterThan(refused));
      await zombie.stop();
    },
  },
  {
    name: 'worker: two of them, and the one with the stream dies',
    async strike(pipeline) {
      const { workers, world } = pipeline;
      await workers.start();
      const { worker } = await untilHolds(() => readerNow(pipeline));
      const before = await writerAtTail({ world });
      await worker.kill();
      await untilWrittenByAnother({ world }, before);
    },
  },
  {
    name: 'worker: dies after the signal to flush, before it has flushed',
    async strike({ workers, ingest, proxies }) {
      const { newest: first } = workers;
      await workers.start();
      // Its last flush cannot finish.
      proxies.s3.freeze();
      await untilHolds(async () => {
        // Repeated, because a run that has just begun has no activity yet to notify.
        await ingest().signal('flush');
        const { raw } = await ingest().describe();
        expect(raw.pendingActivities).toMatchObject([{ state: CANCEL_REQUESTED }]);
      });
      // The server does not retry an activity with a cancel request: the workflow has to start another one.
      await first.kill();
      await proxies.s3.pass();
    },
  },
  {
    name: 'worker: deploy of another version',
    async strike({ workers, world }, { random }) {
      const old = workers.newest;
      const lines = 100 + random.below(100);
      await workers.start({ FLUSH_MIN_LINES: String(lines) });
      const before = await writerAtTail({ world });
      const after = await tailOf(world);
      expect(await old.stop()).toMatchObject({ code: 0 });
      // The new version flushes at its own size.
      await untilHolds(async () => {
        const records = await Promise.all(
          (await sequences(world, after)).map(sequence => readRecord(world.store, LOG_KEYS, sequence)),
        );
        const sizes = records.flatMap(record =>
          record?.kind === 'commit' && record.writer.attempt !== before
            ? [[...record.parts, ...record.deadLetters].reduce((sum, { events }) => sum + events, 0)]
            : [],
        );
        expect(sizes).toContain(lines);
      });
    },
  },
];

/** The worker that reads the stream, and how many events wait there for a flush by its last heartbeat. */
async function readerNow({
  ingest,
  workers,
}: Pick<Pipeline, 'ingest' | 'workers'>): Promise<{ readonly worker: Child; readonly buffered: number }> {
  const { raw } = await ingest().describe();
  const [activity] = raw.pendingActivities ?? [];
  // An identity begins with the id of the process.
  const identity = activity?.lastWorkerIdentity ?? '';
  const worker = workers.running.find(({ pid }) => identity.startsWith(`${pid}@`));
  if (worker === undefined) throw new Error(`no worker here reads the stream, but '${identity}'`);
  return { worker, buffered: bufferedIn(activity) };
}

/** Events that wait for a flush, according to the streaming activity's last heartbeat. */
function bufferedIn(activity: proto.temporal.api.workflow.v1.IPendingActivityInfo | undefined): number {
  const [payload] = activity?.heartbeatDetails?.payloads ?? [];
  if (payload === undefined) return 0;
  return defaultPayloadConverter.fromPayload<StreamHeartbeat>(payload).buffered;
}

type Looked = Pick<Pipeline, 'world'>;

async function writerAtTail({ world }: Looked): Promise<string | undefined> {
  const record = await readRecord(world.store, LOG_KEYS, await tailOf(world));
  return record?.writer.attempt;
}

/** Waits until another writer commits. */
async function untilWrittenByAnother({ world }: Looked, writer: string | undefined): Promise<void> {
  let after = await tailOf(world);
  await untilHolds(async () => {
    const record = await untilCommitted(world, after);
    after = record.sequence;
    expect(record.writer.attempt).not.toBe(writer);
  });
}
