/** ⑤ What a walk through bytes accepts as a value, `JSON.parse` accepts too; and it accepts JSON as programs write it. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonBytes, ODD, SLACK } from '../../src/core/json-bytes.ts';

const TOKENS =
  '{ } [ ] {} [] , : "a": "b": "" "x" "\\"" "\\u00e9" "\\u12" "\\x" "\t" 0 -0 00 12 -7 1.5 1e3 - true false null nul';

/** Whether a walk from the beginning of a text ends at its end. */
function isWalked(text: string): boolean {
  const json = new JsonBytes(Buffer.concat([Buffer.from(`${text}\n`), Buffer.alloc(SLACK, '"')]));
  return json.valueEnd(0) === json.size - 1;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('accepts no text that is not JSON', () => {
  const text = fc
    .array(fc.constantFrom(...TOKENS.split(' ')), { maxLength: 9 })
    .map(tokens => tokens.join(''));
  let walked = 0;
  fc.assert(
    fc.property(text, each => {
      if (!isWalked(each)) return;
      walked += 1;
      expect([each, isJson(each)]).toEqual([each, true]);
    }),
    { numRuns: 50_000 },
  );
  expect(walked).toBeGreaterThan(1_000);
});

test.each([
  '[1}',
  '{"a":1]',
  '[{"a":[1}]]',
  '{"a":[1]',
  '[1,]',
  '{"a":1,}',
  '[,1]',
  '{"a"1}',
  '{1:2}',
  '[1 ]',
])('does not accept %s', text => {
  expect(isWalked(text)).toBe(false);
});

test('accepts values as programs write them, without fractions', () => {
  const { value } = fc.letrec(tie => ({
    value: fc.oneof(
      { maxDepth: 6 },
      fc.string({ unit: 'binary' }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(value, each => {
      expect(isWalked(JSON.stringify(each))).toBe(true);
    }),
  );
});

test('leaves deep nesting to others', () => {
  expect(isWalked(`${'['.repeat(31)}1${']'.repeat(31)}`)).toBe(true);
  const deep = Buffer.from(`${'['.repeat(32)}1${']'.repeat(32)}\n${' '.repeat(SLACK)}`);
  expect(new JsonBytes(deep).valueEnd(0)).toBe(ODD);
});
