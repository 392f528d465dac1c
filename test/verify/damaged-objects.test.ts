/** `verify` beside damaged and hostile objects: it names each, checks everything else, and never ends without a verdict. */
import { describe, expect, test } from 'vitest';
import { goldHourKey, goldRecordsKey } from '../../src/contracts/storage/object-keys.ts';
import { DAY_MS } from '../../src/core/time.ts';
import { openS3Gold } from '../../src/gold/parquet/parquet-gold.ts';
import { openS3Snapshots } from '../../src/gold/parquet/snapshot.ts';
import { CHECKS } from '../../src/verify/findings.ts';
import type { Finding } from '../../src/verify/findings.ts';
import { hoursOf } from '../../src/verify/range.ts';
import { describeVerification } from '../../src/verify/report.ts';
import { verify } from '../../src/verify/verify.ts';
import type { Verification } from '../../src/verify/verify.ts';
import { DAMAGES, damage, writeSmallGold } from '../support/damaged-objects.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { STREAM } from '../support/stream.ts';

const NOW_MS = Date.parse('2026-11-20T04:30:00Z');
const RANGE = hoursOf({ fromMs: NOW_MS - DAY_MS, toMs: NOW_MS });

function verifyStore(store: MemoryObjectStore): Promise<Verification> {
  const gold = openS3Snapshots(store);
  return verify(RANGE, { store, gold, definition: STREAM, nowMs: NOW_MS, pauseMs: 0 });
}

function findingsOf({ findings }: Verification): Finding[] {
  return CHECKS.flatMap(check => findings.of(check).flatMap(({ kept }) => kept));
}

/** Those about objects that cannot be read, or that nobody reads. */
const OF_OBJECTS = new Set(['object_unreadable', 'foreign_object']);

describe('gold', () => {
  test('without such an object has no such finding', async () => {
    const store = new MemoryObjectStore();
    await writeSmallGold(store, NOW_MS);
    expect(findingsOf(await verifyStore(store)).filter(({ kind }) => OF_OBJECTS.has(kind))).toEqual([]);
  });

  test('reads the lists of what was read, and names a damaged one', async () => {
    const store = new MemoryObjectStore();
    await writeSmallGold(store, NOW_MS);
    const ofObjects = async () =>
      findingsOf(await verifyStore(store)).filter(({ kind }) => OF_OBJECTS.has(kind));
    const range = { from: '2026-11-20T02:00:00.000Z', to: '2026-11-20T02:05:00.000Z' };
    await openS3Gold(store).recordReads([{ attempt: 'a', sequence: 1, ...range, keys: [] }]);
    expect(await ofObjects()).toEqual([]);
    const key = goldRecordsKey('2026-11-20T03');
    await store.putIfAbsent(key, Buffer.from('{"records":[{}]}'), { contentType: 'application/json' });
    expect(await ofObjects()).toMatchObject([
      { severity: 'error', kind: 'object_unreadable', message: expect.stringContaining(key) },
    ]);
  });

  // Rows of another hour are rows that differ from bronze.
  test.each(DAMAGES.filter(({ title }) => !title.includes('with rows')))('$title', async one => {
    const store = new MemoryObjectStore();
    const small = await writeSmallGold(store, NOW_MS);
    const before = await verifyStore(store);
    const key = await damage(store, one, small);
    const after = await verifyStore(store);
    const found = findingsOf(after).filter(({ kind }) => OF_OBJECTS.has(kind));
    expect(found.map(({ message }) => message)).toEqual([expect.stringContaining(key)]);
    // Something is missing only without what was there before, or what looks as if it had been.
    const isHarmless = one.said === undefined || one.said.includes('future');
    expect(found[0]?.severity).toBe(isHarmless ? 'note' : 'error');
    const lost = one.lost?.(small).length ?? 0;
    expect(after.edits).toBe(before.edits - lost);
    const isOfHour = small.hours.concat(small.empty).some(hour => goldHourKey(hour) === key);
    expect(after.uncompared - before.uncompared).toBeLessThanOrEqual(Number(isOfHour));
  });
});

test.each([
  [
    'bronze/yyyy=9999/mm=12/dd=31/hh=23/part-000000000001-a.ndjson.gz',
    'bronze/yyyy=9999/ lies in the future',
  ],
  [
    'deadletter/yyyy=2027/mm=01/dd=01/part-000000000001-a.ndjson.gz',
    'deadletter/yyyy=2027/ lies in the future',
  ],
  ['bronze/yyyy=2026/mm=13/dd=01/hh=00/x', 'bronze/yyyy=2026/mm=13/ is no day that exists'],
  ['bronze/yyyy=2026/mm=02/dd=30/hh=00/x', 'bronze/yyyy=2026/mm=02/dd=30/ is no day that exists'],
  ['bronze/backup/yyyy=2026/x', 'bronze/backup/ is no folder of ours'],
  ['bronze/yyyy=2026/copy/dd=30/x', 'bronze/yyyy=2026/copy/ is no folder of ours'],
])('%s is named by its folder', async (key, said) => {
  const store = new MemoryObjectStore();
  await store.putIfAbsent(key, Buffer.from('x'), { contentType: 'text/plain' });
  const verification = await verifyStore(store);
  const found = findingsOf(verification).filter(({ kind }) => kind === 'foreign_object');
  expect(found.map(({ message }) => message)).toEqual([expect.stringContaining(said)]);
  expect(verification.findings.errors).toBe(0);
});

test('a name reaches the terminal without what terminals obey', async () => {
  const store = new MemoryObjectStore();
  const key = 'gold/\u001b[2J\u009b\n✔ log ok\u202e\u2028.parquet';
  await store.putIfAbsent(key, Buffer.from('x'), { contentType: 'text/plain' });
  const lines = describeVerification(await verifyStore(store));
  const line = lines.find(text => text.includes('.parquet')) ?? '';
  expect(line).toContain(
    'gold/\\u{1b}[2J\\u{9b}\\u{a}✔ log ok\\u{202e}\\u{2028}.parquet is not an object of gold',
  );
});

test.each([
  ['malformed JSON', Buffer.from('{"version": 1,')],
  ['100 MB of zeros', new Uint8Array(100_000_000)],
])('a log record of %s is named', async (_, body) => {
  const store = new MemoryObjectStore();
  const key = STREAM.logKeys.keyOf(1);
  await store.putIfAbsent(key, body, { contentType: 'application/json' });
  const found = findingsOf(await verifyStore(store));
  expect(found).toContainEqual(
    expect.objectContaining({ kind: 'record_unreadable', message: expect.stringContaining(key) }),
  );
});
