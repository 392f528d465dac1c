import * as fc from 'fast-check';
import type { AsyncBuffer } from 'hyparquet';
import { expect, test } from 'vitest';
import type { MinuteRow } from '../../../src/core/minute-counts.ts';
import { GoldFile, encodeGold } from '../../../src/gold/parquet/row-file.ts';

const MINUTE = 1_763_632_800;

/** A file in memory that counts the bytes read from it. */
function counting(bytes: Uint8Array): AsyncBuffer & { bytesRead: number } {
  const buffer = bytes.slice().buffer;
  return {
    bytesRead: 0,
    byteLength: buffer.byteLength,
    slice(start, end) {
      const slice = buffer.slice(start, end);
      this.bytesRead += slice.byteLength;
      return slice;
    },
  };
}

const open = (bytes: Uint8Array): Promise<GoldFile> => GoldFile.open(counting(bytes));

const row = (wiki: string, nth: number, rest: Partial<MinuteRow> = {}): MinuteRow => ({
  minute: MINUTE + nth * 60,
  wiki,
  isBot: false,
  edits: 1,
  bytesChange: 0,
  ...rest,
});

test('sorts rows by wiki, minute, humans before bots', async () => {
  const rows = [
    row('enwiki', 1),
    row('dewiki', 5, { isBot: true, edits: 7, bytesChange: -90 }),
    row('dewiki', 5, { edits: 2 }),
    row('enwiki', 0, { bytesChange: 4_096 }),
    row('dewiki', 4),
  ];
  const file = await open(await encodeGold(rows, { hour: '2025-11-20T10' }));
  expect(await file.rows()).toEqual([4, 2, 1, 3, 0].map(at => rows[at]));
  expect(file.length).toBe(5);
  expect(file.footer).toEqual({ hour: '2025-11-20T10' });
});

test('returns any rows it was given, and makes the same bytes for any order of them', async () => {
  const minuteRow = fc.record({
    minute: fc.integer({ min: 0, max: 60 * 24 * 366 }).map(nth => MINUTE + nth * 60),
    wiki: fc.stringMatching(/^[a-z0-9_]{1,64}$/),
    isBot: fc.boolean(),
    edits: fc.integer({ min: 1, max: 2_147_483_647 }),
    bytesChange: fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
  });
  const identity = ({ wiki, minute, isBot }: MinuteRow): string => `${wiki} ${minute} ${isBot}`;
  const anyRows = fc.uniqueArray(minuteRow, { selector: identity, maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(anyRows, async rows => {
      const bytes = await encodeGold(rows, null);
      const file = await open(bytes);
      const back = await file.rows();
      expect(new Map(back.map(each => [identity(each), each]))).toEqual(
        new Map(rows.map(each => [identity(each), each])),
      );
      expect(back).toHaveLength(rows.length);
      expect(Buffer.compare(await encodeGold(rows.toReversed(), null), bytes)).toBe(0);
    }),
    { numRuns: 100 },
  );
});

test('encodes an hour without edits as a file without rows', async () => {
  const file = await open(await encodeGold([], {}));
  expect(await file.rows()).toEqual([]);
  expect(await file.rowsOf('enwiki')).toEqual([]);
});

test('reads one wiki of a day without most of the file', async () => {
  const wikis = Array.from({ length: 60 }, (_, nth) => `w${String(nth).padStart(2, '0')}wiki`);
  const rows = wikis.flatMap(wiki =>
    Array.from({ length: 1_440 }, (_, nth) => row(wiki, nth, { edits: 1 + (nth % 97) })),
  );
  const bytes = await encodeGold(rows, {});
  const counted = counting(bytes);
  const gold = await GoldFile.open(counted);
  counted.bytesRead = 0;
  expect(await gold.rowsOf('w31wiki')).toEqual(rows.filter(({ wiki }) => wiki === 'w31wiki'));
  expect(counted.bytesRead).toBeLessThan(bytes.length / 4);
  expect(await gold.rowsOf('unknownwiki')).toEqual([]);
});

test('clamps sums to 32 bits as Postgres does', async () => {
  const file = await open(
    await encodeGold(
      [row('enwiki', 0, { bytesChange: 2 ** 40 }), row('enwiki', 1, { bytesChange: -(2 ** 40) })],
      {},
    ),
  );
  expect((await file.rows()).map(({ bytesChange }) => bytesChange)).toEqual([2_147_483_647, -2_147_483_648]);
});

test('rejects anything but a Parquet file', async () => {
  await expect(
    open(new TextEncoder().encode('neither this nor that, but long enough')),
  ).rejects.toMatchObject({
    code: 'object_unreadable',
  });
});
