/** A bucket that holds one of everything that ingest writes, and what else a test of serialised things looks at. */
import { gunzipSync } from 'node:zlib';
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { flush } from '../../src/ingest/flush.ts';
import { Intake } from '../../src/ingest/intake.ts';
import type { CommitRecord } from '../../src/contracts/storage/log-record.ts';
import { identitiesIn } from '../../src/bronze/parts.ts';
import { CommitLog } from '../../src/bronze/commit-log.ts';
import { GoldFile } from '../../src/gold/parquet/row-file.ts';
import { SeenEvents } from '../../src/bronze/seen-events.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { LOG_KEYS, STREAM } from '../support/stream.ts';

export const HOUR = '2026-11-20T10';
export const NOW_MS = Date.parse(`${HOUR}:20:00Z`);
const TOPIC = 'eqiad.mediawiki.recentchange';
export const persistence = { signal: new AbortController().signal };
const WRITER = { attempt: 'abc', workflowId: 'ingest-recentchange', runId: 'run-1' };

/** An event of the stream. */
export function event(offset: number, atMs = Date.parse(`${HOUR}:05:00Z`)): object {
  return {
    meta: {
      id: `00000000-0000-0000-0000-${String(offset).padStart(12, '0')}`,
      dt: new Date(atMs).toISOString(),
      domain: 'en.wikipedia.org',
      topic: TOPIC,
      partition: 0,
      offset,
    },
    id: offset,
    type: 'edit',
    timestamp: atMs / 1000,
    bot: false,
    length: { old: 100, new: 90 },
    revision: { old: 1, new: offset },
    wiki: 'enwiki',
  };
}

/** The id that the stream gives an event. */
export function eventId(atMs: number): string {
  return JSON.stringify([{ topic: TOPIC, partition: 0, timestamp: atMs }]);
}

/** A fence, and a commit with a part, dead letters, skipped events and gaps. The clock has to stand still. */
export async function filledBucket(): Promise<{
  store: MemoryObjectStore;
  log: CommitLog;
  record: CommitRecord;
}> {
  const store = new MemoryObjectStore();
  const log = await CommitLog.open(store, LOG_KEYS, WRITER, { ...persistence, clock: () => NOW_MS });
  const seen = new SeenEvents(log, ({ key }) => identitiesIn(store, key), persistence);
  const fromMs = Date.parse(`${HOUR}:00:00Z`);
  const cursor = { startMs: fromMs, floorMs: fromMs, topics: {} };
  const gap = { cause: 'retention', topic: TOPIC, fromMs, toMs: fromMs + 60_000, missing: 7 } as const;
  const intake = new Intake({ judge: STREAM.judge, wikis: new Set() }, seen, cursor, [gap]);
  const sentMs = Date.parse(`${HOUR}:05:00Z`);
  const take = async (data: Buffer, nth: number): Promise<void> =>
    intake.take({ data, id: eventId(sentMs + nth) }, { nowMs: NOW_MS, uptimeMs: 0 });
  await take(Buffer.from(JSON.stringify(event(1))), 1);
  await take(Buffer.from(JSON.stringify(event(2))), 2);
  await take(Buffer.from(JSON.stringify(event(2))), 3);
  await take(Buffer.from(JSON.stringify({ ...event(3), wiki: 'NO WIKI' })), 4);
  await take(Buffer.from([0x7b, 0xff]), 5);
  const target = { store, log, attempt: 'abc', source: { url: 'http://stream/', simulated: true } };
  const record = await flush(intake.takeBatch(), target, persistence);
  return { store, log, record };
}

/** All objects of a bucket as their readers get them. */
export async function contentsOf(store: MemoryObjectStore): Promise<Record<string, object>> {
  const contents: Record<string, object> = {};
  for (const key of store.keys) {
    const { body = new Uint8Array(), metadata = {} } = (await store.get(key)) ?? {};
    contents[key] = { metadata, ...(await readObject(key, body)) };
  }
  return contents;
}

async function readObject(key: string, body: Uint8Array): Promise<object> {
  if (key.endsWith('.parquet')) {
    const file = await GoldFile.of(body);
    const bytes = Uint8Array.from(body).buffer;
    const { key_value_metadata, schema } = await parquetMetadataAsync(bytes);
    return {
      footer: key_value_metadata?.map(({ key }) => key),
      schema,
      // The tag of a version is a digest of bytes, which another version of a library may write otherwise.
      facts: JSON.parse(JSON.stringify(file.footer).replaceAll(/\\"[0-9a-f]{32}\\"/g, '(etag)')) as unknown,
      rows: await parquetReadObjects({ file: bytes }),
    };
  }
  const text = key.endsWith('.gz') ? gunzipSync(body).toString() : Buffer.from(body).toString();
  const lines = text.split('\n').filter(line => line !== '');
  return { lines: lines.map(line => JSON.parse(line) as unknown) };
}
