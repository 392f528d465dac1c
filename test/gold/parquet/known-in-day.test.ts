/** What a finished day says of its hours: the same as they say, for few requests, and nothing once it is out of date. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DayFooter } from '../../../src/contracts/storage/gold-footers.ts';
import {
  GOLD_DAYS,
  goldDayKey,
  goldHourKey,
  hourPrefix,
} from '../../../src/contracts/storage/object-keys.ts';
import type { StoredRead } from '../../../src/contracts/storage/stored-read.ts';
import { HOUR_MS, hourOf, isoMs } from '../../../src/core/time.ts';
import { compactDay } from '../../../src/gold/parquet/day-object.ts';
import type { GoldStore } from '../../../src/gold/gold-store.ts';
import { openS3Gold } from '../../../src/gold/parquet/parquet-gold.ts';
import { GoldFile, encodeGold } from '../../../src/gold/parquet/row-file.ts';
import { MemoryObjectStore } from '../../support/memory-object-store.ts';

const START_MS = Date.parse('2026-11-20T00:00:00Z');
const DAYS = ['2026-11-20', '2026-11-21', '2026-11-22'] as const;
const HOURS = 24 * DAYS.length;
const NOW_MS = START_MS + (HOURS + 5) * HOUR_MS;
const MINUTE = 60_000;
const source = { url: 'https://stream.example/recentchange', simulated: true };

const startOf = (nth: number): number => START_MS + nth * HOUR_MS;
const hourAt = (nth: number): string => hourOf(startOf(nth) / 1000);
const keyIn = (nth: number, name: string): string => `${hourPrefix(hourAt(nth))}part-${name}.ndjson.gz`;

async function apply(gold: GoldStore, nth: number, name: string): Promise<void> {
  const minute = startOf(nth) / 1000;
  const rows = [{ minute, wiki: 'enwiki', isBot: false, edits: 1, bytesChange: 0 }];
  await gold.apply({ key: keyIn(nth, name), hour: hourAt(nth), rows, source });
}

async function rebuild(gold: GoldStore, nth: number, names: readonly string[]): Promise<void> {
  const minute = startOf(nth) / 1000;
  const rows = [{ minute, wiki: 'enwiki', isBot: false, edits: names.length, bytesChange: 0 }];
  await gold.replaceHour({
    hour: hourAt(nth),
    keys: names.map(name => keyIn(nth, name)),
    counts: { rows, events: 9, edits: names.length, distinct: names.length, late: 0, unusable: 0 },
    sources: [source],
    isSealed: true,
    covered: undefined,
  });
}

/** What ends `minute` minutes after the start, in parts of these hours. */
function read(sequence: number, [from, to]: readonly [number, number], hours: readonly number[]): StoredRead {
  return {
    attempt: 'a',
    sequence,
    from: isoMs(START_MS + from * MINUTE),
    to: isoMs(START_MS + to * MINUTE),
    keys: hours.map(nth => keyIn(nth, String(sequence))),
  };
}

const FROM = startOf(0) / 1000 - 3_600;
const TO = startOf(HOURS) / 1000;

/** What a reader that has seen nothing yet says, and how many objects it fetched for it. */
async function known(store: MemoryObjectStore, [from, to]: readonly [number, number] = [FROM, TO]) {
  const before = store.calls.get;
  const gold = openS3Gold(store, () => NOW_MS);
  const said = { reads: await gold.reads(from, to), rebuilt: await gold.rebuilt(from, to) };
  return { said, gets: store.calls.get - before };
}

async function withoutDays(store: MemoryObjectStore): Promise<MemoryObjectStore> {
  const copy = store.copy();
  for (const key of copy.keys.filter(each => each.startsWith(GOLD_DAYS))) await copy.remove(key);
  return copy;
}

async function compactAll(store: MemoryObjectStore): Promise<void> {
  for (const day of DAYS) await compactDay(store, day);
}

/** Three days, read in pieces of twenty minutes. A part is in the hour before too. */
async function threeDays(): Promise<MemoryObjectStore> {
  const store = new MemoryObjectStore();
  const gold = openS3Gold(store, () => NOW_MS);
  const reads: StoredRead[] = [];
  for (let nth = 0; nth < HOURS; nth += 1) {
    for (const part of [0, 1, 2]) {
      const sequence = 2 + nth * 3 + part;
      const end = nth * 60 + part * 20 + 1;
      const hours = part === 0 && nth > 0 ? [nth - 1, nth] : [nth];
      reads.push(read(sequence, [Math.max(0, end - 20), end], hours));
      for (const hour of hours) await apply(gold, hour, String(sequence));
    }
  }
  await gold.recordReads(reads);
  for (const nth of [3, 4, 30]) {
    const names = [2, 3, 4, 5].map(more => String(nth * 3 + more));
    await rebuild(gold, nth, names);
  }
  await apply(gold, 4, 'late');
  return store;
}

describe('days', () => {
  test('say what their hours say, with a few requests each', async () => {
    const store = await threeDays();
    const byHours = await known(store);
    expect(byHours.said.reads.read).toEqual([{ fromMs: START_MS, toMs: startOf(HOURS) - 19 * MINUTE }]);
    expect(byHours.said.rebuilt.map(({ hasAddedSince }) => hasAddedSince)).toEqual([false, true, false]);
    expect(byHours.gets).toBeGreaterThan(HOURS);
    await compactAll(store);
    const byDays = await known(store);
    expect(byDays.said).toEqual(byHours.said);
    expect(byDays.gets).toBeLessThan(15);
  });

  test('say nothing of an hour that has changed since, nor of what was read and recorded since', async () => {
    const store = await threeDays();
    await compactAll(store);
    const gold = openS3Gold(store, () => NOW_MS);
    await rebuild(gold, 4, ['14', '15', '16', '17', 'late']);
    expect((await known(store)).said.rebuilt[1]?.hasAddedSince).toBe(false);
    await gold.recordReads([read(900, [100, 110], [1])]);
    expect((await known(store)).said.reads.pending).toEqual([
      { fromMs: START_MS + 100 * MINUTE, toMs: START_MS + 110 * MINUTE },
    ]);
    expect((await known(store)).said).toEqual((await known(await withoutDays(store))).said);
  });

  test('say nothing of what was read where an hour with its parts is gone', async () => {
    const store = await threeDays();
    await compactAll(store);
    await store.remove(goldHourKey(hourAt(30)));
    const { said } = await known(store);
    expect(said.reads.pending).toEqual([{ fromMs: startOf(30) - 19 * MINUTE, toMs: startOf(33) }]);
    expect(said).toEqual((await known(await withoutDays(store))).said);
  });

  test('of an earlier version say nothing, and are written again', async () => {
    const store = await threeDays();
    const byHours = await known(store);
    await compactAll(store);
    const key = goldDayKey(DAYS[1]);
    const file = await GoldFile.of((await store.read(key))?.body ?? new Uint8Array());
    const { rebuilt: _, reads: __, ...older } = file.footer as DayFooter;
    const etag = (await store.read(key))?.etag;
    await store.replace(key, etag, await encodeGold(await file.rows(), older));
    expect((await known(store)).said).toEqual(byHours.said);
    expect(await compactDay(store, DAYS[1])).toMatchObject({ isChanged: true });
    expect(await compactDay(store, DAYS[1])).toMatchObject({ isChanged: false });
    expect((await known(store)).said).toEqual(byHours.said);
  });
});

test('whatever happens before and after days are written, they say what their hours and lists say', async () => {
  const nth = fc.nat({ max: HOURS - 1 });
  const part = fc.nat({ max: 2 });
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('read' as const),
      to: nth,
      minutes: fc.integer({ min: 1, max: 200 }),
      part,
    }),
    fc.record({ kind: fc.constant('apply' as const), nth, part }),
    fc.record({ kind: fc.constant('rebuild' as const), nth, parts: fc.subarray([0, 1, 2]) }),
    fc.record({ kind: fc.constant('compact' as const), day: fc.constantFrom(...DAYS) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 10, maxLength: 40 }),
      fc.tuple(nth, nth),
      async (steps, [one, other]) => {
        const store = new MemoryObjectStore();
        const gold = openS3Gold(store, () => NOW_MS);
        let sequence = 1;
        for (const each of steps) {
          if (each.kind === 'read') {
            const to = each.to * 60 + 30;
            const keys = [each.to, Math.max(0, each.to - 1)].map(of => keyIn(of, String(each.part)));
            sequence += 1;
            await gold.recordReads([{ ...read(sequence, [to - each.minutes, to], []), keys }]);
          } else if (each.kind === 'apply') await apply(gold, each.nth, String(each.part));
          else if (each.kind === 'rebuild') await rebuild(gold, each.nth, each.parts.map(String));
          else await compactDay(store, each.day);
        }
        const range: readonly [number, number] = [
          startOf(Math.min(one, other)) / 1000,
          startOf(Math.max(one, other) + 1) / 1000,
        ];
        for (const asked of [undefined, range]) {
          const { said } = await known(store, asked);
          expect(said).toEqual((await known(await withoutDays(store), asked)).said);
        }
      },
    ),
    { numRuns: 60 },
  );
});
