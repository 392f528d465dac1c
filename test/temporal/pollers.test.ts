/** Which task queues nobody serves. On a real server: test/cli.int, "doctor". */
import { expect, test } from 'vitest';
import { pollersOf } from '../../src/temporal/pollers.ts';
import type { PollersClient } from '../../src/temporal/pollers.ts';

const NOW_MS = Date.parse('2026-11-20T10:00:00Z');
const secondsAgo = (ago: number) => ({ seconds: NOW_MS / 1000 - ago });

interface Server {
  /** Seconds since each worker asked, by queue. */
  readonly polled?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Activities of ingest, with the seconds since their last heartbeat. */
  readonly held?: readonly { readonly activity: string; readonly ago: number }[];
}

function clientOf({ polled = {}, held = [] }: Server): PollersClient {
  const client = {
    options: { namespace: 'default' },
    workflowService: {
      describeTaskQueue: async ({ taskQueue }: { taskQueue: { name: string } }) => ({
        pollers: Object.entries(polled[taskQueue.name] ?? {}).map(([identity, ago]) => ({
          identity,
          lastAccessTime: secondsAgo(ago),
        })),
      }),
    },
    workflow: {
      async *list() {
        yield { workflowId: 'ingest-recentchange', runId: 'run' };
      },
      getHandle: () => ({
        describe: async () => ({
          raw: {
            pendingActivities: held.map(({ activity, ago }) => ({
              activityType: { name: activity },
              lastHeartbeatTime: secondsAgo(ago),
              lastWorkerIdentity: 'busy',
            })),
          },
        }),
      }),
    },
  };
  return client as unknown as PollersClient;
}

async function servedIn(server: Server): Promise<Record<string, readonly string[]>> {
  const queues = await pollersOf(clientOf(server), NOW_MS);
  return Object.fromEntries(queues.map(({ queue, workers }) => [queue, workers]));
}

test('lists every queue, also those without a worker', async () => {
  expect(await servedIn({ polled: { wikigauge: { a: 10, b: 70 } } })).toEqual({
    wikigauge: ['a', 'b'],
    'wikigauge-ingest': [],
    'wikigauge-transform': [],
    'wikigauge-backfill-stream': [],
    'wikigauge-backfill-api': [],
    'wikigauge-backfill-dump': [],
  });
});

test('leaves out workers that have not asked for minutes: they are gone', async () => {
  expect((await servedIn({ polled: { wikigauge: { gone: 200 } } }))['wikigauge']).toEqual([]);
});

test('a worker whose only slot is busy serves its queue while it sends heartbeats', async () => {
  const held = [{ activity: 'streamParts', ago: 1 }];
  expect((await servedIn({ held }))['wikigauge-ingest']).toEqual(['busy']);
  const silent = [{ activity: 'streamParts', ago: 300 }];
  expect((await servedIn({ held: silent }))['wikigauge-ingest']).toEqual([]);
});
