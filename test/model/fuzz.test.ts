/** ② A message of any bytes becomes an event, a dead letter or a skipped canary, and its bytes are kept. */
import { expect, test } from 'vitest';
import { Random } from '../../dev/simulator/random.ts';
import { openPart } from '../../src/bronze/parts.ts';
import { IntakeRig, visibleIn } from '../support/intake-rig.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { FUZZ_RUNS, FUZZ_SEED, fuzzedData } from './fuzz.ts';

const NOW_MS = Date.parse('2026-11-20T10:00:00Z');
/** Messages of one flush. */
const BATCH = 500;

/** How intake stores data of several lines. */
function onOneLine(data: Buffer): string {
  return data.toString('latin1').replaceAll('\n', ' ');
}

test(
  'any message is stored, becomes a dead letter or is skipped, once and unchanged',
  { timeout: 600_000 },
  async () => {
    console.log(`FUZZ_SEED=${FUZZ_SEED} FUZZ_RUNS=${FUZZ_RUNS}`);
    const random = new Random(FUZZ_SEED);
    const outcomes = { stored: 0, deadLetters: 0, canaries: 0, duplicates: 0 };
    for (let done = 0; done < FUZZ_RUNS; done += BATCH) {
      const store = new MemoryObjectStore();
      const rig = await IntakeRig.open(store);
      const sent = Array.from({ length: BATCH }, () => fuzzedData(random));
      for (const [at, data] of sent.entries()) {
        const topics = [
          { topic: 'eqiad.mediawiki.recentchange', partition: 0, timestamp: NOW_MS + done + at },
        ];
        await rig.take({ data, id: JSON.stringify(topics) }, NOW_MS);
      }
      const { skipped } = await rig.flush();
      const { records, deadLetters } = await visibleIn(store);
      // Every message is accounted for; repetitions are recognised by their id.
      const lines = await linesOf(
        store,
        records.flatMap(({ parts }) => parts.map(({ key }) => key)),
      );
      expect(lines.length + deadLetters.length + skipped.canaries + skipped.duplicates).toBe(sent.length);
      expect(skipped.filtered).toBe(0);
      const known = new Set(sent.map(onOneLine));
      expect(lines.filter(line => !known.has(line))).toEqual([]);
      const exact = new Set(sent.map(data => data.toString('latin1')));
      const raw = deadLetters.map(({ raw, rawBase64 }) =>
        Buffer.from(rawBase64 ?? raw, rawBase64 === undefined ? 'utf8' : 'base64'),
      );
      expect(raw.map(bytes => bytes.toString('latin1')).filter(bytes => !exact.has(bytes))).toEqual([]);
      outcomes.stored += lines.length;
      outcomes.deadLetters += deadLetters.length;
      outcomes.canaries += skipped.canaries;
      outcomes.duplicates += skipped.duplicates;
    }
    // Messages that are all refused, or all accepted, would test little.
    expect(outcomes.stored).toBeGreaterThan(FUZZ_RUNS / 20);
    expect(outcomes.deadLetters).toBeGreaterThan(FUZZ_RUNS / 20);
    expect(outcomes.canaries).toBeGreaterThan(0);
  },
);

async function linesOf(store: MemoryObjectStore, keys: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  for (const key of keys) {
    const pieces: Uint8Array[] = [];
    for await (const chunk of (await openPart(store, key)).chunks) pieces.push(chunk);
    lines.push(...Buffer.concat(pieces).toString('latin1').split('\n').slice(0, -1));
  }
  return lines;
}
