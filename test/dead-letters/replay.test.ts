/** What a replay writes to bronze: usable letters, once per `meta.id`, under keys that depend on their content only. */
import { beforeEach, describe, expect, test } from 'vitest';
import { hourPrefix } from '../../src/contracts/storage/object-keys.ts';
import { replayLetters } from '../../src/dead-letters/replay.ts';
import type { Replay } from '../../src/dead-letters/replay.ts';
import { linesIn, sourceOf } from '../../src/bronze/parts.ts';
import { IntakeRig } from '../support/intake-rig.ts';
import { buryLetters, letterOf } from '../support/letters.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { commitEdits, editLine } from '../support/parts.ts';
import { STREAM } from '../support/stream.ts';

const HOUR = '2026-11-20T10';
const NOW = Date.parse(`${HOUR}:30:00Z`);
const AT = Date.parse(`${HOUR}:00:00Z`) / 1000;
const SELECTION = { fromMs: 0, toMs: NOW, reasons: new Set<string>() };
const receivedAt = `${HOUR}:20:00.000Z`;

describe('replay into bronze', () => {
  let store: MemoryObjectStore;
  /** Keys that gold has counted. */
  let counted: Set<string>;
  beforeEach(() => {
    store = new MemoryObjectStore();
    counted = new Set();
  });

  const replay = (
    given: { isDry?: boolean; reasons?: string[]; wikis?: string[]; nowMs?: number } = {},
  ): Promise<Replay> =>
    replayLetters(
      {
        selection: { ...SELECTION, reasons: new Set(given.reasons) },
        nowMs: given.nowMs ?? NOW,
        isDry: given.isDry ?? false,
      },
      {
        store,
        gold: {
          unapplied: async keys => keys.filter(key => !counted.has(key)),
          sources: async () => [{ url: 'http://demo', simulated: true }],
        },
        definition: STREAM,
        wikis: new Set(given.wikis),
        streamUrl: 'http://stream',
        persistence: { signal: AbortSignal.timeout(60_000) },
      },
    );
  const letter = (raw: string, given: Parameters<typeof letterOf>[1] = {}) =>
    letterOf(raw, { receivedAt, ...given });
  const storeLetters = (...raws: string[]) =>
    buryLetters(
      store,
      raws.map(raw => letter(raw)),
    );
  const replayed = (): string[] => store.keys.filter(key => key.includes('/part-replay-'));
  /** All lines of the hour's parts, sorted. */
  const bronze = async (hour = HOUR): Promise<string[]> => {
    const keys = store.keys.filter(key => key.startsWith(hourPrefix(hour)));
    return (await Promise.all(keys.map(key => linesIn(store, key)))).flat().sort();
  };
  const edit = (seconds: number, wiki = 'enwiki'): string => editLine({ timestamp: AT + seconds, wiki });

  test('writes one part per hour and object, with the same bytes, named after the flush of the letters', async () => {
    const [a, b, next] = [edit(1), edit(2).replace('{', '{ '), edit(3_601)];
    const first = await storeLetters(a, '{"not json', next);
    const second = await storeLetters(b);
    const result = await replay();
    expect(result).toMatchObject({ letters: 4, usable: 3, left: new Map([['not_json', 1]]) });
    expect(result.hours).toMatchObject([
      { hour: HOUR, known: 0, written: 2, events: 2, edits: 2 },
      { hour: '2026-11-20T11', known: 0, written: 1, events: 1, edits: 1 },
    ]);
    expect(await bronze()).toEqual([a, b].sort());
    expect(await bronze('2026-11-20T11')).toEqual([next]);
    const nameOf = (key: string): string => /part-(\d{12}-\w+)/.exec(key)?.[1] ?? '';
    const names = [first, second, first].map(nameOf);
    expect(
      replayed().map(key => /part-replay-(\d{12}-\w+)-[0-9a-f]{16}\.ndjson\.gz$/.exec(key)?.[1]),
    ).toEqual(names);
  });

  test('writes nothing the second time, and lists parts as uncounted only until gold has them', async () => {
    await storeLetters(edit(1), edit(2, 'dewiki'));
    const [first] = (await replay()).hours;
    const keys = store.keys;
    // As if the process had died before gold counted the hour.
    const [again] = (await replay()).hours;
    expect(again).toEqual({ ...first, known: 2, written: 0, events: 0 });
    expect(again?.uncounted).toEqual(replayed());
    for (const key of replayed()) counted.add(key);
    expect((await replay()).hours).toMatchObject([{ known: 2, written: 0, uncounted: [], edits: 0 }]);
    expect(store.keys).toEqual(keys);
  });

  /** Commits one edit and renames its part. */
  const commitAs = async (rename: (key: string) => string): Promise<string> => {
    const [key = ''] = await commitEdits({ store }, [{ timestamp: AT }]);
    const [line = ''] = await linesIn(store, key);
    const body = (await store.get(key))?.body ?? new Uint8Array();
    await store.remove(key);
    await store.putIfAbsent(rename(key), body, { contentType: 'application/gzip' });
    return line;
  };

  test('skips what bronze has in any kind of part; a part that no record names does not count', async () => {
    const inStream = await commitAs(key => key);
    const inBackfill = await commitAs(() => `${hourPrefix(HOUR)}part-api-enwiki.ndjson.gz`);
    const inGarbage = await commitAs(key => key.replace('.ndjson', 'x.ndjson'));
    await storeLetters(inStream, inBackfill, inGarbage);
    expect((await replay()).hours).toMatchObject([{ known: 2, written: 1, events: 1 }]);
    expect(await linesIn(store, replayed()[0] ?? '')).toEqual([inGarbage]);
  });

  test('writes an event once when two letters hold it, in one object or in two', async () => {
    const raw = edit(1);
    await storeLetters(raw, raw.replace('{', '{ '));
    await storeLetters(raw);
    expect((await replay()).hours).toMatchObject([{ known: 2, written: 1, events: 1, edits: 1 }]);
    expect(await bronze()).toEqual([raw]);
  });

  test('stores a second event of a counted revision, but does not count it as an edit', async () => {
    await commitEdits({ store }, [{ timestamp: AT, revision: 7 }]);
    await storeLetters(
      editLine({ timestamp: AT + 1, revision: 7 }),
      editLine({ timestamp: AT + 1, revision: 8 }),
    );
    expect((await replay()).hours).toMatchObject([{ written: 1, events: 2, edits: 1 }]);
  });

  test('writes letters that become usable later to a part of their own', async () => {
    const [now, ahead] = [edit(1), editLine({ timestamp: AT + 2 * 86_400 })];
    await storeLetters(now, ahead);
    expect((await replay()).hours.map(({ hour }) => hour)).toEqual([HOUR]);
    await replay({ nowMs: NOW + 86_400_000 });
    expect(await bronze()).toEqual([now]);
    expect(await bronze('2026-11-22T10')).toEqual([ahead]);
  });

  test('replays the selected reasons and the kept wikis only', async () => {
    const [kept, other, filtered] = [edit(1), edit(2), edit(3, 'dewiki')];
    await buryLetters(store, [
      letter(kept),
      letter(other, { reason: 'bad_length' }),
      letter(filtered),
      letter('{"meta":{"domain":"canary"}}'),
    ]);
    const result = await replay({ reasons: ['bad_wiki'], wikis: ['enwiki'] });
    expect(result).toMatchObject({ letters: 3, usable: 1 });
    expect(result.left).toEqual(
      new Map([
        ['filtered', 1],
        ['canary', 1],
      ]),
    );
    expect(await bronze()).toEqual([kept]);
  });

  test('a dry run returns the same and writes nothing', async () => {
    const raw = edit(1);
    await storeLetters(raw);
    await storeLetters(raw, edit(2));
    const before = store.keys;
    const dry = await replay({ isDry: true });
    expect(store.keys).toEqual(before);
    expect(await replay()).toEqual(dry);
    expect(dry.hours).toMatchObject([{ known: 1, written: 2, edits: 2 }]);
  });

  test('a part names its stream: that of its flush, otherwise the configured one, simulated if gold is', async () => {
    const sourceOfReplayed = async () => {
      const part = await store.get(replayed().at(-1) ?? '');
      return part && { ...sourceOf(part), events: part.metadata['events'], edits: part.metadata['edits'] };
    };
    await storeLetters(edit(1), editLine({ timestamp: AT }).replace('"edit"', '"log"'));
    await replay();
    expect(await sourceOfReplayed()).toEqual({
      url: 'http://stream',
      simulated: true,
      events: '2',
      edits: '1',
    });
    // As the intake does it: an event from the future, in the same flush as one that is stored.
    const rig = await IntakeRig.open(store);
    for (const data of [edit(1), editLine({ timestamp: AT + 2 * 86_400 })])
      await rig.take({ data: Buffer.from(data), id: '' }, NOW - 1);
    await rig.flush();
    await replay({ nowMs: NOW + 86_400_000 });
    expect(await sourceOfReplayed()).toMatchObject({ url: 'http://test', simulated: true, events: '1' });
  });
});
