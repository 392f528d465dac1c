/** Lines of many hours on disk, and growing parts: every line comes back, in order, with its counts. */
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { GrowingPart, digestOf } from '../../src/backfill/parts.ts';
import { HourSpill } from '../../src/backfill/hour-spill.ts';

const HOURS = ['2026-01-02T03', '2026-01-02T04', '2025-12-31T23'];
/** More than is kept in memory: about 300 KB an hour. */
const LINES = 3_000;
const lineOf = (hour: string, n: number): string => `{"hour":"${hour}","n":${n},"text":"${'x'.repeat(60)}"}`;

function foldersOnDisk(): string[] {
  return readdirSync(tmpdir()).filter(name => name.startsWith('wikigauge-dump-'));
}

describe('HourSpill', () => {
  test('returns the lines of each hour in order, and removes its folder', async () => {
    const before = foldersOnDisk();
    const spill = await HourSpill.open();
    for (let n = 0; n < LINES; n++)
      for (const hour of HOURS) await spill.add(hour, Buffer.from(lineOf(hour, n)), n % 3 === 0);
    expect(spill.hours).toEqual([...HOURS].sort());
    for (const hour of HOURS) {
      const { body, events, edits } = await spill.finish(hour);
      expect([events, edits]).toEqual([LINES, LINES / 3]);
      const lines = Array.from({ length: LINES }, (_, n) => `${lineOf(hour, n)}\n`).join('');
      expect(gunzipSync(body).toString()).toBe(lines);
    }
    expect((await spill.finish('2026-01-02T05')).events).toBe(0);
    const [folder = ''] = foldersOnDisk().filter(name => !before.includes(name));
    expect(folder).not.toBe('');
    await spill.close();
    expect(existsSync(`${tmpdir()}/${folder}`)).toBe(false);
  });
});

describe('GrowingPart', () => {
  async function partOf(lines: readonly string[]) {
    const part = new GrowingPart();
    for (const [i, line] of lines.entries()) await part.add(Buffer.from(line), i % 2 === 0);
    return part.finish();
  }

  test('the same lines make the same bytes, in many gzip members', async () => {
    const lines = Array.from({ length: 40_000 }, (_, n) => lineOf('h', n));
    const [one, other] = [await partOf(lines), await partOf(lines)];
    expect([one.events, one.edits]).toEqual([40_000, 20_000]);
    expect(gunzipSync(one.body).toString()).toBe(lines.map(line => `${line}\n`).join(''));
    expect(digestOf(one.body)).toBe(digestOf(other.body));
    expect(digestOf(one.body)).toMatch(/^[0-9a-f]{12}$/);
    expect(digestOf((await partOf(lines.slice(1))).body)).not.toBe(digestOf(one.body));
  });

  test('without lines it has no events', async () => {
    expect(await partOf([])).toMatchObject({ events: 0, edits: 0 });
  });
});
