/**
 * Several processes write the same hour through a store that fails and loses responses: each part counts once
 * (invariant 5), and an unchanged hour is not written.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { goldHourKey, hourPrefix } from '../../../src/contracts/storage/object-keys.ts';
import type { MinuteRow } from '../../../src/core/minute-counts.ts';
import type { RebuiltHour } from '../../../src/gold/gold-store.ts';
import { readHour } from '../../../src/gold/parquet/hour-object.ts';
import { ledgerOf, withPart, withRebuilt } from '../../../src/gold/parquet/hour-state.ts';
import { HourWriter } from '../../../src/gold/parquet/hour-writer.ts';
import { MemoryObjectStore, storageDown } from '../../support/memory-object-store.ts';

const HOUR = '2026-11-20T10';
const START = Date.parse(`${HOUR}:00:00Z`) / 1000;
const row = (nth: number, edits = 1): MinuteRow => ({
  minute: START + (nth % 60) * 60,
  wiki: `w${nth % 5}`,
  isBot: nth % 2 === 0,
  edits,
  bytesChange: -edits,
});
const part = (nth: number) => ({
  key: `${hourPrefix(HOUR)}part-${nth}.ndjson.gz`,
  rows: [row(nth), row(nth + 1, 3)],
});
const rebuilt = (nths: readonly number[]): RebuiltHour => {
  const rows = nths.map(nth => row(nth));
  return {
    hour: HOUR,
    keys: nths.map(nth => part(nth).key),
    counts: { rows, events: 9, edits: 9, distinct: 8, late: 0, unusable: 0 },
    sources: [],
    isSealed: true,
    covered: undefined,
  };
};
const writerOn = (store: MemoryObjectStore): HourWriter => new HourWriter(store, () => undefined);
const sums = (rows: readonly MinuteRow[]): Record<string, number> => {
  const found: Record<string, number> = {};
  for (const { minute, wiki, isBot, edits } of rows) {
    const name = `${minute} ${wiki} ${isBot}`;
    found[name] = (found[name] ?? 0) + edits;
  }
  return found;
};

describe('an hour', () => {
  test('counts each part once, with several writers and a failing store', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 11 })), { minLength: 1, maxLength: 40 }),
        fc.infiniteStream(fc.constantFrom('fine', 'fine', 'fine', 'down', 'lost')),
        async (applications, faults) => {
          const store = new MemoryObjectStore();
          const failIf = (kind: string): void => {
            const { value } = faults.next();
            if (value === kind) throw storageDown('gold', true);
          };
          store.before = () => failIf('down');
          store.afterReplace = () => failIf('lost');
          const writers = [0, 1, 2].map(() => writerOn(store));
          await Promise.all(
            applications.map(async ([writer, nth]) => {
              for (let done = false; !done;) {
                // Retries until it succeeds, as Temporal does.
                done = await (writers[writer] ?? writerOn(store))
                  .change(HOUR, current => withPart(current, part(nth)))
                  .then(
                    () => true,
                    () => false,
                  );
              }
            }),
          );
          store.before = () => undefined;
          const { hour } = await readHour(store, HOUR);
          const nths = [...new Set(applications.map(([, nth]) => nth))];
          expect([...ledgerOf(hour)].sort()).toEqual(nths.map(nth => `part-${nth}.ndjson.gz`).sort());
          expect(sums(hour.rows)).toEqual(sums(nths.flatMap(nth => part(nth).rows)));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('with 50 waiting parts is written twice', async () => {
    const store = new MemoryObjectStore();
    const writer = writerOn(store);
    await Promise.all(
      Array.from({ length: 50 }, (_, nth) => writer.change(HOUR, current => withPart(current, part(nth)))),
    );
    expect(store.calls).toMatchObject({ get: 1, put: 2 });
  });

  test('is not written when a rebuild changes nothing', async () => {
    const store = new MemoryObjectStore();
    const rebuild = (nowMs: number) =>
      writerOn(store).change(HOUR, current => withRebuilt(current, rebuilt([1, 2]), { gaps: 0, nowMs }));
    expect(await rebuild(1_000)).toMatchObject({ kind: 'replaced', changedRows: 2 });
    const before = await store.read(goldHourKey(HOUR));
    expect(await rebuild(2_000)).toMatchObject({ kind: 'replaced', changedRows: 0 });
    expect(await store.read(goldHourKey(HOUR))).toEqual(before);
    expect(store.calls.put).toBe(1);
  });

  test('is written again after its object was deleted', async () => {
    const store = new MemoryObjectStore();
    const writer = writerOn(store);
    const apply = () => writer.change(HOUR, current => withPart(current, part(1)));
    expect(await apply()).toBe(true);
    expect(await apply()).toBe(false);
    await store.remove(goldHourKey(HOUR));
    expect(await apply()).toBe(true);
    expect((await readHour(store, HOUR)).hour.rows).toHaveLength(2);
  });

  test('that is not Parquet fails with a hint at how to fix it', async () => {
    const store = new MemoryObjectStore();
    await store.replace(goldHourKey(HOUR), undefined, new TextEncoder().encode('PAR1 but not really PAR1'));
    await expect(writerOn(store).read(HOUR)).rejects.toMatchObject({
      code: 'object_unreadable',
      hint: expect.stringContaining('npm run transform'),
    });
  });
});
