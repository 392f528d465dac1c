/** A stream with a hole after every second message: one flush finds thousands of gaps, and ingest still goes on. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { startProcess } from '../support/processes.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const TOPIC = 'eqiad.mediawiki.recentchange';
const EVENTS = 20_000;
/** Far enough apart that gaps are not joined. */
const STEP_MS = 180_000;
const START_MS = Math.floor(Date.now() / 3_600_000) * 3_600_000 - (EVENTS + 1) * STEP_MS;

let world: World;
let server: Server;
beforeAll(async () => {
  world = await openWorld();
  server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (let n = 0; n < EVENTS; n += 1) response.write(frame(n));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await world.close();
});

/** All events are of two hours; their ids are days apart. */
function frame(n: number): string {
  const timestamp = Math.floor(START_MS / 1000) + (n % 2) * 3_600;
  const event = {
    meta: {
      id: `id-${n}`,
      dt: new Date(timestamp * 1000).toISOString(),
      domain: 'en.wikipedia.org',
      topic: TOPIC,
      partition: 0,
      offset: 1_000 + n + Math.floor(n / 2),
    },
    type: 'edit',
    wiki: 'enwiki',
    timestamp,
    bot: false,
    length: { old: 1, new: 2 },
    revision: { old: n, new: n + 1 },
  };
  const id = JSON.stringify([{ topic: TOPIC, partition: 0, timestamp: START_MS + n * STEP_MS }]);
  return `event: message\nid: ${id}\ndata: ${JSON.stringify(event)}\n\n`;
}

test('all its events are counted, and every missing message is in a gap', async () => {
  const { port } = server.address() as AddressInfo;
  const env = {
    EVENTSTREAMS_URL: `http://127.0.0.1:${port}/v2/stream/recentchange`,
    FLUSH_MIN_LINES: String(EVENTS),
    FLUSH_MAX_SEC: '3600',
  };
  const worker = await startProcess(world, 'worker', { env });
  await startIngest(world.client, INGEST_ID, {});
  await untilHolds(
    async () => {
      const { rows: counted } = await world.sql.query<{ edits: string }>(
        'select sum(edits) as edits from gold.edits_per_min',
      );
      const { rows: lost } = await world.sql.query<{ missing: string; gaps: number }>(
        'select sum(missing) as missing, count(*)::integer as gaps from gold.gaps',
      );
      expect(Number(counted[0]?.edits)).toBe(EVENTS);
      expect(Number(lost[0]?.missing)).toBe(EVENTS / 2 - 1);
      expect(lost[0]?.gaps).toBeGreaterThan(50);
    },
    { withinMs: 240_000, everyMs: 500 },
  );
  await worker.stop();
});
