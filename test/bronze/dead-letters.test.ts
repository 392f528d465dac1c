/** Selected dead letters: those received in the range and named by a record, in the order of the log. */
import { beforeEach, describe, expect, test } from 'vitest';
import { deadLetterKey } from '../../src/contracts/storage/object-keys.ts';
import { selectLetters } from '../../src/bronze/dead-letters.ts';
import type { LetterSelection } from '../../src/bronze/dead-letters.ts';
import { buryLetters, letterOf } from '../support/letters.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { LOG_KEYS } from '../support/stream.ts';

const at = (iso: string): number => Date.parse(iso);
const DAY: LetterSelection = { fromMs: at('2026-11-20'), toMs: at('2026-11-21'), reasons: new Set() };

describe('selected letters', () => {
  let store: MemoryObjectStore;
  beforeEach(() => (store = new MemoryObjectStore({ pageSize: 3 })));

  const storeLetter = (raw: string, receivedAt: string, options: Parameters<typeof buryLetters>[2] = {}) =>
    buryLetters(store, [letterOf(raw, { receivedAt })], options);
  const selected = async (selection: LetterSelection): Promise<string[]> => {
    const raws: string[] = [];
    for await (const { letters } of selectLetters(store, LOG_KEYS, selection))
      raws.push(...letters.map(({ raw }) => raw));
    return raws;
  };

  test('are those received in the range, excluding its end, in the order in which they were stored', async () => {
    await storeLetter('before', '2026-11-19T23:59:59.999Z');
    // More than are read in parallel.
    const hours = Array.from({ length: 20 }, (_, hour) => String(hour).padStart(2, '0'));
    for (const hour of hours) await storeLetter(hour, `2026-11-20T${hour}:00:00.000Z`);
    await storeLetter('after', '2026-11-21T00:00:00.000Z');
    expect(await selected(DAY)).toEqual(hours);
  });

  test('include those flushed after midnight or days later', async () => {
    for (const flushed of ['2026-11-21T00:04:00Z', '2026-11-24T12:00:00Z'])
      await storeLetter(flushed, '2026-11-20T23:59:00.000Z', { flushedAtMs: at(flushed) });
    expect(await selected({ ...DAY, fromMs: at('2026-11-20T23:30:00Z') })).toHaveLength(2);
  });

  test('are those named by a record, not other objects under their prefix', async () => {
    const key = await storeLetter('named', '2026-11-20T10:00:00.000Z');
    await storeLetter('crashed', '2026-11-20T10:00:01.000Z', { isNamed: false });
    const body = (await store.get(key))?.body ?? new Uint8Array();
    await store.putIfAbsent(key.replace('.ndjson', 'z.ndjson'), body, { contentType: '' });
    await store.putIfAbsent(key.replace('/part-', '/copy-'), body, { contentType: '' });
    await store.putIfAbsent(deadLetterKey(at('2026-11-20'), 9_999, 'a1'), body, { contentType: '' });
    expect(await selected(DAY)).toEqual(['named']);
  });

  test('have the requested reasons', async () => {
    const receivedAt = '2026-11-20T10:00:00.000Z';
    await buryLetters(store, [
      letterOf('a', { receivedAt, reason: 'not_json' }),
      letterOf('b', { receivedAt, reason: 'bad_wiki' }),
      letterOf('c', { receivedAt, reason: 'bad_length' }),
    ]);
    const reasons = new Set(['not_json', 'bad_length']);
    expect(await selected({ ...DAY, reasons })).toEqual(['a', 'c']);
  });

  test('that are unreadable are an error that names their object', async () => {
    const receivedAt = '2026-11-20T10:00:00.000Z';
    const key = await storeLetter('a', receivedAt);
    await store.remove(key);
    await store.putIfAbsent(key, Buffer.from('no gzip'), { contentType: '' });
    await expect(selected(DAY)).rejects.toMatchObject({ code: 'object_unreadable', subject: key });
  });
});
