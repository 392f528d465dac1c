/** Bronze returns what was stored: lines, identities and dead letters, whatever their bytes. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PartBuffer } from '../../src/bronze/part-buffer.ts';
import type { DeadLetter } from '../../src/bronze/part-buffer.ts';
import { minuteOf } from '../../src/core/time.ts';
import { identitiesIn, openPart, writeDeadLetters, writePart } from '../../src/bronze/parts.ts';
import type { Identity } from '../../src/bronze/parts.ts';
import { CommitLog, readRecord } from '../../src/bronze/commit-log.ts';
import type { Draft } from '../../src/bronze/commit-log.ts';
import { IntakeRig, visibleIn } from '../support/intake-rig.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { LOG_KEYS } from '../support/stream.ts';

const TIME = 1_763_632_800;
const persistence = { signal: new AbortController().signal };
const name = { sequence: 7, attempt: 'abc' };
const source = { url: 'http://test/é', simulated: true };

async function bytesOf(store: MemoryObjectStore, key: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of (await openPart(store, key)).chunks) pieces.push(chunk);
  return Buffer.concat(pieces);
}

describe('a part', () => {
  test('returns exactly its lines in their order', async () => {
    const line = fc.uint8Array({ maxLength: 200 }).map(bytes => bytes.filter(byte => byte !== 10));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1 }), async lines => {
        const store = new MemoryObjectStore();
        const buffer = new PartBuffer();
        for (const each of lines)
          buffer.add({ line: each, id: '', timestamp: TIME, sentAtMs: 0, isEdit: false }, 0);
        const [hour] = buffer.hours();
        if (hour === undefined) throw new Error('the buffer has one hour');
        const { key, bytes, storedBytes } = await writePart(store, hour, name, source, persistence);
        const whole = await bytesOf(store, key);
        expect(whole).toEqual(Buffer.concat(lines.flatMap(each => [each, Buffer.from('\n')])));
        expect({ bytes, storedBytes }).toEqual({
          bytes: whole.length,
          storedBytes: (await store.get(key))?.body.length,
        });
        expect((await openPart(store, key)).source).toEqual(source);
      }),
    );
  });

  test('has its source without a token that an older version stored', async () => {
    const store = new MemoryObjectStore();
    const metadata = { source: 'https://stream.example/a?token=s3cret', simulated: 'false' };
    await store.putIfAbsent('part', new Uint8Array(), { contentType: 'application/gzip', metadata });
    expect((await openPart(store, 'part')).source.url).toBe('https://stream.example/a');
  });

  test('and dead letters have the identities and minutes that intake used', async () => {
    const event = fc.record({
      id: fc.string({ minLength: 1, unit: 'binary' }),
      // Including clocks that are too wrong to be used.
      sentMs: fc.oneof(fc.integer({ min: -3_600_000, max: 3_600_000 }), fc.constantFrom(-4e9, 4e9)),
      wiki: fc.constantFrom('enwiki', 'NO WIKI'),
    });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(event, { selector: ({ id }) => id, minLength: 1 }), async events => {
        const store = new MemoryObjectStore();
        const rig = await IntakeRig.open(store);
        for (const { id, sentMs, wiki } of events) {
          const meta = { id, dt: new Date(TIME * 1000 + sentMs).toISOString() };
          const data = Buffer.from(JSON.stringify({ meta, wiki, timestamp: TIME, type: 'log' }));
          const topics = [{ topic: 't', partition: 0, timestamp: TIME * 1000 }];
          await rig.take({ data, id: JSON.stringify(topics) }, TIME * 1000);
        }
        const known = [...rig.intake.buffer.identities];
        const { parts, deadLetters } = await rig.flush();
        const stored = await Promise.all(
          [...parts, ...deadLetters].map(({ key }) => identitiesIn(store, key)),
        );
        expect(inOrder(stored.flat())).toEqual(inOrder(known));
      }),
    );
  });
});

function inOrder(identities: readonly Identity[]): string[] {
  return identities.map(({ identity, minute }) => JSON.stringify([identity, minute])).sort();
}

describe('dead letters', () => {
  test('are returned as written, whatever their texts', async () => {
    const text = fc.string({ unit: 'binary' });
    const letter: fc.Arbitrary<DeadLetter> = fc.record({
      reason: fc.constantFrom('not_json', 'bad_wiki'),
      raw: text,
      eventId: text,
      receivedAt: fc.constant('2025-11-20T10:00:00.000Z'),
      identity: text,
      sentAt: fc.constant('2025-11-20T10:00:30.000Z'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(letter, { minLength: 1 }), async letters => {
        const store = new MemoryObjectStore();
        const buffer = new PartBuffer();
        for (const each of letters) buffer.addDeadLetter(each, 0);
        const stored = await writeDeadLetters(store, buffer, name, TIME * 1000, persistence);
        const key = stored?.key ?? '';
        const lines = (await bytesOf(store, key)).toString('utf8').split('\n');
        expect(lines.pop()).toBe('');
        expect(lines.map(line => JSON.parse(line) as unknown)).toEqual(letters);
        expect(stored?.events).toBe(letters.length);
        expect(await identitiesIn(store, key)).toEqual(
          letters.map(({ identity }) => ({ identity, minute: minuteOf(TIME) })),
        );
      }),
    );
  });

  test('keep every received byte, UTF-8 or not', async () => {
    // Starts with a bracket, so it is not an object and never an event.
    const data = fc.uint8Array({ maxLength: 100 }).map(bytes => Buffer.concat([Buffer.from('['), bytes]));
    await fc.assert(
      fc.asyncProperty(data, async data => {
        const store = new MemoryObjectStore();
        const rig = await IntakeRig.open(store);
        await rig.take({ data, id: '' }, TIME * 1000);
        await rig.flush();
        const { deadLetters } = await visibleIn(store);
        const raw = deadLetters.map(({ raw, rawBase64 }) =>
          rawBase64 === undefined ? Buffer.from(raw) : Buffer.from(rawBase64, 'base64'),
        );
        expect(raw).toEqual([data]);
      }),
    );
  });
});

describe('a record', () => {
  test('is read as it was written', async () => {
    const text = fc.string({ unit: 'grapheme' });
    const stored = { key: text, events: fc.nat(), sent: fc.array(fc.tuple(fc.integer(), fc.integer())) };
    const numbers = {
      edits: fc.nat(),
      bytes: fc.nat(),
      storedBytes: fc.nat(),
      firstAt: fc.nat(),
      lastAt: fc.nat(),
    };
    const topic = fc.record(
      { partition: fc.nat(), timestampMs: fc.maxSafeNat(), offset: fc.maxSafeNat() },
      { requiredKeys: ['partition', 'timestampMs'], noNullPrototype: true },
    );
    const draft: fc.Arbitrary<Draft> = fc.record({
      parts: fc.array(fc.record({ ...stored, hour: text, ...numbers })),
      deadLetters: fc.array(fc.record(stored)),
      skipped: fc.record({ canaries: fc.nat(), duplicates: fc.nat(), filtered: fc.nat() }),
      cursor: fc.record({
        startMs: fc.maxSafeNat(),
        topics: fc.dictionary(text, topic, { noNullPrototype: true }),
      }),
      storedToMs: fc.maxSafeNat(),
    });
    await fc.assert(
      fc.asyncProperty(draft, async each => {
        const store = new MemoryObjectStore();
        const writer = { attempt: 'a', workflowId: 'w', runId: 'r' };
        const log = await CommitLog.open(store, LOG_KEYS, writer, persistence);
        const record = await log.commit(each, persistence);
        expect(record).toMatchObject(each);
        expect(await readRecord(store, LOG_KEYS, record.sequence)).toEqual(record);
      }),
    );
  });
});
