/** What a worker publishes: which parts, for how long, and what of them has changed. */
import { describe, expect, test } from 'vitest';
import type { LivePart } from '../../src/contracts/live-frame.ts';
import type { MinuteRow } from '../../src/core/minute-counts.ts';
import { FrameChanges } from '../../src/live/frame-changes.ts';
import { LiveParts } from '../../src/live/parts.ts';

const row = (wiki: string, edits: number, minute = 60): MinuteRow => ({
  minute,
  wiki,
  isBot: false,
  edits,
  bytesChange: edits * 10,
});
const open = (key: string, ...rows: MinuteRow[]): LivePart => ({ key, kind: 'open', rows });
const POSITION = { positions: { topic: 5 } };

describe('parts', () => {
  test('are repeated for a minute after gold was seen to have them', () => {
    const parts = new LiveParts('a', 1);
    parts.stored([{ key: 'one', rows: [row('enwiki', 1)] }]);
    parts.answered(['one'], ['one'], 1_000);
    expect(parts.waiting).toEqual(['one']);
    parts.answered(['one'], [], 2_000);
    expect(parts.waiting).toEqual([]);
    expect(parts.frame([], POSITION).parts).toMatchObject([{ key: 'one', kind: 'stored', isInGold: true }]);
    parts.answered([], [], 62_000);
    expect(parts.frame([], POSITION).parts).toHaveLength(1);
    parts.answered([], [], 62_001);
    expect(parts.frame([], POSITION).parts).toEqual([]);
  });

  test('of earlier attempts are known once they are listed', () => {
    const parts = new LiveParts('a', 1);
    expect(parts.frame([], POSITION).isListed).toBe(false);
    parts.listed([{ key: 'old' }]);
    expect(parts.frame([], POSITION)).toMatchObject({
      isListed: true,
      parts: [{ key: 'old', kind: 'stored' }],
    });
    expect(parts.frame([], POSITION).parts[0]).not.toHaveProperty('rows');
  });

  test('beyond fifty that wait for gold have their names only, the oldest first', () => {
    const parts = new LiveParts('a', 1);
    for (let n = 0; n < 52; n += 1) parts.stored([{ key: `part ${n}`, rows: [row('enwiki', n)] }]);
    const named = parts.frame([], POSITION).parts.filter(({ rows }) => rows === undefined);
    expect(named.map(({ key }) => key)).toEqual(['part 0', 'part 1']);
  });

  test('with more rows than a frame has room for have their names only', () => {
    const many = Array.from({ length: 30_000 }, (_, n) => row('enwiki', 1, n * 60));
    const parts = new LiveParts('a', 1);
    parts.stored([{ key: 'stored', rows: many }]);
    const [first, second] = parts.frame([open('open', ...many)], POSITION).parts;
    expect(first?.rows).toHaveLength(30_000);
    expect(second).toEqual({ key: 'stored', kind: 'stored' });
  });
});

describe('changes', () => {
  const whole = (parts: readonly LivePart[], attempt = 'a') => ({
    attempt,
    fence: 1,
    isListed: true,
    ...POSITION,
    parts,
    isWhole: true,
  });

  test('are the rows that differ, with their totals', () => {
    const changes = new FrameChanges();
    expect(changes.to(whole([open('one', row('enwiki', 1), row('dewiki', 2))]))).toMatchObject({
      isWhole: true,
    });
    const next = changes.to(whole([open('one', row('enwiki', 3), row('dewiki', 2))]));
    expect(next).toMatchObject({ isWhole: false, parts: [{ key: 'one', rows: [row('enwiki', 3)] }] });
    expect(changes.to(whole([open('one', row('enwiki', 3), row('dewiki', 2))])).parts).toEqual([]);
  });

  test('are also that a part was stored, came into gold, or lost its rows', () => {
    const rows = [row('enwiki', 1)];
    const steps: readonly LivePart[] = [
      { key: 'one', kind: 'open', rows },
      { key: 'one', kind: 'stored', rows },
      { key: 'one', kind: 'stored', rows, isInGold: true },
      { key: 'one', kind: 'stored', isInGold: true },
    ];
    const changes = new FrameChanges();
    for (const part of steps) expect(changes.to(whole([part])).parts).toHaveLength(1);
    expect(changes.to(whole([steps.at(-1) ?? open('one')])).parts).toEqual([]);
  });

  test('begin anew with another attempt', () => {
    const changes = new FrameChanges();
    changes.to(whole([open('one', row('enwiki', 1))]));
    expect(changes.to(whole([open('one', row('enwiki', 1))], 'b'))).toMatchObject({ isWhole: true });
  });
});
