/** An hour of which bronze has expired: a backfill fills what the stream did not give, and nothing else. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hourPrefix } from '../../src/core/ids.ts';
import type { MinuteRow } from '../../src/core/minute-counts.ts';
import type { FilledHour } from '../../src/storage/gold.ts';
import { goldRows } from '../support/exactness.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const source = { url: 'https://stream.example/recentchange', simulated: true };
let hours = 0;

/** An hour that no other test uses. */
function freshHour() {
  hours += 1;
  const hour = `2026-11-20T${String(hours).padStart(2, '0')}`;
  const start = Date.parse(`${hour}:00:00Z`);
  const iso = (minute: number): string => new Date(start + minute * 60_000).toISOString().replace('.000', '');
  const row = (minute: number, edits: number, change: Partial<MinuteRow> = {}): MinuteRow => ({
    minute: start / 1000 + minute * 60,
    wiki: 'enwiki',
    isBot: false,
    edits,
    bytesChange: 0,
    ...change,
  });
  const filled = (rows: readonly MinuteRow[], change: Partial<FilledHour> = {}): FilledHour => ({
    hour,
    keys: [`${hourPrefix(hour)}part-api-enwiki-0000-6000.ndjson.gz`],
    rows,
    wikis: ['enwiki'],
    areRowsExact: true,
    sources: [source],
    ...change,
  });
  return { hour, start, iso, row, filled, key: `${hourPrefix(hour)}part-000000000001-a.ndjson.gz` };
}

describe('an hour that lost its bronze', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  const rowsOf = ({ iso }: ReturnType<typeof freshHour>) => goldRows(world, iso(0), iso(60));
  /** The stream was read from minute 10 to 50, and counted these rows. */
  const counted = async (of: ReturnType<typeof freshHour>, rows: readonly MinuteRow[], covered = true) => {
    const { hour, start, key } = of;
    await world.gold.replaceHour({
      hour,
      keys: [key],
      counts: { rows, events: 0, edits: 0, distinct: 0, late: 0, unusable: 0 },
      sources: [source],
      isSealed: true,
      covered: covered ? [start + 600_000, start + 3_000_000] : undefined,
    });
  };

  test('gets the minutes that the stream was not read in; the others stay', async () => {
    const of = freshHour();
    const { iso, row, filled } = of;
    await counted(of, [row(9, 1), row(10, 2), row(49, 3), row(50, 4)]);
    const brought = [row(5, 50), row(9, 90), row(10, 99), row(49, 99), row(50, 80)];
    expect(await world.gold.fillHour(filled(brought))).toBe(3);
    expect(await rowsOf(of)).toEqual(
      [
        [5, 50],
        [9, 90],
        [10, 2],
        [49, 3],
        [50, 80],
      ].map(([minute = 0, edits]) => `${iso(minute)} enwiki false ${edits} 0`),
    );
    expect(await world.gold.fillHour(filled(brought))).toBe(0);
  });

  test('gets the minutes of a gap', async () => {
    const of = freshHour();
    const { iso, row, filled } = of;
    await counted(of, [row(20, 1), row(21, 2), row(23, 3)]);
    await world.gold.recordGap({ id: `gap ${of.hour}`, cause: 'offsets', from: iso(21), to: iso(22) });
    await world.gold.fillHour(filled([row(20, 9), row(21, 9), row(23, 9)]));
    expect(await rowsOf(of)).toEqual([
      `${iso(20)} enwiki false 1 0`,
      `${iso(21)} enwiki false 9 0`,
      `${iso(23)} enwiki false 3 0`,
    ]);
  });

  test('gets all where no stream was read, and loses there what the backfill does not have', async () => {
    const of = freshHour();
    const { iso, row, filled } = of;
    await counted(of, [row(20, 1), row(30, 1, { isBot: true })], false);
    await world.gold.fillHour(filled([row(20, 5), row(31, 5)]));
    expect(await rowsOf(of)).toEqual([`${iso(20)} enwiki false 5 0`, `${iso(31)} enwiki false 5 0`]);
  });

  test('keeps wikis that the backfill does not bring', async () => {
    const of = freshHour();
    const { iso, row, filled } = of;
    await counted(of, [row(5, 1, { wiki: 'dewiki' })]);
    await world.gold.fillHour(filled([row(5, 7), row(5, 9, { wiki: 'dewiki' })]));
    expect(await rowsOf(of)).toEqual([`${iso(5)} dewiki false 1 0`, `${iso(5)} enwiki false 7 0`]);
  });

  test('gets back rows that were deleted, but not by what a dump takes for edits', async () => {
    const of = freshHour();
    const { iso, row, filled } = of;
    await counted(of, [row(20, 1), row(21, 2), row(21, 2, { isBot: true })]);
    await world.sql.query('delete from gold.edits_per_min where ts_minute = $1', [iso(21)]);
    const brought = [row(20, 9, { isBot: true }), row(21, 2), row(21, 2, { isBot: true })];
    await world.gold.fillHour(filled(brought, { areRowsExact: false }));
    expect(await rowsOf(of)).toEqual([`${iso(20)} enwiki false 1 0`]);
    expect(await world.gold.fillHour(filled(brought))).toBe(2);
    expect(await rowsOf(of)).toEqual([
      `${iso(20)} enwiki false 1 0`,
      `${iso(21)} enwiki false 2 0`,
      `${iso(21)} enwiki true 2 0`,
    ]);
  });
});
