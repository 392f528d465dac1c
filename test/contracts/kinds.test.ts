/** Kinds of values, read from JSON and from text. */
import { describe, expect, test } from 'vitest';
import {
  anything,
  choice,
  day,
  hour,
  hours,
  instant,
  integer,
  list,
  text,
  wikis,
} from '../../src/contracts/kinds.ts';

describe('a whole number', () => {
  const kind = integer(-1, 10);

  test('is a number in JSON', () => {
    expect([-1, 0, 10].map(kind.read)).toEqual([-1, 0, 10]);
    for (const bad of [-2, 11, 1.5, Number.NaN, '5', null, [5], true]) expect(kind.read(bad)).toBeUndefined();
  });

  test('is written in decimal digits in text', () => {
    expect(['-1', '007', '10'].map(kind.parse)).toEqual([-1, 7, 10]);
    for (const bad of ['', '-2', '11', '1.0', '1e0', '0x1', '+1', ' 1', '٣', '9'.repeat(400)])
      expect(kind.parse(bad)).toBeUndefined();
  });

  test('names its bounds and its unit', () => {
    expect(kind.expected).toBe('a whole number from -1 to 10');
    expect(hours.expected).toBe('a whole number of hours from 1 to 87600');
  });
});

test('a choice is one of its options, in JSON and in text', () => {
  const kind = choice(['red', 'green']);
  expect([kind.read('red'), kind.parse('green')]).toEqual(['red', 'green']);
  for (const bad of ['Red', 'red,green', '', 'constructor']) expect(kind.parse(bad)).toBeUndefined();
  expect(kind.read(['red'])).toBeUndefined();
  expect([kind.expected, choice(['red']).expected]).toEqual(['one of red, green', 'red']);
});

describe('a list', () => {
  const short = list(
    text('a short word', word => word.length < 4),
    'short words',
  );

  test('is an array in JSON, all of its items good', () => {
    expect(short.read(['a', 'b', 'a'])).toEqual(['a', 'b', 'a']);
    expect(short.read([])).toEqual([]);
    for (const bad of ['a', ['a', 'long'], [null], { 0: 'a' }, [['a']]])
      expect(short.read(bad)).toBeUndefined();
  });

  test('is separated by commas in text, without blanks and repeats', () => {
    expect(short.parse(' a , b,,a,')).toEqual(['a', 'b']);
    expect(short.parse('a,long')).toBeUndefined();
  });

  test('may require an item', () => {
    const some = list(choice(['a']), 'an a', { atLeastOne: true });
    expect([some.read([]), some.parse(','), some.parse('')]).toEqual([undefined, undefined, undefined]);
    expect(some.parse('a')).toEqual(['a']);
  });
});

test('times, days, hours and wikis keep their text', () => {
  expect(instant.read('2026-11-20T11:00:00.250+01:00')).toBe('2026-11-20T11:00:00.250+01:00');
  expect([day.read('2026-11-20'), day.read('2026-02-30')]).toEqual(['2026-11-20', undefined]);
  expect([hour.read('2026-11-20T10'), hour.read('2026-11-20T24')]).toEqual(['2026-11-20T10', undefined]);
  expect([wikis.parse('enwiki,dewiki'), wikis.read(['enWiki'])]).toEqual([['enwiki', 'dewiki'], undefined]);
});

test('any value is read as it is, and text stays text', () => {
  const value = { a: [null] };
  expect(anything.read(value)).toBe(value);
  expect(anything.read(null)).toBeNull();
  expect(anything.parse('5')).toBe('5');
});
