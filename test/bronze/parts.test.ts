/** Bronze returns what was stored: lines, identities and dead letters, whatever their bytes. */
import { randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
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

describe('an object that was made to fill memory', () => {
  const MIB = 1 << 20;

  /** The gzip of pieces that are never in memory together. */
  async function gzipOf(pieces: Iterable<Uint8Array>, level = 6): Promise<Buffer> {
    const chunks: Buffer[] = [];
    await pipeline(pieces, createGzip({ level }), async zipped => {
      for await (const chunk of zipped) chunks.push(chunk as Buffer);
    });
    return Buffer.concat(chunks);
  }

  function* times(count: number, piece: Uint8Array): Generator<Uint8Array> {
    for (let at = 0; at < count; at += 1) yield piece;
  }

  async function bytesRead(body: Uint8Array): Promise<{ read: number; failure: unknown }> {
    const store = new MemoryObjectStore();
    await store.putIfAbsent('part', body, { contentType: 'application/gzip' });
    let read = 0;
    try {
      for await (const chunk of (await openPart(store, 'part')).chunks) read += chunk.length;
      return { read, failure: undefined };
    } catch (failure) {
      return { read, failure };
    }
  }

  const FINAL = { code: 'object_unreadable', retryable: false };

  test('by its ratio is unreadable for good, and left early', async () => {
    const lines = Buffer.from(`${' '.repeat(999)}\n`.repeat(1_000));
    const body = await gzipOf(times(150, lines));
    const { read, failure } = await bytesRead(body);
    expect(failure).toMatchObject({ ...FINAL, message: expect.stringContaining('200 times') });
    expect(read).toBeLessThanOrEqual(Math.max(64 * MIB, 200 * body.length));
    expect(read).toBeLessThan(150 * lines.length);
  });

  test('by one endless line is unreadable for good, and left early', async () => {
    // Hardly compressible, so that the ratio says nothing.
    const noise = randomBytes(MIB).map(byte => (byte === 10 ? 11 : byte));
    const { read, failure } = await bytesRead(await gzipOf(times(66, noise), 0));
    expect(failure).toMatchObject({ ...FINAL, message: expect.stringContaining('a line of more than') });
    expect(read).toBeLessThanOrEqual(65 * MIB);
  });

  test('is none that is only large, or only compresses well', async () => {
    const noise = randomBytes(MIB).map((byte, at) => (at % 1_000 === 0 ? 10 : byte));
    expect((await bytesRead(await gzipOf(times(80, noise), 0))).failure).toBeUndefined();
    const blank = Buffer.from(`${' '.repeat(MIB - 1)}\n`);
    expect((await bytesRead(await gzipOf(times(30, blank)))).failure).toBeUndefined();
  });
});

test('dead letters of control characters are made into JSON one at a time', async () => {
  const store = new MemoryObjectStore();
  const buffer = new PartBuffer();
  let made = 0;
  let most = 0;
  for (let at = 0; at < 6; at += 1) {
    const letter = {
      reason: 'not_json' as const,
      raw: '\u0001'.repeat(200_000),
      eventId: '',
      receivedAt: '2026-11-20T10:00:00.000Z',
      identity: `letter ${at}`,
      sentAt: '2026-11-20T10:00:00.000Z',
    };
    // Called when it becomes JSON. Nothing is read of it until the one before has been taken.
    Object.defineProperty(letter, 'toJSON', {
      value: () => {
        made += 1;
        setImmediate(() => (made -= 1));
        most = Math.max(most, made);
        return { ...letter };
      },
    });
    buffer.addDeadLetter(letter, 0);
  }
  const stored = await writeDeadLetters(store, buffer, name, 0, persistence);
  expect(most).toBeLessThan(6);
  const identities = await identitiesIn(store, stored?.key ?? '');
  expect(identities.map(({ identity }) => identity)).toEqual([0, 1, 2, 3, 4, 5].map(at => `letter ${at}`));
});
