/**
 * Two streams with different definitions share a bucket: ingest and counting of each see its own objects only. The
 * second one has another prefix, another judge and other rows (`test/support/log-actions`).
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { readRecord } from '../../src/bronze/commit-log.ts';
import { partsOfHour } from '../../src/bronze/hour-parts.ts';
import { linesIn } from '../../src/bronze/parts.ts';
import type { StreamDefinition } from '../../src/contracts/stream-definition.ts';
import type { StreamHeartbeat } from '../../src/contracts/temporal/ingest.ts';
import type { MinuteRow } from '../../src/core/minute-counts.ts';
import { ingestStream } from '../../src/ingest/run.ts';
import { listKeys } from '../../src/store/list-keys.ts';
import { openS3 } from '../../src/store/s3.ts';
import type { S3ObjectStore } from '../../src/store/s3.ts';
import { countHourParts } from '../../src/transform/count-hour-parts.ts';
import { rebuildHour } from '../../src/transform/rebuild-hour.ts';
import { LOG_ACTIONS } from '../support/log-actions.ts';
import type { ActionRow } from '../support/log-actions.ts';
import { STREAM } from '../support/stream.ts';
import { untilTrue } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { BLANK_GOLD } from '../support/blank-gold.ts';

const HOUR = '2025-11-20T10';
const FROM_MS = Date.parse(`${HOUR}:20:00Z`);
const TO_MS = FROM_MS + 600_000;
const LIMITS = { minLines: 300, maxAgeMs: Infinity, maxBytes: Infinity };
const HOST = { signal: AbortSignal.timeout(120_000), onProgress: () => undefined };

interface Change {
  readonly meta: { readonly id: string };
  readonly type: string;
  readonly wiki: string;
  readonly timestamp: number;
  readonly bot: boolean;
  readonly log_id?: number;
  readonly length?: { readonly old?: number; readonly new: number };
}

/** Every event that the stream has, in no particular order. */
function changesOf({ universe }: Wikimedia): Change[] {
  if (universe === undefined) throw new Error('the stream is not simulated');
  const changes: Change[] = [];
  for (let second = FROM_MS / 1000; second < TO_MS / 1000; second += 1)
    for (const change of universe.changesOf(second))
      changes.push(JSON.parse(universe.render(change)) as Change);
  return changes;
}

function actionsIn(changes: readonly Change[]): Change[] {
  return changes.filter(({ type, log_id = 0 }) => type === 'log' && log_id > 0);
}

function idsOf(changes: readonly Change[]): string[] {
  return changes.map(({ meta }) => meta.id).sort();
}

describe('two streams in one bucket', () => {
  let world: World;
  let wikimedia: Wikimedia;
  /** The second stream's view of the bucket. */
  let second: S3ObjectStore;
  beforeEach(async () => {
    world = await openWorld({ gold: 's3' });
    second = openS3(
      { bucket: world.env['BUCKET'] ?? '', region: 'us-east-1', endpoint: world.env['AWS_ENDPOINT_URL'] },
      LOG_ACTIONS.prefix,
    );
    const retentionMs = 10 * 365 * 86_400_000;
    wikimedia = await startWikimedia({ port: 0, rate: 3, fromMs: FROM_MS, untilMs: TO_MS, retentionMs });
  });
  afterEach(async () => {
    second.close();
    await wikimedia.close();
    await world.close();
  });

  /** Ingests the whole stream by a definition. */
  async function ingest(definition: StreamDefinition<unknown>, store: S3ObjectStore, total: number) {
    const stopping = new AbortController();
    let taken = 0;
    const ended = ingestStream(
      { since: new Date(FROM_MS).toISOString(), acknowledged: 0 },
      {
        writer: { attempt: 'a1', workflowId: `ingest-${definition.name}`, runId: 'run' },
        stopSignal: stopping.signal,
        log: { info: () => undefined, warn: () => undefined },
        heartbeat: ({ events, buffered }: StreamHeartbeat) => void (taken = events + buffered),
      },
      {
        store,
        gold: BLANK_GOLD,
        sendNotice: async () => undefined,
        sendTroubles: async () => undefined,
        definition,
        wikis: new Set(),
        limits: LIMITS,
        latenessMs: 0,
        stream: { url: wikimedia.streamUrl, userAgent: 'wikigauge-test/1.0 (https://example.org)' },
      },
    );
    await untilTrue(() => taken >= total);
    stopping.abort();
    await ended;
  }

  const idsStored = async (
    definition: StreamDefinition<unknown>,
    store: S3ObjectStore,
  ): Promise<string[]> => {
    const { keys } = await partsOfHour(store, definition.logKeys, HOUR);
    const lines = await Promise.all(keys.map(key => linesIn(store, key)));
    return idsOf(lines.flat().map(line => JSON.parse(line) as Change));
  };

  test('each stores and counts its own events, and leaves the other one alone', async () => {
    const changes = changesOf(wikimedia);
    const actions = actionsIn(changes);
    expect(actions.length).toBeGreaterThan(50);
    await Promise.all([
      ingest(STREAM, world.store, changes.length),
      ingest(LOG_ACTIONS, second, actions.length),
    ]);

    expect(await idsStored(STREAM, world.store)).toEqual(idsOf(changes));
    expect(await idsStored(LOG_ACTIONS, second)).toEqual(idsOf(actions));
    for (const [{ logKeys }, store] of [
      [STREAM, world.store],
      [LOG_ACTIONS, second],
    ] as const)
      expect(await readRecord(store, logKeys, 1)).toMatchObject({ kind: 'fence', sequence: 1 });

    const below = async (prefix: string): Promise<string[]> => listKeys(world.store, prefix);
    const ofFirst = await below('bronze/');
    const ofSecond = await below(LOG_ACTIONS.prefix);
    expect(ofFirst.every(key => /^bronze\/(_log\/recentchange|yyyy=2025)\//.test(key))).toBe(true);
    expect(ofSecond.every(key => /^log-actions\/bronze\/(_log\/log-actions|yyyy=2025)\//.test(key))).toBe(
      true,
    );
    expect((await below('')).length).toBe(ofFirst.length + ofSecond.length);

    const audit = await rebuildHour(
      { hour: HOUR, isSealed: true },
      { store: world.store, gold: world.gold, definition: STREAM, latenessMs: 0 },
      HOST,
    );
    const { counts } = await countHourParts<ActionRow>(await partsOfHour(second, LOG_ACTIONS.logKeys, HOUR), {
      hour: HOUR,
      store: second,
      definition: LOG_ACTIONS,
      lateAfterMs: Infinity,
      ...HOST,
    });
    const edits = changes.filter(({ type }) => type === 'edit');
    expect(audit).toMatchObject({ edits: edits.length });
    expect(
      await countHourParts<MinuteRow>(await partsOfHour(world.store, STREAM.logKeys, HOUR), {
        hour: HOUR,
        store: world.store,
        definition: STREAM,
        lateAfterMs: Infinity,
        ...HOST,
      }),
    ).toMatchObject({ counts: { distinct: edits.length, unusable: 0 } });
    const wikis = [...new Set(actions.map(({ wiki }) => wiki))].sort();
    expect(counts.rows).toEqual(
      wikis.map(wiki => ({ wiki, actions: actions.filter(action => action.wiki === wiki).length })),
    );
    // Counting the first stream wrote gold of its own, at the top of the bucket, and nothing else.
    expect(await below('bronze/')).toEqual(ofFirst);
    expect(await below(LOG_ACTIONS.prefix)).toEqual(ofSecond);
  });
});
