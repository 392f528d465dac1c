/** ⑤ The fast reader of lines says what the judge says, or leaves the line to it. `test/model/fuzz-lines` compares many more. */
import { describe, expect, test } from 'vitest';
import { JsonBytes, SLACK } from '../../src/core/json-bytes.ts';
import type { CountedEvent, LineReader } from '../../src/core/line-reader.ts';
import { compareReaders } from '../support/both-readers.ts';
import { CAPTURED_FILES, capturedLines } from '../support/captured.ts';
import { TRAPS, hostileLine } from '../support/hostile-events.ts';
import { STREAM, STREAM_WITH_NEW } from '../support/stream.ts';

function readerOf({ lineReader }: typeof STREAM): LineReader {
  if (lineReader === undefined) throw new Error('the stream has no fast reader');
  return lineReader;
}

const LINE =
  '{"meta":{"id":"m1","dt":"2025-11-20T10:00:01.250Z","domain":"en.wikipedia.org","topic":"eqiad.recentchange","partition":0,"offset":6496589447},"type":"edit","timestamp":1763632800,"bot":true,"length":{"old":10,"new":7},"revision":{"old":1,"new":4294967296},"wiki":"enwiki"}';

function read(line: string, reader = readerOf(STREAM)): CountedEvent | undefined {
  return reader.read(new JsonBytes(Buffer.concat([Buffer.from(`${line}\n`), Buffer.alloc(SLACK)])), 0, true);
}

describe('the reader of lines', () => {
  test('reads all that is counted', () => {
    expect(read(LINE)).toEqual({
      wiki: 'enwiki',
      timestamp: 1_763_632_800,
      sentAtMs: 1_763_632_801_250,
      origin: { topic: 'eqiad.recentchange', offset: 6_496_589_447 },
      edit: { revision: 4_294_967_296, isBot: true, bytesChange: -3 },
    });
  });

  test('remembers nothing of the line before', () => {
    const reader = readerOf(STREAM);
    read(LINE, reader);
    const bare = '{"meta":{"id":"m2"},"timestamp":1763632900,"wiki":"dewiki"}';
    expect(read(bare, reader)).toEqual({
      wiki: 'dewiki',
      timestamp: 1_763_632_900,
      sentAtMs: 1_763_632_900_000,
      origin: undefined,
      edit: undefined,
    });
    const edit = bare.replace('}', '},"type":"edit","revision":{"new":5}');
    expect(read(edit, reader)?.edit).toEqual({ revision: 5, isBot: false, bytesChange: 0 });
  });

  test.each([
    ['a canary', LINE.replace('en.wikipedia.org', 'canary')],
    ['an unusable event', LINE.replace('enwiki', 'enWiki')],
    ['a repeated field', LINE.replace('{', '{"type":"log",')],
    ['an escaped name', LINE.replace('wiki', String.raw`\u0077iki`)],
    ['white space', LINE.replace(',', ', ')],
    ['a control character in a string', LINE.replace('enwiki"', 'enwiki","title":"\u0001"')],
    ['an escape that JSON does not know', LINE.replace('enwiki"', String.raw`enwiki","title":"\x"`)],
    ['what follows the event', `${LINE} `],
    ['a torn line', LINE.slice(0, -1)],
  ])('leaves %s to the judge', (_, line) => {
    expect(read(line)).toBeUndefined();
  });

  test.each(TRAPS)('is not fooled by $name', ({ line }) => {
    for (const stream of [STREAM, STREAM_WITH_NEW])
      for (const needsId of [true, false])
        for (const behind of [0, 10, 0x22, 0x7d])
          expect(() => compareReaders(line, readerOf(stream), stream, { needsId, behind })).not.toThrow();
    // However it is cut short.
    const reader = readerOf(STREAM);
    const from = Math.max(0, line.length - 600);
    for (let to = from; to < line.length; to += 1) compareReaders(line.subarray(0, to), reader, STREAM);
  });

  test('agrees with the judge on hostile lines, and reads some of them', () => {
    const reader = readerOf(STREAM_WITH_NEW);
    const outcomes = Array.from({ length: 20_000 }, (_, seed) =>
      compareReaders(hostileLine(seed), reader, STREAM_WITH_NEW, { needsId: seed % 2 === 0 }),
    );
    expect(outcomes.filter(outcome => outcome === 'read').length).toBeGreaterThan(500);
  });

  // Otherwise it would agree by leaving everything to the judge.
  test.each(CAPTURED_FILES)(
    'reads all lines of $name that are as Wikimedia writes them today',
    ({ name }) => {
      const reader = readerOf(STREAM_WITH_NEW);
      const left = capturedLines(name).filter(
        line => compareReaders(Buffer.from(line), reader, STREAM_WITH_NEW) === 'left',
      );
      // Whoever captured some of them wrote them again, with white space; in 2019 `meta.dt` had another form.
      expect(left.filter(line => !/^\{"[^"]*": |"dt":"[^"]*\+00:00"/.test(line))).toEqual([]);
    },
  );
});
