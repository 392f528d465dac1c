import { describe, expect, it } from 'vitest';
import { GARBAGE_KINDS, GarbageGenerator, type GarbageKind } from '../../../dev/simulator/garbage.ts';

const TOPIC = 'eqiad.mediawiki.recentchange';
const NOW_MS = Date.parse('2026-11-20T10:00:00Z');

/** The rules for a usable edit, written separately from src on purpose. */
function usable(body: string | Uint8Array): boolean {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return false;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { meta, wiki, timestamp, revision, length } = value as Record<string, unknown>;
  const isInteger = (n: unknown) => Number.isInteger(n);
  const sides = Object.values(length ?? {});
  return (
    typeof (meta as { id?: unknown } | undefined)?.id === 'string' &&
    typeof wiki === 'string' &&
    /^[a-z0-9_]{1,64}$/.test(wiki) &&
    isInteger(timestamp) &&
    Number(timestamp) >= Date.parse('2001-01-15') / 1000 &&
    Number(timestamp) <= NOW_MS / 1000 + 86_400 &&
    isInteger((revision as { new?: unknown } | undefined)?.new) &&
    sides.every(isInteger)
  );
}

describe('garbage', () => {
  it.each(GARBAGE_KINDS)('%s is unusable at any offset', kind => {
    const generator = new GarbageGenerator(1);
    for (let offset = 5_000_000_000; offset < 5_000_000_020; offset++) {
      const body = generator.bodyOf(kind, TOPIC, offset, NOW_MS);
      expect(usable(body)).toBe(false);
      expect(Buffer.from(body).includes(10)).toBe(false);
      expect(generator.bodyOf(kind, TOPIC, offset, NOW_MS)).toEqual(body);
    }
  });

  it.each(GARBAGE_KINDS.filter(kind => kind !== 'empty-object'))('%s is unique', kind => {
    const generator = new GarbageGenerator(1);
    const bodies = Array.from({ length: 50 }, (_, i) =>
      Buffer.from(generator.bodyOf(kind, TOPIC, 6_000_000_000 + i, NOW_MS)).toString('latin1'),
    );
    expect(new Set(bodies).size).toBe(50);
  });

  it('has the requested frequency and all kinds, sometimes with a megabyte', () => {
    const generator = new GarbageGenerator(3);
    const kinds = new Map<GarbageKind, number>();
    let count = 0;
    for (let offset = 5_000_000_000; offset < 5_000_200_000; offset++) {
      const kind = generator.kindAfter(TOPIC, offset, 0.01);
      if (kind === undefined) continue;
      count++;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    expect(count / 200_000).toBeGreaterThan(0.009);
    expect(count / 200_000).toBeLessThan(0.011);
    expect(kinds.size).toBe(GARBAGE_KINDS.length);
    expect((kinds.get('huge') ?? 0) / count).toBeLessThan(0.03);
    expect(generator.bodyOf('huge', TOPIC, 1, NOW_MS).length).toBeGreaterThan(1_000_000);
    expect(generator.kindAfter(TOPIC, 5_000_000_000, 0)).toBeUndefined();
  });
});
