/** The generator of hostile events: repeatable, one line each, and a good mix of events that count and that do not. */
import { describe, expect, test } from 'vitest';
import { TRAPS, cutAt, hostileLine, hostilePart } from './hostile-events.ts';
import { STREAM } from './stream.ts';

const SEEDS = Array.from({ length: 5_000 }, (_, seed) => seed);
const RULES = { nowMs: Number.POSITIVE_INFINITY };

describe('hostile events', () => {
  test('are the same for the same seed, and differ between seeds', () => {
    expect(hostileLine(7)).toEqual(hostileLine(7));
    const distinct = new Set(SEEDS.map(seed => hostileLine(seed).toString('latin1')));
    expect(distinct.size).toBeGreaterThan(SEEDS.length * 0.8);
  });

  test('never contain a line end', () => {
    expect(SEEDS.filter(seed => hostileLine(seed).includes(10))).toEqual([]);
    expect(TRAPS.filter(({ line }) => line.includes(10))).toEqual([]);
    expect(new Set(TRAPS.map(({ name }) => name)).size).toBe(TRAPS.length);
  });

  test('are counted often enough to reveal a wrong count, and refused for every reason', () => {
    const outcomes = new Map<string, number>();
    for (const seed of SEEDS) {
      const reading = STREAM.judge(hostileLine(seed).toString('utf8'), RULES);
      const name =
        reading.kind === 'dead'
          ? reading.reason
          : reading.kind === 'event' && reading.edit
            ? 'edit'
            : reading.kind;
      outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
    }
    const isScarce = (name: string, share: number): boolean =>
      (outcomes.get(name) ?? 0) < share * SEEDS.length;
    const others = [
      'event',
      'canary',
      'not_json',
      'not_object',
      'missing_meta_id',
      'bad_wiki',
      'bad_timestamp',
    ];
    const rare = [...others, 'bad_revision', 'bad_length'].filter(name => isScarce(name, 0.003));
    expect(rare).toEqual([]);
    expect(isScarce('edit', 0.1)).toBe(false);
  });

  test('are cut into pieces that make up the whole', () => {
    const part = hostilePart([1, 2, 3]);
    expect(part.toString('latin1')).toBe(
      [1, 2, 3].map(seed => `${hostileLine(seed).toString('latin1')}\n`).join(''),
    );
    expect(hostilePart([1, 2, 3], { finalNewline: false })).toEqual(part.subarray(0, -1));
    const pieces = cutAt(part, [5, 5, 1_000_000, 0, part.length]);
    expect(pieces).toHaveLength(6);
    expect(Buffer.concat(pieces)).toEqual(part);
  });
});
