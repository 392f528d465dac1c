/** Workflow inputs: an invalid one fails at once as `InvalidInput` that names the field, what it got and an example. */
import { ApplicationFailure } from '@temporalio/common';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hour, instant, wikis } from '../../../src/contracts/kinds.ts';
import { invalidInput, readInput } from '../../../src/contracts/temporal/input.ts';

const FIELDS = { since: instant, wikis, hour };
const EXAMPLE = { since: '2026-11-20T10:00:00Z', wikis: ['enwiki'] };
const EXAMPLE_TEXT = 'Example: {"since":"2026-11-20T10:00:00Z","wikis":["enwiki"]}';

function read(raw: unknown) {
  return readInput('ingest', raw, FIELDS, EXAMPLE);
}

/** The failure of an input: always non-retryable and of one type. */
function failure(raw: unknown): { message: string; field: unknown } {
  try {
    read(raw);
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    const { type, nonRetryable, message, details } = error;
    if (type !== 'InvalidInput' || nonRetryable !== true) throw error;
    return { message, field: (details?.[0] as { field?: unknown } | undefined)?.field };
  }
  return { message: 'accepted', field: undefined };
}

describe('a good input', () => {
  test.each([
    ['no input at all', undefined, {}],
    ['null, as the Web UI sends for an empty box', null, {}],
    ['an empty object', {}, {}],
    ['fields of null, which other clients send for absent ones', { since: null, wikis: undefined }, {}],
    ['all fields', { ...EXAMPLE, hour: '2026-11-20T10' }, { ...EXAMPLE, hour: '2026-11-20T10' }],
    [
      'milliseconds and an offset',
      { since: '2026-11-20T11:00:00.250+01:00' },
      { since: '2026-11-20T11:00:00.250+01:00' },
    ],
    ['no wikis', { wikis: [] }, { wikis: [] }],
  ])('%s', (_, raw, input) => {
    expect(read(raw)).toEqual(input);
  });
});

describe('an input that is not an object', () => {
  test.each([
    [[], '[]'],
    [[{}], '[{}]'],
    [5, '5'],
    [0, '0'],
    ['', '""'],
    ['2026-11-20T10', '"2026-11-20T10"'],
    [true, 'true'],
    [false, 'false'],
  ])('%j', (raw, got) => {
    expect(failure(raw)).toEqual({
      message: `ingest: the input must be one JSON object, got ${got}. ${EXAMPLE_TEXT}`,
      field: '',
    });
  });
});

describe('an unknown field', () => {
  test.each(['sicne', 'Since', 'since ', '', '__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    '%j',
    name => {
      // Parsed from JSON, where `__proto__` is a field like any other.
      const raw: unknown = JSON.parse(`{${JSON.stringify(name)}:1}`);
      expect(failure(raw)).toEqual({
        message: `ingest: there is no field ${JSON.stringify(name)}; the fields are since, wikis, hour. ${EXAMPLE_TEXT}`,
        field: name,
      });
    },
  );

  test('with the value null is rejected too: it may be a typing error', () => {
    expect(failure({ sicne: null })).toMatchObject({ field: 'sicne' });
  });
});

describe('a field of the wrong kind', () => {
  const time = 'since must be a time in ISO 8601 such as 2026-11-20T10:00:00Z';
  const names = 'wikis must be a list of wikis by database name such as ["enwiki","dewiki"]';
  const hours = 'hour must be an hour in UTC such as 2026-11-20T10';
  test.each([
    ['since', 1_763_632_800, time, '1763632800'],
    ['since', '1763632800', time, '"1763632800"'],
    ['since', '', time, '""'],
    ['since', 'yesterday', time, '"yesterday"'],
    ['since', '2026-11-20', time, '"2026-11-20"'],
    ['since', '20.11.2026 10:00', time, '"20.11.2026 10:00"'],
    ['since', '2026-13-20T10:00:00Z', time, '"2026-13-20T10:00:00Z"'],
    ['since', '2026-11-20T25:00:00Z', time, '"2026-11-20T25:00:00Z"'],
    ['since', ['2026-11-20T10:00:00Z'], time, '["2026-11-20T10:00:00Z"]'],
    ['since', {}, time, '{}'],
    ['since', true, time, 'true'],
    ['wikis', 'enwiki', names, '"enwiki"'],
    ['wikis', 'enwiki,dewiki', names, '"enwiki,dewiki"'],
    ['wikis', ['en.wikipedia.org'], names, '["en.wikipedia.org"]'],
    ['wikis', ['enwiki', 5], names, '["enwiki",5]'],
    ['wikis', ['enwiki', ''], names, '["enwiki",""]'],
    ['wikis', [null], names, '[null]'],
    ['wikis', { 0: 'enwiki' }, names, '{"0":"enwiki"}'],
    ['hour', '2026-11-20T24', hours, '"2026-11-20T24"'],
    ['hour', '2026-11-20', hours, '"2026-11-20"'],
    ['hour', '2026-11-20T10:00:00Z', hours, '"2026-11-20T10:00:00Z"'],
    ['hour', '2026-02-30T10', hours, '"2026-02-30T10"'],
    ['hour', 10, hours, '10'],
  ])('%s: %j', (field, value, expected, got) => {
    expect(failure({ [field]: value })).toEqual({
      message: `ingest: ${expected}, got ${got}. ${EXAMPLE_TEXT}`,
      field,
    });
  });

  test.each([
    ['a day that does not exist, which Date.parse takes for another', '2026-02-30T10:00:00Z'],
    ['no zone: each worker would assume its own', '2026-11-20T10:00'],
    ['words after it', '2026-11-20T10:00:00Z (about)'],
  ])('since: %s', (_, since) => {
    expect(failure({ since })).toMatchObject({ field: 'since' });
  });

  test('is truncated in the message when it is long', () => {
    const { message } = failure({ wikis: Array.from({ length: 10_000 }, () => 'BAD') });
    expect(message).toContain('"BAD","BAD"');
    expect(message).toContain('…');
    expect(message.length).toBeLessThan(400);
  });
});

describe('any input', () => {
  test('is accepted or rejected as InvalidInput, never with another error', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom('since', 'wikis', 'hour', '__proto__'), fc.jsonValue(), { maxKeys: 3 }),
    );
    fc.assert(
      fc.property(value, raw => {
        const { message } = failure(raw);
        expect(message === 'accepted' || message.includes(EXAMPLE_TEXT)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('invalidInput', () => {
  test('is non-retryable and names the field', () => {
    expect(invalidInput('wrong', 'hour')).toMatchObject({
      message: 'wrong',
      type: 'InvalidInput',
      nonRetryable: true,
      details: [{ field: 'hour' }],
    });
  });
});
