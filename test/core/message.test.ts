/** A message of the stream as bytes: judged by its text if it has one, and stored as one line. */
import { describe, expect, test } from 'vitest';
import { oneLine, readMessage } from '../../src/core/message.ts';
import { STREAM } from '../support/stream.ts';

const { judge } = STREAM;
const RULES = { nowMs: Date.parse('2026-11-20T10:00:00Z') };
const LOG_EVENT = JSON.stringify({
  meta: { id: 'a', topic: 'eqiad.recentchange', offset: 7 },
  type: 'log',
  wiki: 'enwiki',
  title: 'Ñandú 🦤',
  timestamp: 1_795_168_000,
});

describe('a message', () => {
  test.each([
    ['an event', LOG_EVENT],
    ['a dead letter', LOG_EVENT.replace('enwiki', 'BAD')],
    ['text that is not JSON', 'é'],
    ['nothing', ''],
  ])('in UTF-8 is judged by its text: %s', (_, text) => {
    expect(readMessage(Buffer.from(text), judge, RULES)).toEqual(judge(text, RULES));
  });

  test.each([
    ['a byte that no character has', [0xff]],
    ['a character without its end', [0xc3]],
    ['the end of a character alone', [0xa9]],
    ['a slash in two bytes', [0xc0, 0xaf]],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a code point beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ])('that is not UTF-8 is a dead letter of which nothing is known: %s', (_, bytes) => {
    const [before, after] = LOG_EVENT.split('Ñandú');
    const data = Buffer.concat([Buffer.from(before ?? ''), Buffer.from(bytes), Buffer.from(after ?? '')]);
    expect(readMessage(data, judge, RULES)).toEqual({
      kind: 'dead',
      reason: 'invalid_utf8',
      id: undefined,
      sentAtMs: undefined,
      origin: undefined,
      wiki: undefined,
    });
  });
});

describe('the line of a message', () => {
  test('has a space for each line end, and all other bytes as they are', () => {
    const data = Buffer.from([0x0a, 0x7b, 0x0a, 0x0a, 0x0d, 0x20, 0xff, 0x0b, 0x7d, 0x0a]);
    expect([...oneLine(data)]).toEqual([0x20, 0x7b, 0x20, 0x20, 0x0d, 0x20, 0xff, 0x0b, 0x7d, 0x20]);
    expect([data[0], data[2]]).toEqual([0x0a, 0x0a]);
  });

  test('is the message itself, not a copy, when it is on one line', () => {
    const data = Buffer.from(LOG_EVENT);
    expect(oneLine(data)).toBe(data);
  });

  test('is judged like the message that it was made of', () => {
    const data = Buffer.from(LOG_EVENT.replaceAll(',', ',\n').replaceAll(':', '\n:'));
    expect(oneLine(data).includes('\n')).toBe(false);
    expect(readMessage(oneLine(data), judge, RULES)).toEqual(readMessage(data, judge, RULES));
    expect(readMessage(data, judge, RULES)).toMatchObject({ kind: 'event', id: 'a' });
  });
});
