/** An hour of gold from bronze, without Temporal: both share an object store in memory, gold as Parquet. */
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { backfillPartKey, hourPrefix } from '../../src/contracts/storage/object-keys.ts';
import type { RebuildHourInput, RebuildProgress } from '../../src/contracts/temporal/transform.ts';
import type { GoldStore } from '../../src/gold/gold-store.ts';
import { rowsDigest } from '../../src/gold/hour-evidence.ts';
import { openS3Gold } from '../../src/gold/parquet/parquet-gold.ts';
import { openS3Snapshots } from '../../src/gold/parquet/snapshot.ts';
import { hourOf } from '../../src/core/time.ts';
import { applyPart } from '../../src/transform/apply-part.ts';
import { rebuildHour } from '../../src/transform/rebuild-hour.ts';
import type { RebuildDeps } from '../../src/transform/rebuild-hour.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { commitEdits, editLine } from '../support/parts.ts';
import type { SmallEdit } from '../support/parts.ts';
import { STREAM } from '../support/stream.ts';

const HOUR = '2025-11-20T10';
const MINUTE = Date.parse(`${HOUR}:00:00Z`) / 1000;

/** The part of gold that a rebuild needs, to replace one of its functions. */
function writerOf(gold: GoldStore): RebuildDeps['gold'] {
  return {
    unapplied: keys => gold.unapplied(keys),
    appliedForeign: (from, to) => gold.appliedForeign(from, to),
    replaceHour: rebuilt => gold.replaceHour(rebuilt),
    fillHour: filled => gold.fillHour(filled),
    reads: (from, to) => gold.reads(from, to),
  };
}

describe('rebuildHour', () => {
  let store: MemoryObjectStore;
  let gold: GoldStore;
  let progress: RebuildProgress[];
  beforeEach(() => {
    store = new MemoryObjectStore();
    gold = openS3Gold(store);
    progress = [];
  });

  const deps = () => ({ store, gold, definition: STREAM, latenessMs: 0 });
  const rebuild = (
    signal: AbortSignal = new AbortController().signal,
    isSealed = true,
    others: Partial<RebuildHourInput> = {},
  ) =>
    rebuildHour({ hour: HOUR, isSealed, ...others }, deps(), {
      signal,
      onProgress: each => void progress.push(each),
    });
  const commit = async (...edits: SmallEdit[]): Promise<string> => {
    const [key = ''] = await commitEdits({ store }, edits);
    return key;
  };
  const apply = (key: string) => applyPart(key, deps(), new AbortController().signal);
  const rows = () => gold.edits('enwiki', MINUTE);

  test('seals an hour without parts, and says where it was read', async () => {
    const [from, to] = [`${HOUR}:00:00.000Z`, '2025-11-20T12:00:00.000Z'];
    await gold.recordReads([{ attempt: 'a', sequence: 2, from, to, keys: [] }]);
    expect(await gold.unsealed([HOUR])).toEqual([HOUR]);
    expect(await rebuild()).toMatchObject({
      parts: 0,
      rows: 0,
      changedRows: 0,
      covered: [from, '2025-11-20T11:00:00.000Z'],
    });
    expect(await gold.unsealed([HOUR])).toEqual([]);
    expect(await rows()).toEqual([]);
    expect(await gold.wikis(10)).toEqual([]);
    expect(await gold.lastMinute()).toBeUndefined();
    expect(await gold.days?.compact('2025-11-20')).toMatchObject({ hours: 1, rows: 0 });
  });

  test('counts every part, each revision once, and seals the hour', async () => {
    await commit({ timestamp: MINUTE, revision: 7 }, { timestamp: MINUTE + 1 });
    await commit({ timestamp: MINUTE + 60, revision: 7 });
    expect(await rebuild()).toEqual({
      hour: HOUR,
      parts: 2,
      events: 3,
      edits: 3,
      distinct: 2,
      duplicates: 1,
      late: 0,
      unusable: 0,
      rows: 1,
      // The revision that both mention would have counted twice.
      changedRows: 1,
      pendingParts: 2,
      pendingRows: 2,
      gaps: 0,
    });
    expect(await rows()).toEqual([{ minute: MINUTE, human: 2, bot: 0 }]);
    expect(await gold.unsealed([HOUR])).toEqual([]);
  });

  test('replaces what was applied before, and changes nothing the second time', async () => {
    await apply(await commit({ timestamp: MINUTE, revision: 7 }));
    await apply(await commit({ timestamp: MINUTE + 60, revision: 7 }));
    expect(await rebuild()).toMatchObject({ changedRows: 1 });
    expect(await rows()).toEqual([{ minute: MINUTE, human: 1, bot: 0 }]);
    expect(await rebuild()).toMatchObject({ changedRows: 0 });
  });

  test('has corrected nothing where a part was committed and not applied yet', async () => {
    await apply(await commit({ timestamp: MINUTE }, { timestamp: MINUTE + 60 }));
    const key = await commit({ timestamp: MINUTE, bytes: 9 }, { timestamp: MINUTE + 120 });
    expect(await rebuild()).toMatchObject({ parts: 2, changedRows: 0, pendingParts: 1, pendingRows: 2 });
    expect(await apply(key)).toMatchObject({ applied: false });
    const again = await rebuild();
    expect(again).toMatchObject({ parts: 2, changedRows: 0 });
    expect(again).not.toHaveProperty('pendingParts');
  });

  test('has corrected what the ledger names and the rows lack, beside a part that was not applied yet', async () => {
    const lost = await commit({ timestamp: MINUTE });
    await gold.apply({ key: lost, hour: HOUR, rows: [], source: { url: 'lost', simulated: true } });
    await commit({ timestamp: MINUTE + 60 });
    expect(await rebuild()).toMatchObject({ changedRows: 1, pendingParts: 1, pendingRows: 1 });
    expect(await rows()).toHaveLength(2);
  });

  test('counts a part as pending only if it is still so when the hour is replaced', async () => {
    const first = await commit({ timestamp: MINUTE });
    await commit({ timestamp: MINUTE + 60 });
    const onProgress = () => undefined;
    const racing: RebuildDeps['gold'] = {
      ...writerOf(gold),
      replaceHour: async rebuilt => {
        await apply(first);
        return gold.replaceHour(rebuilt);
      },
    };
    const { signal } = new AbortController();
    const audit = await rebuildHour(
      { hour: HOUR, isSealed: true },
      { ...deps(), gold: racing },
      { signal, onProgress },
    );
    expect(audit).toMatchObject({ parts: 2, changedRows: 0, pendingParts: 1, pendingRows: 1 });
  });

  test('has corrected what a backfill repairs: nobody adds its parts', async () => {
    await apply(await commit({ timestamp: MINUTE }));
    const key = backfillPartKey(HOUR, { source: 'api', wiki: 'enwiki', window: '0000-6000' });
    const body = gzipSync(`${editLine({ timestamp: MINUTE + 60 })}\n`);
    await store.putIfAbsent(key, body, { contentType: 'application/gzip' });
    const audit = await rebuild();
    expect(audit).toMatchObject({ parts: 2, changedRows: 1 });
    expect(audit).not.toHaveProperty('pendingParts');
  });

  test('ignores an object that no record names', async () => {
    const key = await commit({ timestamp: MINUTE });
    const { body } = (await store.get(key)) ?? { body: new Uint8Array() };
    const unnamed = `${hourPrefix(HOUR)}part-000000009999-abcdef.ndjson.gz`;
    await store.putIfAbsent(unnamed, body, { contentType: 'application/gzip' });
    expect(await rebuild()).toMatchObject({ parts: 1, edits: 1 });
  });

  test('counts again when a part is applied while it counts', async () => {
    await commit({ timestamp: MINUTE });
    let isFirst = true;
    const onProgress = (each: RebuildProgress): void => void progress.push(each);
    const racing: RebuildDeps['gold'] = {
      ...writerOf(gold),
      replaceHour: async rebuilt => {
        if (isFirst) await apply(await commit({ timestamp: MINUTE + 1 }));
        isFirst = false;
        return gold.replaceHour(rebuilt);
      },
    };
    const { signal } = new AbortController();
    const audit = await rebuildHour(
      { hour: HOUR, isSealed: true },
      { ...deps(), gold: racing },
      { signal, onProgress },
    );
    expect(audit).toMatchObject({ parts: 2, edits: 2 });
    expect(progress).toEqual([
      { read: 0, of: 1 },
      { read: 1, of: 1 },
      { read: 0, of: 2 },
      { read: 1, of: 2 },
      { read: 2, of: 2 },
    ]);
  });

  test('stops between two parts when it is cancelled, and changes nothing', async () => {
    const keys = [await commit({ timestamp: MINUTE }), await commit({ timestamp: MINUTE })];
    const cancelling = new AbortController();
    const reason = new Error('cancelled');
    const onProgress = ({ read }: RebuildProgress): void => {
      if (read === 1) cancelling.abort(reason);
    };
    const host = { signal: cancelling.signal, onProgress };
    await expect(rebuildHour({ hour: HOUR, isSealed: true }, deps(), host)).rejects.toBe(reason);
    expect(await gold.unapplied(keys)).toEqual(keys);
  });

  describe('leaves what one can cite', () => {
    const snapshot = () => openS3Snapshots(store).hour(HOUR);
    const textOf = async (key: string): Promise<string> =>
      gunzipSync((await store.get(key))?.body ?? Buffer.alloc(0)).toString('utf8');
    const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
    /** A part of the stream's form whose events carry offsets. */
    const withOffsets = async (offsets: readonly number[], level = 6): Promise<string> => {
      const lines = offsets.map(offset => {
        const event = JSON.parse(editLine({ timestamp: MINUTE + offset })) as { meta: object };
        return `${JSON.stringify({ ...event, meta: { ...event.meta, topic: 'eqiad.x', partition: 0, offset } })}\n`;
      });
      const key = backfillPartKey(HOUR, { source: 'stream', window: '0000-6000' });
      await store.putIfAbsent(key, gzipSync(lines.join(''), { level }), {
        contentType: 'application/gzip',
        metadata: { source: 'https://stream.example/?x=1', simulated: 'true' },
      });
      return key;
    };

    test('a digest of the lines of each part, in the order of counting, and where their events lie', async () => {
      const backfilled = await withOffsets([30, 10, 20]);
      const streamed = await commit({ timestamp: MINUTE }, { timestamp: MINUTE + 1 });
      await rebuild();
      const { evidence, rows: found } = await snapshot();
      const [first, second] = [await textOf(streamed), await textOf(backfilled)];
      expect(evidence).toMatchObject({
        isSealed: true,
        changedRows: 1,
        parts: [
          { key: streamed, lines: 2, bytes: first.length, sha256: sha256(first) },
          {
            key: backfilled,
            url: 'https://stream.example/',
            simulated: true,
            lines: 3,
            bytes: second.length,
            sha256: sha256(second),
          },
        ],
        offsets: [{ topic: 'eqiad.x', partition: 0, first: 10, last: 30, events: 3 }],
        rows: rowsDigest(found),
      });
    });

    test('the same digest when the lines were compressed in another way', async () => {
      const key = await withOffsets([1, 2]);
      await rebuild();
      const { evidence: before } = await snapshot();
      const text = await textOf(key);
      await store.remove(key);
      await store.putIfAbsent(key, gzipSync(text, { level: 0 }), {
        contentType: 'application/gzip',
        metadata: { source: 'https://stream.example/', simulated: 'true' },
      });
      await rebuild();
      expect((await snapshot()).evidence).toEqual(before);
    });

    test('each correction with its reason, also when the hour cannot be rebuilt any more', async () => {
      const streamed = await commit({ timestamp: MINUTE });
      await apply(streamed);
      await rebuild();
      expect((await snapshot()).corrections).toEqual([]);
      const key = backfillPartKey(HOUR, { source: 'api', wiki: 'enwiki', window: '0000-3000' });
      const body = gzipSync(`${editLine({ timestamp: MINUTE + 60 })}\n`);
      await store.putIfAbsent(key, body, { contentType: 'application/gzip' });
      await rebuild();
      await store.remove(streamed);
      const later = backfillPartKey(HOUR, { source: 'api', wiki: 'enwiki', window: '3000-6000' });
      const more = gzipSync(`${editLine({ timestamp: MINUTE + 1_800 })}\n`);
      await store.putIfAbsent(later, more, { contentType: 'application/gzip' });
      await rebuild();
      const { evidence, corrections } = await snapshot();
      const common = { at: expect.any(String), changedRows: 1, parts: 1, reasons: ['backfill'] };
      expect(corrections).toEqual([
        { ...common, nth: 1, kind: 'rebuilt' },
        // The stream had not read the hour, as far as records tell: its row goes too.
        { ...common, nth: 2, kind: 'filled', changedRows: 2 },
      ]);
      expect(evidence?.parts.map(part => part.key)).toEqual([streamed, key]);
    });
  });

  describe('when counted parts have been deleted from bronze', () => {
    test('keeps the rows, and says which backfill replaces them', async () => {
      const deleted = await commit({ timestamp: MINUTE });
      const second = await commit({ timestamp: MINUTE });
      await commit({ timestamp: MINUTE });
      await rebuild();
      await store.remove(deleted);
      await expect(rebuild()).rejects.toMatchObject({
        code: 'bronze_expired',
        retryable: false,
        subject: HOUR,
        message: `Cannot rebuild ${HOUR}: 1 part that was counted has been deleted from S3 (first: ${deleted})`,
        hint: expect.stringContaining('npm run backfill -- --from 2025-11-20T10:00Z --to 2025-11-20T11:00Z'),
      });
      await store.remove(second);
      await expect(rebuild()).rejects.toMatchObject({
        message: expect.stringContaining('2 parts that were counted have been deleted'),
      });
      expect(await rows()).toEqual([{ minute: MINUTE, human: 3, bot: 0 }]);
    });

    test('names the first hour of the next day as the end of a backfill of the last one', async () => {
      const midnight = Date.parse('2025-11-21T00:00:00Z') / 1000;
      const deleted = await commit({ timestamp: midnight - 1 });
      await apply(deleted);
      await store.remove(deleted);
      const host = { signal: new AbortController().signal, onProgress: () => undefined };
      await expect(
        rebuildHour({ hour: '2025-11-20T23', isSealed: true }, deps(), host),
      ).rejects.toMatchObject({ hint: expect.stringContaining('--to 2025-11-21T00:00Z') });
    });

    test('writes the rows of a backfill, and says that the hour is partial', async () => {
      const deleted = await commit({ timestamp: MINUTE });
      await rebuild();
      await store.remove(deleted);
      const lines = [MINUTE + 60, MINUTE + 61].map(timestamp => `${editLine({ timestamp })}\n`).join('');
      const key = backfillPartKey(HOUR, { source: 'api', wiki: 'enwiki', window: '0000-6000' });
      await store.putIfAbsent(key, gzipSync(lines), { contentType: 'application/gzip' });
      expect(await rebuild()).toMatchObject({ parts: 1, edits: 2, isPartial: true });
      expect(await rows()).toContainEqual({ minute: MINUTE + 60, human: 2, bot: 0 });
    });
  });

  describe('beside an older project', () => {
    const UUID = '0123456789abcdef0123456789abcdef';
    const foreign = (name = UUID): string => `${hourPrefix(HOUR)}part-${name}.ndjson.gz`;
    const source = { url: 'unknown', simulated: false };
    const write = async (key: string, ...timestamps: number[]): Promise<void> => {
      const lines = timestamps.map(timestamp => `${editLine({ timestamp })}\n`).join('');
      await store.putIfAbsent(key, gzipSync(lines), { contentType: 'application/gzip' });
    };
    /** As that project counted its part: rows of several hours, and the key. */
    const counted = (...minutes: number[]) =>
      gold.apply({
        key: foreign(),
        hour: HOUR,
        rows: minutes.map(minute => ({ minute, wiki: 'enwiki', isBot: false, edits: 5, bytesChange: 0 })),
        source,
      });
    const handOver = (minute: number) =>
      gold.recordGap({
        id: 'handover',
        cause: 'handover',
        from: new Date((minute - 60) * 1000).toISOString(),
        to: new Date(minute * 1000).toISOString(),
      });

    test('its parts are not ours: they are neither counted by a rebuild nor added', async () => {
      await write(foreign(), MINUTE);
      await commit({ timestamp: MINUTE + 60 });
      expect(await apply(foreign())).toMatchObject({ applied: false, edits: 1, rows: 0 });
      expect(await rebuild()).toMatchObject({ parts: 1, edits: 1, pendingRows: 1 });
      expect(await rows()).toEqual([{ minute: MINUTE + 60, human: 1, bot: 0 }]);
    });

    test.each(['in bronze', 'gone'])('its rows stay in a rebuild, with its part %s', async where => {
      await counted(MINUTE, MINUTE + 60);
      if (where === 'in bronze') await write(foreign(), MINUTE);
      await handOver(MINUTE + 120);
      await apply(await commit({ timestamp: MINUTE + 60 }, { timestamp: MINUTE + 120 }));
      const rowsOfBoth = [
        { minute: MINUTE, human: 5, bot: 0 },
        { minute: MINUTE + 60, human: 5, bot: 0 },
        { minute: MINUTE + 120, human: 1, bot: 0 },
      ];
      expect(await rows()).toEqual(rowsOfBoth);
      expect(await rebuild()).toMatchObject({
        parts: 1,
        edits: 2,
        changedRows: 0,
        keptBefore: '2025-11-20T10:02:00Z',
        keptParts: 1,
      });
      expect(await rows()).toEqual(rowsOfBoth);
      expect(await rebuild()).toMatchObject({ changedRows: 0 });
    });

    test('all its rows of the hour stay when nobody knows where it stopped', async () => {
      await counted(MINUTE);
      await commit({ timestamp: MINUTE + 60 });
      expect(await rebuild()).toMatchObject({ changedRows: 0, keptBefore: '2025-11-20T11:00:00Z' });
      expect(await rows()).toEqual([{ minute: MINUTE, human: 5, bot: 0 }]);
    });

    test('a backfill replaces its rows, in the minutes that it has loaded completely', async () => {
      await counted(MINUTE, MINUTE + 60, MINUTE + 120);
      await handOver(MINUTE + 3_600);
      await write(
        backfillPartKey(HOUR, { source: 'api', wiki: 'enwiki', window: '0100-0130_7' }),
        MINUTE + 65,
      );
      await write(
        backfillPartKey(HOUR, { source: 'api', wiki: 'enwiki', window: '0130_7-0230' }),
        MINUTE + 95,
        MINUTE + 130,
      );
      expect(await rebuild()).toMatchObject({ changedRows: 1 });
      expect(await rows()).toEqual([
        { minute: MINUTE, human: 5, bot: 0 },
        { minute: MINUTE + 60, human: 2, bot: 0 },
        // Half of this minute is not loaded.
        { minute: MINUTE + 120, human: 5, bot: 0 },
      ]);
    });

    test('its rows stay when a part of ours is gone too, and a backfill fills in', async () => {
      await counted(MINUTE);
      await handOver(MINUTE + 60);
      const deleted = await commit({ timestamp: MINUTE + 60 });
      await rebuild();
      await store.remove(deleted);
      await write(
        backfillPartKey(HOUR, { source: 'api', wiki: 'enwiki', window: '0100-6000' }),
        MINUTE + 180,
      );
      expect(await rebuild()).toMatchObject({ isPartial: true });
      expect(await rows()).toEqual([
        { minute: MINUTE, human: 5, bot: 0 },
        // According to the log the stream was not read here: the backfill is right.
        { minute: MINUTE + 180, human: 1, bot: 0 },
      ]);
    });
  });

  describe('recounted with the lines of an older project', () => {
    const NINE_HOURS = 9 * 3_600;
    const keyAt = (second: number, digit: string): string =>
      `${hourPrefix(hourOf(second))}part-${digit.repeat(32)}.ndjson.gz`;
    const write = async (key: string, ...edits: SmallEdit[]): Promise<string> => {
      const lines = edits.map(edit => `${editLine(edit)}\n`).join('');
      await store.putIfAbsent(key, gzipSync(lines), { contentType: 'application/gzip' });
      return key;
    };
    const recount = (hour = HOUR) => rebuild(undefined, false, { hour, recount: 'indexFirst' });

    test('counts each line in its own hour, and each revision once', async () => {
      // A part that caught up: it is named after its first event and spans nine hours.
      const early = MINUTE - NINE_HOURS + 60;
      await write(keyAt(early, '0'), { timestamp: early }, { timestamp: MINUTE, revision: 7 });
      await write(
        keyAt(MINUTE, 'a'),
        { timestamp: MINUTE, revision: 7 },
        { timestamp: MINUTE + 30, revision: 8 },
        { timestamp: MINUTE + 3_600 },
      );
      await commit({ timestamp: MINUTE + 31, revision: 8 }, { timestamp: MINUTE + 120 });
      expect(await recount()).toMatchObject({
        parts: 3,
        foreignParts: 2,
        distinct: 3,
        duplicates: 2,
        changedRows: 1,
        pendingParts: 1,
        pendingRows: 2,
      });
      const expected = [
        { minute: MINUTE, human: 2, bot: 0 },
        { minute: MINUTE + 120, human: 1, bot: 0 },
      ];
      expect(await rows()).toEqual(expected);
      expect(await recount()).toMatchObject({ changedRows: 0 });
      // Rebuilds that nobody asked to count those lines drop none of them.
      expect(await rebuild()).toMatchObject({ changedRows: 0, keptBefore: '2025-11-20T11:00:00Z' });
      expect(await rows()).toEqual(expected);
      expect(await recount('2025-11-20T11')).toMatchObject({ foreignParts: 1, distinct: 1 });
      expect(await gold.sources()).toHaveLength(1);
    });

    test('keeps the rows when one of its parts is gone', async () => {
      const first = await write(keyAt(MINUTE, '0'), { timestamp: MINUTE });
      await write(keyAt(MINUTE, 'a'), { timestamp: MINUTE + 60 });
      await recount();
      const before = await rows();
      await store.remove(first);
      expect(await recount()).toMatchObject({ changedRows: 0, keptBefore: '2025-11-20T10:02:00Z' });
      expect(await rows()).toEqual(before);
    });

    test('keeps the rows when a part of an earlier hour that may reach here is gone', async () => {
      await write(keyAt(MINUTE, 'a'), { timestamp: MINUTE + 60 });
      await recount();
      const gone = keyAt(MINUTE - NINE_HOURS, '0');
      const host = { signal: new AbortController().signal, onProgress: () => undefined };
      const knowing: RebuildDeps['gold'] = {
        ...writerOf(gold),
        appliedForeign: async () => [gone],
      };
      expect(
        await rebuildHour(
          { hour: HOUR, isSealed: false, recount: 'indexed' },
          { ...deps(), gold: knowing },
          host,
        ),
      ).toMatchObject({ changedRows: 0, keptParts: expect.any(Number) });
      expect(await rows()).toHaveLength(1);
    });

    test('is an ordinary rebuild where that project has no lines', async () => {
      await commit({ timestamp: MINUTE });
      const audit = await recount();
      expect(audit).toMatchObject({ parts: 1, pendingRows: 1 });
      expect(audit).not.toHaveProperty('foreignParts');
    });

    test('skips a damaged part, and keeps the rows it may have', async () => {
      const damaged = keyAt(MINUTE, '0');
      await store.putIfAbsent(damaged, Buffer.from('no gzip'), { contentType: 'application/gzip' });
      await gold.apply({
        key: damaged,
        hour: HOUR,
        rows: [{ minute: MINUTE, wiki: 'enwiki', isBot: false, edits: 5, bytesChange: 0 }],
        source: { url: 'unknown', simulated: false },
      });
      await write(keyAt(MINUTE, 'a'), { timestamp: MINUTE + 60 });
      expect(await recount()).toMatchObject({ changedRows: 0, keptBefore: '2025-11-20T11:00:00Z' });
      expect(await rows()).toEqual([{ minute: MINUTE, human: 5, bot: 0 }]);
    });
  });

  test('a line of another hour is not written as a row of this hour', async () => {
    const key = backfillPartKey(HOUR, { source: 'api', wiki: 'enwiki', window: '0000-6000' });
    const lines = [MINUTE, MINUTE + 3_600].map(timestamp => `${editLine({ timestamp })}\n`).join('');
    await store.putIfAbsent(key, gzipSync(lines), { contentType: 'application/gzip' });
    expect(await rebuild()).toMatchObject({ events: 2, distinct: 1, rows: 1 });
  });

  test('fails when an hour gets new parts during every try', async () => {
    const restless: RebuildDeps['gold'] = {
      ...writerOf(gold),
      replaceHour: async () => ({ kind: 'stale', uncounted: [await commit({ timestamp: MINUTE })] }),
    };
    const host = { signal: new AbortController().signal, onProgress: () => undefined };
    await expect(
      rebuildHour({ hour: HOUR, isSealed: true }, { ...deps(), gold: restless }, host),
    ).rejects.toThrow('10 tries');
  });
});
