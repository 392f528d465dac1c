/** Invariant 2 in gold: each revision of an hour counts once, as in the first part that contains it. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countDistinct, countMinutes } from '../../src/core/minute-counts.ts';
import type { HourCounts, PartLines } from '../../src/core/minute-counts.ts';
import { STREAM } from '../support/stream.ts';

const START = 1_763_632_800;

interface Edit {
  readonly revision: number;
  readonly wiki?: string;
  readonly second?: number;
  readonly bytes?: number;
  /** Seconds from the edit until it was sent. */
  readonly delay?: number;
}

let serial = 0;

function lineOf({ revision, wiki = 'enwiki', second = 0, bytes = 1, delay = 0 }: Edit): string {
  serial += 1;
  const timestamp = START + second;
  const meta = {
    id: `id-${serial}`,
    dt: new Date((timestamp + delay) * 1000).toISOString(),
    domain: 'x.org',
  };
  return JSON.stringify({
    meta,
    type: 'edit',
    wiki,
    timestamp,
    bot: false,
    length: { old: 0, new: bytes },
    revision: { new: revision },
  });
}

async function* chunksOf(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(lines.map(line => `${line}\n`).join(''));
}

async function count(parts: readonly (readonly Edit[])[], lateAfterMs = Infinity): Promise<HourCounts> {
  async function* open(): AsyncGenerator<PartLines> {
    for (const part of parts) yield { chunks: chunksOf(part.map(lineOf)), needsId: true };
  }
  return countDistinct(open(), STREAM, lateAfterMs);
}

describe('an hour', () => {
  test('counts a revision once across its parts, as in the first of them', async () => {
    const counts = await count([
      [{ revision: 1, bytes: 5 }, { revision: 2 }],
      [{ revision: 1, bytes: 900, second: 60 }, { revision: 3 }],
    ]);
    expect(counts).toMatchObject({ events: 4, edits: 4, distinct: 3 });
    expect(counts.rows).toEqual([{ minute: START, wiki: 'enwiki', isBot: false, edits: 3, bytesChange: 7 }]);
  });

  test('keeps revisions of different wikis apart, because each wiki numbers its own', async () => {
    const counts = await count([[{ revision: 1 }, { revision: 1, wiki: 'dewiki' }]]);
    expect(counts).toMatchObject({ distinct: 2 });
  });

  test('counts events sent after the given time as late', async () => {
    const parts = [
      [
        { revision: 1, delay: 10 },
        { revision: 2, delay: 11 },
        { revision: 2, delay: 50 },
      ],
    ];
    expect(await count(parts, (START + 10) * 1000)).toMatchObject({ late: 2, distinct: 2 });
  });

  test('equals a count of the distinct edits, however its parts are cut and repeated', async () => {
    const edit = fc.record({ revision: fc.nat(40), second: fc.nat(3_599), wiki: fc.constantFrom('a', 'b') });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { maxLength: 60 }), fc.nat(60), async (edits, cut) => {
        const seen = new Set<string>();
        const firsts = edits.filter(({ wiki, revision }) => {
          const name = `${wiki} ${revision}`;
          return !seen.has(name) && seen.add(name);
        });
        const once = await countMinutes(chunksOf(firsts.map(lineOf)), STREAM);
        const { rows, distinct, edits: all } = await count([edits.slice(0, cut), edits.slice(cut), edits]);
        expect(rows).toEqual(once.rows);
        expect(distinct).toBe(firsts.length);
        expect(all).toBe(2 * edits.length);
      }),
    );
  });
});

describe('an hour with lines that are not edits', () => {
  const LOG = JSON.stringify({
    meta: { id: 'log', dt: new Date((START + 99) * 1000).toISOString() },
    type: 'log',
    wiki: 'enwiki',
    timestamp: START,
  });
  const WITHOUT_ID = JSON.stringify({ ...(JSON.parse(LOG) as object), meta: {} });

  async function countLines(parts: readonly (readonly string[])[], needsId: boolean): Promise<HourCounts> {
    async function* open(): AsyncGenerator<PartLines> {
      for (const lines of parts) yield { chunks: chunksOf(lines), needsId };
    }
    return countDistinct(open(), STREAM, (START + 10) * 1000);
  }

  test('counts other events as events, and as late ones, but in no row', async () => {
    expect(await countLines([[LOG, lineOf({ revision: 1 })], [LOG]], true)).toEqual({
      events: 3,
      edits: 1,
      distinct: 1,
      unusable: 0,
      late: 2,
      rows: [{ minute: START, wiki: 'enwiki', isBot: false, edits: 1, bytesChange: 1 }],
    });
  });

  test('adds up the unusable lines of its parts', async () => {
    const parts = [
      ['x', lineOf({ revision: 1 })],
      ['{}', '5'],
    ];
    expect(await countLines(parts, true)).toMatchObject({ events: 1, edits: 1, distinct: 1, unusable: 3 });
  });

  test('needs ids only in parts of the stream', async () => {
    expect(await countLines([[WITHOUT_ID]], true)).toMatchObject({ events: 0, unusable: 1 });
    expect(await countLines([[WITHOUT_ID]], false)).toMatchObject({ events: 1, unusable: 0 });
  });
});
