/** The reader returns what is stored despite concurrent writers, a gateway that mixes versions, and small caches. */
import { describe, expect, test } from 'vitest';
import { goldDayKey, goldHourKey, hourPrefix } from '../../../src/contracts/storage/object-keys.ts';
import { HOUR_MS, hourOf } from '../../../src/core/time.ts';
import { openS3Gold } from '../../../src/gold/parquet/parquet-gold.ts';
import { GoldS3Reader } from '../../../src/gold/parquet/reader.ts';
import { VersionCache } from '../../../src/gold/parquet/version-cache.ts';
import { MemoryObjectStore } from '../../support/memory-object-store.ts';

const DAY = '2026-11-20';
const START_MS = Date.parse(`${DAY}T00:00:00Z`);
const NOW_MS = START_MS + 30 * HOUR_MS;
const source = { url: 'https://stream.example/recentchange', simulated: true };
const now = (): number => NOW_MS;

/** Adds edits to the first minute of an hour of the day. */
async function add(store: MemoryObjectStore, nth: number, edits: number, name: string): Promise<void> {
  const startMs = START_MS + nth * HOUR_MS;
  const hour = hourOf(startMs / 1000);
  const row = { minute: startMs / 1000, wiki: 'enwiki', isBot: false, edits, bytesChange: 0 };
  const other = { ...row, wiki: 'dewiki' };
  const part = { key: `${hourPrefix(hour)}part-${name}.ndjson.gz`, hour, rows: [row, other], source };
  await openS3Gold(store, now).apply(part);
}

/** A finished day with edits in the first minute of each hour, as hours and as a day. */
async function dayOfEdits<S extends MemoryObjectStore>(store: S): Promise<S> {
  for (let nth = 0; nth < 24; nth += 1) await add(store, nth, nth + 1, 'first');
  await openS3Gold(store, now).days?.compact(DAY);
  return store;
}

const editsOf = async (reader: GoldS3Reader, wiki = 'enwiki'): Promise<number[]> =>
  (await reader.edits(wiki, START_MS / 1000)).map(({ human }) => human);
const WHOLE = Array.from({ length: 24 }, (_, nth) => nth + 1);

describe('the reader', () => {
  test('lists again when an hour was replaced after it was listed', async () => {
    const store = await dayOfEdits(new MemoryObjectStore());
    await store.remove(goldDayKey(DAY));
    const reader = new GoldS3Reader(store, now);
    let isFirst = true;
    store.before = async (operation, key) => {
      if (operation !== 'get' || key !== goldHourKey(`${DAY}T05`) || !isFirst) return;
      isFirst = false;
      await add(store, 5, 100, 'late');
    };
    const before = store.calls.list;
    expect(await editsOf(reader)).toEqual(WHOLE.map(edits => (edits === 6 ? 106 : edits)));
    // Hours and days, twice; the writer in between looks for a handover.
    expect(store.calls.list - before).toBe(5);
  });

  test('reads an hour that was corrected after its day was written from the hour itself', async () => {
    const store = await dayOfEdits(new MemoryObjectStore());
    await add(store, 5, 100, 'late');
    expect(await editsOf(new GoldS3Reader(store, now))).toEqual(
      WHOLE.map(edits => (edits === 6 ? 106 : edits)),
    );
  });

  test('lists again when a day was replaced between reading its footer and its rows', async () => {
    const store = await dayOfEdits(new MemoryObjectStore());
    const reader = new GoldS3Reader(store, now);
    let gets = 0;
    store.before = async (operation, key) => {
      if (operation !== 'get' || key !== goldDayKey(DAY)) return;
      gets += 1;
      if (gets !== 2) return;
      await add(store, 5, 100, 'late');
      await openS3Gold(store, now).days?.compact(DAY);
    };
    expect(await editsOf(reader)).toEqual(WHOLE.map(edits => (edits === 6 ? 106 : edits)));
  });

  test('detects rows of another version under the right ETag', async () => {
    const store = await dayOfEdits(new MixingStore());
    const compact = () => openS3Gold(store, now).days?.compact(DAY);
    await add(store, 5, 100, 'late');
    await compact();
    store.older = (await store.read(goldDayKey(DAY)))?.body;
    await add(store, 5, 203, 'later');
    await compact();
    // Equal sizes: the older rows can be decoded, and only a checksum shows that they are wrong.
    expect((await store.read(goldDayKey(DAY)))?.body.length).toBe(store.older?.length);
    store.mixes = 2;
    expect(await editsOf(new GoldS3Reader(store, now))).toEqual(
      WHOLE.map(edits => (edits === 6 ? 309 : edits)),
    );
    expect(store.mixes).toBe(0);
  });

  test('with small caches sends more requests for the same answer', async () => {
    const store = await dayOfEdits(new MemoryObjectStore());
    await store.remove(goldDayKey(DAY));
    const small = new GoldS3Reader(
      store,
      now,
      new VersionCache(store, { hours: 1_500, days: 1, wikiDays: 1, latest: 1 }),
    );
    const large = new GoldS3Reader(store, now);
    for (const reader of [small, large]) expect(await editsOf(reader)).toEqual(WHOLE);
    const before = store.calls.get;
    expect(await editsOf(large)).toEqual(WHOLE);
    expect(store.calls.get - before).toBe(0);
    expect(await editsOf(small)).toEqual(WHOLE);
    expect(store.calls.get - before).toBeGreaterThan(15);
  });

  test('reads a wiki from the day, not from its hours', async () => {
    const store = await dayOfEdits(new MemoryObjectStore());
    const reader = new GoldS3Reader(store, now);
    const before = store.calls.get;
    expect(await editsOf(reader, 'dewiki')).toEqual(WHOLE);
    // Footer and rows.
    expect(store.calls.get - before).toBe(2);
    expect(await reader.wikis(10)).toEqual(['dewiki', 'enwiki']);
    expect(await reader.lastMinute()).toBe((START_MS + 23 * HOUR_MS) / 1000);
    expect(store.calls.get - before).toBe(2);
  });

  test('counts the edits of all wikis in a range, and reads no hour outside it', async () => {
    const store = await dayOfEdits(new MemoryObjectStore());
    const reader = new GoldS3Reader(store, now);
    const at = (hour: number): number => (START_MS + hour * HOUR_MS) / 1000;
    const before = store.calls.get;
    const activity = { human: 5 + 6, bot: 0, lastMinute: at(23) };
    expect(await reader.activity(at(3) + 60, at(5) + 60)).toEqual([
      { wiki: 'dewiki', ...activity },
      { wiki: 'enwiki', ...activity },
    ]);
    // The footer of the day, and three hours.
    expect(store.calls.get - before).toBe(4);
  });
});

/** A Parquet file begins with four bytes, `PAR1`. */
const AFTER_MAGIC = 4;

/** A gateway that checks the ETag of one version and returns bytes of another, as one on a file system can. */
class MixingStore extends MemoryObjectStore {
  /** Another version of the day. */
  older: Uint8Array | undefined;
  /** How many more ranges come from that version. */
  mixes = 0;

  override async readRange(
    key: string,
    etag: string,
    start: number,
    end: number,
  ): Promise<Uint8Array | undefined> {
    const right = await super.readRange(key, etag, start, end);
    // The first row group: a footer that is read from here too would match the rows.
    if (start !== AFTER_MAGIC || this.mixes === 0 || this.older === undefined) return right;
    this.mixes -= 1;
    return this.older.slice(start, end);
  }
}
