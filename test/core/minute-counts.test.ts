/** ⑤ The transform core yields the same rows as a naive reader of the whole text, for any bytes cut anywhere. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countMinutes } from '../../src/core/minute-counts.ts';
import type { MinuteRow, PartCounts } from '../../src/core/minute-counts.ts';
import { recentChange } from '../../src/recentchange/definition.ts';
import { CAPTURED_FILES, readCapturedFile } from '../support/captured.ts';
import { TRAPS, cutAt, hostilePart, streamed } from '../support/hostile-events.ts';

const EDIT_TYPES = new Set(['edit']);
const EDITS_AND_NEW = new Set(['edit', 'new']);
const TIME = 1_763_632_800;

interface Event {
  type?: unknown;
  wiki?: unknown;
  timestamp?: unknown;
  bot?: unknown;
  meta?: { id?: unknown; domain?: unknown } | null;
  length?: { old?: unknown; new?: unknown } | null;
  revision?: { new?: unknown } | null;
}

/** The same rules in the most obvious way: decode everything, split, parse, count. */
function naively(bytes: Buffer, editTypes: ReadonlySet<string>): PartCounts {
  const lines = new TextDecoder('utf-8', { ignoreBOM: true })
    .decode(bytes)
    .split('\n')
    .filter(line => line !== '');
  const events = lines.map(parsed).filter(isUsable(editTypes));
  const edits = events.filter(({ type }) => isCounted(type, editTypes));
  const nameOf = ({ timestamp, wiki, bot }: Event): string =>
    JSON.stringify([minuteOf(timestamp), wiki, bot === true]);
  const rows = [...new Set(edits.map(nameOf))].map((name): MinuteRow => {
    const [minute, wiki, isBot] = JSON.parse(name) as [number, string, boolean];
    const group = edits.filter(edit => nameOf(edit) === name);
    const changes = group.map(({ length }) => Number(length?.new ?? 0) - Number(length?.old ?? 0));
    return {
      minute,
      wiki,
      isBot,
      edits: group.length,
      bytesChange: changes.reduce((sum, change) => sum + change, 0),
    };
  });
  const inOrder = rows.sort(
    (a, b) =>
      a.minute - b.minute ||
      Number(a.wiki > b.wiki) - Number(a.wiki < b.wiki) ||
      Number(a.isBot) - Number(b.isBot),
  );
  return {
    rows: inOrder,
    events: events.length,
    edits: edits.length,
    unusable: lines.length - events.length,
  };
}

function parsed(line: string): Event | undefined {
  try {
    return JSON.parse(line) as Event;
  } catch {
    return undefined;
  }
}

function minuteOf(timestamp: unknown): number {
  return Number(timestamp) - (Number(timestamp) % 60);
}

function isUsable(editTypes: ReadonlySet<string>): (event: Event | undefined) => event is Event {
  const isObject = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);
  const isSize = (value: unknown): boolean =>
    (isInteger(value) && Math.abs(value) < 2 ** 31) || (value ?? null) === null;
  return (event): event is Event => {
    if (!isObject(event) || event === undefined || !isObject(event.meta)) return false;
    const { meta, wiki, timestamp, type, revision, length } = event;
    if (meta?.domain === 'canary' || typeof meta?.id !== 'string' || meta.id === '') return false;
    if (typeof wiki !== 'string' || !/^[a-z0-9_]{1,64}$/.test(wiki)) return false;
    if (!isInteger(timestamp) || timestamp < 979_516_800 || timestamp > 253_402_300_799) return false;
    if (!isCounted(type, editTypes)) return true;
    if (!isObject(revision) || !isInteger(revision?.new)) return false;
    return (length ?? null) === null || (isObject(length) && isSize(length?.old) && isSize(length?.new));
  };
}

function isCounted(type: unknown, editTypes: ReadonlySet<string>): boolean {
  return typeof type === 'string' && editTypes.has(type);
}

/** As stored: minus zero becomes zero. */
function settled(counts: PartCounts): PartCounts {
  return { ...counts, rows: counts.rows.map(row => ({ ...row, bytesChange: row.bytesChange + 0 })) };
}

async function counted(
  pieces: Iterable<Uint8Array>,
  editTypes: ReadonlySet<string> = EDIT_TYPES,
): Promise<PartCounts> {
  return settled(await countMinutes(streamed(pieces), recentChange([...editTypes])));
}

/** Counts of several parts as gold adds them. */
function added(all: readonly PartCounts[]): PartCounts {
  const rows = new Map<string, MinuteRow>();
  for (const row of all.flatMap(counts => counts.rows)) {
    // Sorts as the rows do: a blank is less than any character of a name.
    const name = `${String(row.minute).padStart(12, '0')} ${row.wiki} ${Number(row.isBot)}`;
    const { edits = 0, bytesChange = 0 } = rows.get(name) ?? {};
    rows.set(name, { ...row, edits: edits + row.edits, bytesChange: bytesChange + row.bytesChange });
  }
  const total = (count: (counts: PartCounts) => number): number =>
    all.reduce((sum, each) => sum + count(each), 0);
  return {
    rows: [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row),
    events: total(({ events }) => events),
    edits: total(({ edits }) => edits),
    unusable: total(({ unusable }) => unusable),
  };
}

/** A line of an edit. */
function edit(minute: number, wiki: string, bot: boolean, bytes = 1): string {
  const meta = { id: 'm' };
  return JSON.stringify({
    meta,
    type: 'edit',
    wiki,
    bot,
    timestamp: minute,
    length: { old: 0, new: bytes },
    revision: { new: 1 },
  });
}

describe('minute counts', () => {
  test('have no rows for no lines', async () => {
    const nothing = { rows: [], events: 0, edits: 0, unusable: 0 };
    expect(await counted([])).toEqual(nothing);
    expect(await counted([Buffer.alloc(0), Buffer.from('\n\n'), Buffer.from('\n')])).toEqual(nothing);
  });

  test('are sorted by minute, wiki in byte order, humans before bots', async () => {
    const lines = [
      edit(TIME + 60, 'aawiki', false),
      edit(TIME, 'enwiki', true),
      edit(TIME + 59, 'enwiki', false, -3),
      edit(TIME, 'en_wiki', false),
      edit(TIME, 'enwiki', false, 5),
      edit(TIME, 'en2wiki', false),
    ];
    const { rows } = await counted([Buffer.from(lines.join('\n'))]);
    expect(rows).toEqual([
      { minute: TIME, wiki: 'en2wiki', isBot: false, edits: 1, bytesChange: 1 },
      { minute: TIME, wiki: 'en_wiki', isBot: false, edits: 1, bytesChange: 1 },
      { minute: TIME, wiki: 'enwiki', isBot: false, edits: 2, bytesChange: 2 },
      { minute: TIME, wiki: 'enwiki', isBot: true, edits: 1, bytesChange: 1 },
      { minute: TIME + 60, wiki: 'aawiki', isBot: false, edits: 1, bytesChange: 1 },
    ]);
  });

  test('sort minutes as numbers, not as text', async () => {
    const minutes = [253_402_300_740, 999_999_960, 1_000_000_020, 9_999_999_960, 10_000_000_020];
    const { rows } = await counted([Buffer.from(minutes.map(minute => edit(minute, 'a', false)).join('\n'))]);
    expect(rows.map(({ minute }) => minute)).toEqual(minutes.toSorted((a, b) => a - b));
  });

  test('sum beyond 32 bits without loss', async () => {
    const line = edit(TIME, 'enwiki', false, 2 ** 31 - 1);
    const { rows } = await counted([Buffer.from(`${line}\n`.repeat(1000))]);
    expect(rows).toMatchObject([{ edits: 1000, bytesChange: 1000 * (2 ** 31 - 1) }]);
  });

  test('do not depend on the clock: an event from the future counts', async () => {
    expect(await counted([Buffer.from(edit(4_102_444_800, 'enwiki', false))])).toMatchObject({ edits: 1 });
  });

  test('count canaries as unusable, because ingest stores none', async () => {
    const canary = JSON.stringify({ meta: { id: 'x', domain: 'canary' } });
    expect(await counted([Buffer.from(canary)])).toMatchObject({ events: 0, unusable: 1 });
  });

  test('fail when the stream fails', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(edit(TIME, 'enwiki', false));
      await Promise.resolve();
      throw new Error('unexpected end of file');
    }
    await expect(countMinutes(broken(), recentChange())).rejects.toThrow('unexpected end of file');
  });

  test.each(TRAPS)('survive $name', async ({ line }) => {
    const good = Buffer.from(`\n${edit(TIME, 'after', false)}\n`);
    const part = Buffer.concat([line, good, line, good, line]);
    for (const editTypes of [EDITS_AND_NEW, new Set<string>()]) {
      expect(await counted([part], editTypes)).toEqual(settled(naively(part, editTypes)));
    }
    const expected = settled(naively(part, EDIT_TYPES));
    // Every possible cut in two, in and around the trap.
    for (let at = 0; at <= Math.min(line.length, 700); at += 1) {
      expect(await counted(cutAt(part, [at]))).toEqual(expected);
    }
  });

  test('survive all traps one byte at a time', async () => {
    const part = Buffer.concat(TRAPS.flatMap(({ line }) => [line, Buffer.from('\n')]));
    const expected = settled(naively(part, EDIT_TYPES));
    const single = Array.from(part, byte => Uint8Array.of(byte));
    expect(await counted(single)).toEqual(expected);
    expect(expected.events).toBeGreaterThan(20);
    expect(expected.unusable).toBeGreaterThan(20);
  });

  test('equal the naive count on hostile parts, however they are cut', async () => {
    const parts = fc.record({
      editTypes: fc.constantFrom(EDIT_TYPES, EDITS_AND_NEW),
      seeds: fc.array(fc.nat(), { maxLength: 40 }),
      finalNewline: fc.boolean(),
      cuts: fc.array(fc.nat(), { maxLength: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(parts, async ({ editTypes, seeds, finalNewline, cuts }) => {
        const part = hostilePart(seeds, { finalNewline });
        expect(await counted(cutAt(part, cuts), editTypes)).toEqual(settled(naively(part, editTypes)));
      }),
      { numRuns: 1_000 },
    );
  });

  test('of parts add up to the counts of all their lines in any order', async () => {
    const split = fc
      .array(fc.array(fc.nat(), { maxLength: 12 }), { minLength: 1, maxLength: 5 })
      .chain(parts => {
        const all = parts.flat();
        return fc.tuple(fc.constant(parts), fc.shuffledSubarray(all, { minLength: all.length }));
      });
    await fc.assert(
      fc.asyncProperty(split, async ([parts, shuffled]) => {
        const single = await Promise.all(parts.map(seeds => counted([hostilePart(seeds)])));
        expect(added(single)).toEqual(await counted([hostilePart(shuffled)]));
      }),
      { numRuns: 300 },
    );
  });

  test('equal the naive count on bytes of any kind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array()), async pieces => {
        expect(await counted(pieces)).toEqual(settled(naively(Buffer.concat(pieces), EDIT_TYPES)));
      }),
    );
  });

  test('take time linear in its length for a line of 10 MB in small chunks', async () => {
    const comment = '\\"type\\":\\"log\\",\u2028'.repeat(500_000);
    const line = edit(TIME, 'enwiki', true, 7).replace('{', `{"comment":"${comment}",`);
    const part = Buffer.from(`${edit(TIME, 'a', false)}\n${line}\n${edit(TIME, 'b', false)}`);
    expect(part.length).toBeGreaterThan(10_000_000);
    const cuts = Array.from({ length: Math.floor(part.length / 1_024) }, (_, i) => i * 1_024);
    const startMs = performance.now();
    expect(await counted(cutAt(part, cuts))).toEqual(settled(naively(part, EDIT_TYPES)));
    // Joining at each of the 10,000 chunks would copy 50 GB.
    expect(performance.now() - startMs).toBeLessThan(8_000);
  });
});

describe('minute counts of captured events', () => {
  test.each(CAPTURED_FILES)('$name', async ({ name, rows, edits, pageCreations }) => {
    const part = readCapturedFile(name);
    const cuts = Array.from({ length: Math.floor(part.length / 1_000) }, (_, i) => i * 1_000);
    const counts = await counted(cutAt(part, cuts));
    expect(counts).toEqual(settled(naively(part, EDIT_TYPES)));
    expect(counts).toMatchObject({ events: rows, edits, unusable: 0 });
    const withNew = await counted([part], EDITS_AND_NEW);
    expect(withNew).toEqual(settled(naively(part, EDITS_AND_NEW)));
    expect(withNew.edits).toBe(edits + pageCreations);
  });
});
