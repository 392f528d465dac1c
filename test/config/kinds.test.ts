/** Reading settings: every kind, all problems at once, and no secret in a message. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ConfigurationError,
  choice,
  integer,
  list,
  readSettings,
  text,
  webAddress,
} from '../../src/config/kinds.ts';
import type { Declarations } from '../../src/config/kinds.ts';
import * as kinds from '../../src/contracts/kinds.ts';

const about = 'About it.';
const goodWord = kinds.text('a good word', word => word !== 'bad');
const anyWord = kinds.text('a word', () => true);
const declarations = {
  COUNT: integer({ min: -1, max: 10 }, 5, { about }),
  COLOUR: choice(['red', 'green'], 'green', { about }),
  ONLY: choice(['one'], 'one', { about }),
  WORDS: list(kinds.list(goodWord, 'good words, separated by commas'), [], { about, example: 'a,b' }),
  KINDS: list(kinds.list(anyWord, 'kinds, separated by commas', { atLeastOne: true }), ['x', 'y'], {
    about,
    example: 'x',
  }),
  NAME: text({ good: value => value.length < 5, expected: 'a short name' }, undefined, {
    about,
    example: 'ann',
  }),
  TITLE: text({ good: () => true, expected: 'a title' }, 'none', { about, example: 'Dr' }),
  PLACE: webAddress(undefined, { about, example: 'http://127.0.0.1:1' }),
  KEY: text({ good: value => value === 'good', expected: 'a good key' }, undefined, {
    about,
    example: 'good',
    secret: true,
  }),
};

function read(env: Readonly<Record<string, string | undefined>>) {
  return readSettings(declarations, env);
}

/** The message of the error for an environment. */
function refusal(env: Readonly<Record<string, string>>, of: Declarations = declarations): string {
  try {
    readSettings(of, env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('an environment without our variables', () => {
  const fallbacks = {
    COUNT: 5,
    COLOUR: 'green',
    ONLY: 'one',
    WORDS: [],
    KINDS: ['x', 'y'],
    NAME: undefined,
    TITLE: 'none',
    PLACE: undefined,
    KEY: undefined,
  };

  test('yields the defaults and nothing else', () => {
    expect(read({})).toEqual(fallbacks);
    expect(read({ OTHER: 'x', count: '7' })).toEqual(fallbacks);
  });

  test.each(['', ' ', '\t\n'])(
    'is the same as one where every variable is %j, as docker compose passes unset ones',
    empty => {
      expect(read(Object.fromEntries(Object.keys(declarations).map(name => [name, empty])))).toEqual(
        fallbacks,
      );
    },
  );
});

describe('a good value', () => {
  test.each([
    ['COUNT', '0', 0],
    ['COUNT', '-1', -1],
    ['COUNT', '10', 10],
    ['COUNT', ' 7 ', 7],
    ['COUNT', '007', 7],
    ['COLOUR', 'red', 'red'],
    ['COLOUR', ' red', 'red'],
    ['WORDS', 'a', ['a']],
    ['WORDS', ' a , b,c ', ['a', 'b', 'c']],
    ['WORDS', 'a,,b,', ['a', 'b']],
    ['WORDS', 'b,a,b', ['b', 'a']],
    ['WORDS', ',', []],
    ['NAME', ' ann ', 'ann'],
    ['PLACE', 'https://example.org/a?b#c', 'https://example.org/a?b#c'],
    ['PLACE', 'HTTP://[::1]:80', 'HTTP://[::1]:80'],
    ['KEY', 'good', 'good'],
  ])('of %s: %j', (name, given, value) => {
    expect(read({ [name]: given })).toMatchObject({ [name]: value });
  });
});

describe('a wrong value', () => {
  test.each([
    ['COUNT', '-2', 'a whole number from -1 to 10', '5'],
    ['COUNT', '11', 'a whole number from -1 to 10', '5'],
    ['COUNT', 'five', 'a whole number from -1 to 10', '5'],
    ['COUNT', '1.0', 'a whole number from -1 to 10', '5'],
    ['COUNT', '1e0', 'a whole number from -1 to 10', '5'],
    ['COUNT', '0x1', 'a whole number from -1 to 10', '5'],
    ['COUNT', '+1', 'a whole number from -1 to 10', '5'],
    ['COUNT', '--1', 'a whole number from -1 to 10', '5'],
    ['COUNT', '1 2', 'a whole number from -1 to 10', '5'],
    ['COUNT', '٣', 'a whole number from -1 to 10', '5'],
    ['COUNT', '9'.repeat(400), 'a whole number from -1 to 10', '5'],
    ['COLOUR', 'Red', 'one of red, green', 'green'],
    ['COLOUR', 'red,green', 'one of red, green', 'green'],
    ['COLOUR', 'constructor', 'one of red, green', 'green'],
    ['ONLY', 'two', 'one', 'one'],
    ['WORDS', 'good,bad', 'good words, separated by commas', 'a,b'],
    ['KINDS', ',', 'kinds, separated by commas', 'x'],
    ['NAME', 'longer', 'a short name', 'ann'],
    ['PLACE', 'example.org', 'an http:// or https:// address', 'http://127.0.0.1:1'],
    ['PLACE', 'ftp://example.org', 'an http:// or https:// address', 'http://127.0.0.1:1'],
    ['PLACE', 'http://', 'an http:// or https:// address', 'http://127.0.0.1:1'],
    ['PLACE', 'javascript:alert(1)', 'an http:// or https:// address', 'http://127.0.0.1:1'],
  ])(
    'of %s, %j, is reported with what was expected, what it got and an example',
    (name, given, expected, example) => {
      expect(refusal({ [name]: given })).toBe(
        `A setting is wrong:\n  ${name}: expected ${expected}, got ${JSON.stringify(given)}. Example: ${name}=${example}`,
      );
    },
  );

  test('of a secret is never shown', () => {
    const message = refusal({ KEY: 'my-secret-key' });
    expect(message).toContain('KEY: expected a good key, got (hidden). Example: KEY=good');
    expect(message).not.toContain('my-secret-key');
  });

  test('is reported with all other problems, in the order of the declarations', () => {
    const lines = refusal({ PLACE: 'x', COUNT: 'x', TITLE: 'fine', COLOUR: 'x', KEY: 'x' }).split('\n');
    expect(lines[0]).toBe('4 settings are wrong:');
    expect(lines.slice(1).map(line => line.split(':')[0]?.trim())).toEqual([
      'COUNT',
      'COLOUR',
      'PLACE',
      'KEY',
    ]);
  });
});

describe('any environment', () => {
  test('is read, or rejected with every wrong variable named', () => {
    const env = fc.dictionary(
      fc.constantFrom(...Object.keys(declarations), '__proto__', 'OTHER'),
      fc.string(),
    );
    fc.assert(
      fc.property(env, given => {
        const message = refusal(given);
        const wrong = Object.keys(declarations).filter(
          name => refusal({ [name]: given[name] ?? '' }) !== 'accepted',
        );
        const named = message.match(/^ {2}\w+(?=: expected)/gm)?.map(name => name.trim()) ?? [];
        expect(named).toEqual(wrong);
      }),
    );
  });
});

describe('documentation of a setting', () => {
  test('shows the default as one would write it, and a valid example', () => {
    const shown = Object.entries(declarations).map(([name, { fallbackText }]) => [name, fallbackText]);
    expect(Object.fromEntries(shown)).toEqual({
      COUNT: '5',
      COLOUR: 'green',
      ONLY: 'one',
      WORDS: '',
      KINDS: 'x,y',
      NAME: '',
      TITLE: 'none',
      PLACE: '',
      KEY: '',
    });
    const examples = Object.entries(declarations).map(([name, { example }]) => [name, example]);
    expect(() => read(Object.fromEntries(examples) as Record<string, string>)).not.toThrow();
  });
});
