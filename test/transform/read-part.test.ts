/** The audit says where the stream was read, so that a backfill knows which minutes are its own. */
import { expect, test } from 'vitest';
import { readPartOf } from '../../src/transform/read-part.ts';

const START = Date.parse('2026-11-20T10:00:00Z');
const at = (minute: number): number => START + minute * 60_000;
const range = (from: number, to: number) => ({ fromMs: at(from), toMs: at(to) });
const partOf = (started: number | undefined, read: object[], pending: object[] = [], now = 500) =>
  readPartOf(
    '2026-11-20T10',
    started === undefined ? undefined : at(started),
    { read, pending } as Parameters<typeof readPartOf>[2],
    at(now),
  );

test('an hour was read as far as records say, whether or not gold has their parts', () => {
  expect(partOf(-60, [range(-60, 20)])).toEqual([at(0), at(20)]);
  expect(partOf(-60, [range(-60, 20)], [range(20, 30)])).toEqual([at(0), at(30)]);
  expect(partOf(15, [range(15, 200)])).toEqual([at(15), at(60)]);
});

test('where records say nothing, as those of earlier versions, it was read to its end or until now', () => {
  expect(partOf(-60, [])).toEqual([at(0), at(60)]);
  expect(partOf(-60, [range(70, 90)])).toEqual([at(0), at(60)]);
  expect(partOf(-60, [], [], 25)).toEqual([at(0), at(25)]);
});

test('an hour without parts was read where records say so', () => {
  expect(partOf(undefined, [range(-30, 200)])).toEqual([at(0), at(60)]);
  expect(partOf(undefined, [range(20, 30)], [range(30, 40)])).toEqual([at(20), at(40)]);
});

test('an hour before reading first started was not read', () => {
  expect(partOf(undefined, [])).toBeUndefined();
  expect(partOf(undefined, [range(60, 90)])).toBeUndefined();
  expect(partOf(60, [])).toBeUndefined();
});
