/** Dead letters on a terminal: one line each, whatever they contain. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countLines, letterLine, visible } from '../../src/dead-letters/show.ts';
import { letterOf } from '../support/letters.ts';

const KEY = 'deadletter/yyyy=2026/mm=11/dd=20/part-000000000017-a1.ndjson.gz';
const RECEIVED = { receivedAt: '2026-11-20T10:00:00.001Z', identity: 'id-1' };

describe('a letter as a line', () => {
  test('has time, reason, identity, position, object and the start of the letter', () => {
    const letter = letterOf('{"a":1}', RECEIVED);
    expect(letterLine({ key: KEY, letter, state: 'unusable' })).toBe(
      `2026-11-20T10:00:00.001Z  bad_wiki  id-1  eqiad.mediawiki.recentchange@1763640000001  ${KEY}  {"a":1}`,
    );
    expect(letterLine({ key: KEY, letter, state: 'replayed' })).toContain('  bad_wiki (replayed)  ');
    expect(letterLine({ key: KEY, letter, state: 'usable' })).toContain('  bad_wiki (usable now)  ');
  });

  test('shows an id of an unknown form as it is, and a dash for an empty one', () => {
    const lineOf = (eventId: string): string =>
      letterLine({ key: KEY, letter: letterOf('x', { ...RECEIVED, eventId }), state: 'unusable' });
    expect(lineOf('what\u0007')).toContain('  id-1  what\\u{7}  ');
    expect(lineOf('')).toContain('  id-1  -  ');
  });

  test('is cut after 160 characters, never within one', () => {
    const lineOf = (raw: string): string =>
      letterLine({ key: KEY, letter: letterOf(raw, RECEIVED), state: 'unusable' });
    expect(lineOf('x'.repeat(160)).endsWith(`  ${'x'.repeat(160)}`)).toBe(true);
    expect(lineOf('x'.repeat(161)).endsWith(`  ${'x'.repeat(160)}…`)).toBe(true);
    expect(lineOf(`${'x'.repeat(159)}😀y`).endsWith(`  ${'x'.repeat(159)}…`)).toBe(true);
  });

  test.each([
    ['a\u001b[31mb', 'a\\u{1b}[31mb'],
    ['a\nb\r\tc\0', 'a\\nb\\r\\tc\\u{0}'],
    ['\u0085\u2028\u2029', '\\u{85}\\u{2028}\\u{2029}'],
    ['\u202egpj\u200b\ufeff', '\\u{202e}gpj\\u{200b}\\u{feff}'],
    ['\ud800', '\\u{d800}'],
    ['Žižek 維基 😀 \ufffd', 'Žižek 維基 😀 \ufffd'],
  ])('%j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  test('has no control character, whatever the letter contains', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (raw, identity) => {
        const letter = letterOf(raw, { ...RECEIVED, identity, eventId: raw });
        expect(letterLine({ key: KEY, letter, state: 'unusable' })).not.toMatch(
          /[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/u,
        );
      }),
    );
  });
});

test('counts are aligned, the most frequent first', () => {
  const counts = new Map([
    ['not_json', { letters: 2, usable: 0 }],
    ['bad_timestamp', { letters: 2, usable: 1 }],
    ['bad_wiki', { letters: 1_200, usable: 1_100 }],
  ]);
  expect(countLines(counts)).toEqual([
    'reason         letters  usable now',
    'bad_wiki          1200        1100',
    'bad_timestamp        2           1',
    'not_json             2           0',
  ]);
});
