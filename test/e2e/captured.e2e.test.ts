/** Real events, captured from the live stream, go through the whole pipeline; gold equals an independent count. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { capturedLines, capturedPath } from '../support/captured.ts';
import { bronzeEvents, expectGold } from '../support/exactness.ts';
import type { Row } from '../support/exactness.ts';
import { GOLDS } from '../support/form.ts';
import { startProcess } from '../support/processes.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const files = [
  'eqiad-2024-08-22T0402Z.ndjson',
  'eqiad-2024-08-22T2035Z-resumed-with-duplicates.ndjson',
  '2025-12-15-ms-dt.ndjson',
];

describe('captured events', () => {
  let world: World;
  let worker: Child;
  let wikimedia: Wikimedia;
  afterEach(async () => {
    await worker.stop();
    await wikimedia.close();
    await world.close();
  });

  const cases = files.flatMap(file => GOLDS.map(gold => [file, gold] as const));

  test.each(cases)('%s, gold in %s', async (file, gold) => {
    world = await openWorld({ gold });
    wikimedia = await startWikimedia({ port: 0, replay: capturedPath(file) });
    const env = { EVENTSTREAMS_URL: wikimedia.streamUrl, FLUSH_MIN_LINES: '100', FLUSH_MAX_SEC: '1' };
    worker = await startProcess(world, 'worker', { env });
    await startIngest(world.client, INGEST_ID, { since: '2019-01-01T00:00:00Z' });

    const lines = capturedLines(file);
    const distinct = new Map(
      lines.map(line => [(JSON.parse(line) as { meta: { id: string } }).meta.id, line]),
    );
    const expected = countByHand([...distinct.values()]);
    await untilHolds(() => expectGold(world, '2019-01-01', '2030-01-01', expected));

    await untilHolds(async () => expect(await bronzeEvents(world)).toHaveLength(distinct.size));
    // Byte for byte as received.
    const stored = (await bronzeEvents(world)).map(event => event.line).sort();
    expect(stored).toEqual([...distinct.values()].sort());
  });
});

interface Captured {
  readonly type: string;
  readonly wiki: string;
  readonly bot: boolean;
  readonly timestamp: number;
  readonly length?: { readonly old?: number; readonly new?: number };
}

/** The rows that gold must have, counted without any code of the pipeline. */
function countByHand(lines: readonly string[]): Row[] {
  const sums = new Map<string, { edits: number; bytes: number }>();
  for (const { type, wiki, bot, timestamp, length } of lines.map(line => JSON.parse(line) as Captured)) {
    if (type !== 'edit') continue;
    const minute = `${new Date(timestamp * 1000).toISOString().slice(0, 16)}:00Z`;
    const name = `${minute} ${wiki} ${bot}`;
    const sum = sums.get(name) ?? { edits: 0, bytes: 0 };
    sums.set(name, { edits: sum.edits + 1, bytes: sum.bytes + (length?.new ?? 0) - (length?.old ?? 0) });
  }
  return [...sums].map(([name, { edits, bytes }]) => `${name} ${edits} ${bytes}`).sort();
}
