/** Damaged and hostile objects under bronze: what ingest reads beside its own log never ends it, and its log stays bounded. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { BackfilledEvents } from '../../src/bronze/backfilled-events.ts';
import { readRecord } from '../../src/bronze/commit-log.ts';
import { hoursWithParts } from '../../src/bronze/hour-parts.ts';
import { identitiesIn } from '../../src/bronze/parts.ts';
import { backfillPartKey, hourPrefix, streamPartKey } from '../../src/contracts/storage/object-keys.ts';
import { DAY_MS, HOUR_MS } from '../../src/core/time.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { LOG_KEYS } from '../support/stream.ts';

const HOUR = '2026-11-20T10';
const START_MS = Date.parse(`${HOUR}:00:00Z`);
const put = (store: MemoryObjectStore, key: string, body: Uint8Array) =>
  store.putIfAbsent(key, body, { contentType: 'application/gzip' });
const event = (id: string): string => JSON.stringify({ meta: { id }, timestamp: START_MS / 1000 });
const part = (window: string): string => backfillPartKey(HOUR, { source: 'stream', window });

test.each([
  ['eleven bytes', Buffer.from('eleven byte')],
  ['nothing', Buffer.alloc(0)],
  ['100 MB of zeros, compressed', gzipSync(Buffer.alloc(100_000_000))],
  ['a line that is no event', gzipSync('null\n')],
  ['malformed JSON', gzipSync('{"meta": {"id": "x"\n')],
])('a part of a backfill with %s hides no event of the others', async (_, body) => {
  const store = new MemoryObjectStore();
  await put(store, part('0000-1000'), gzipSync(`${event('a')}\n`));
  await put(store, part('1000-2000'), body);
  await put(store, part('2000-3000'), gzipSync(`${event('b')}\n`));
  const found = await new BackfilledEvents(store).sentIn(START_MS / 1000);
  expect(found.map(({ identity }) => identity)).toEqual(['a', 'b']);
});

test('a damaged line of a stored part hides none of its other events', async () => {
  const store = new MemoryObjectStore();
  const key = streamPartKey(HOUR, 1, 'a');
  await put(store, key, gzipSync([event('a'), '{"meta', 'null', '{}', event('b')].join('\n')));
  expect((await identitiesIn(store, key)).map(({ identity }) => identity)).toEqual(['a', 'b']);
});

test('folders that are no hours of their day are none', async () => {
  const store = new MemoryObjectStore();
  await put(store, streamPartKey(HOUR, 1, 'a'), Buffer.from(''));
  for (const folder of ['hh=24/', 'hh=1/', 'hh=-1/', 'hh=10x/', 'x/', '\u001b[31m\n/'])
    await put(
      store,
      `${hourPrefix(HOUR).replace('hh=10/', folder)}part-000000000001-a.ndjson.gz`,
      Buffer.from(''),
    );
  expect(await hoursWithParts(store, START_MS - HOUR_MS, START_MS + DAY_MS)).toEqual([HOUR]);
});

describe('a log record', () => {
  test.each([
    ['is malformed', Buffer.from('{"version": 1, "sequence"')],
    ['has 100 MB of zeros', new Uint8Array(100_000_000)],
  ])('that %s is named, and never taken for absent', async (_, body) => {
    const store = new MemoryObjectStore();
    await put(store, LOG_KEYS.keyOf(1), body);
    await expect(readRecord(store, LOG_KEYS, 1)).rejects.toMatchObject({
      code: 'object_unreadable',
      subject: LOG_KEYS.keyOf(1),
      retryable: false,
    });
  });
});
