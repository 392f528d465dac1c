/** Parts named by signals and inputs: accepted only if all of them are keys of parts of the hour. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { streamPartKey } from '../../../src/contracts/storage/object-keys.ts';
import { readPartKeys } from '../../../src/contracts/temporal/part-notices.ts';

const HOUR = '2026-11-20T10';
const A = streamPartKey(HOUR, 1, 'a');
const B = streamPartKey(HOUR, 2, 'b');
const OTHER = streamPartKey('2026-11-20T11', 3, 'c');
const notice = (key: unknown) => ({ key, hour: HOUR, events: 1, edits: 1 });

describe('readPartKeys', () => {
  test.each([
    ['a key', A, [A]],
    ['a notice', notice(A), [A]],
    ['keys', [A, B], [A, B]],
    ['notices', [notice(A), notice(B)], [A, B]],
    ['both, in their order', [notice(B), A], [B, A]],
    ['none', [], []],
    ['a key twice, leaving repeats to the caller', [A, A], [A, A]],
    [
      'the part of a backfill',
      A.replace('part-000000000001-a', 'part-api-enwiki'),
      [A.replace('part-000000000001-a', 'part-api-enwiki')],
    ],
  ])('accepts %s', (_, payload, keys) => {
    expect(readPartKeys(payload, HOUR)).toEqual(keys);
  });

  test.each([
    ['a part of another hour', OTHER],
    ['a part of another hour among good ones', [A, OTHER]],
    ['a notice that lies about its hour', notice(OTHER)],
    ['a key that is not of a part', 'bronze/_log/recentchange/000000000001.json'],
    ['dead letters', A.replace('bronze', 'deadletter')],
    ['an empty text', ''],
    ['nothing', undefined],
    ['null', null],
    ['a number', 5],
    ['a notice without key', { hour: HOUR }],
    ['a notice whose key is not text', notice([A])],
    ['a list in a list', [[A]]],
    ['null among keys', [A, null]],
  ])('rejects %s', (_, payload) => {
    expect(readPartKeys(payload, HOUR)).toBeUndefined();
  });

  test('yields nothing but keys of the hour, whatever the payload', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.array(fc.oneof(fc.constant(A), fc.jsonValue()))), payload => {
        const keys = readPartKeys(payload, HOUR) ?? [];
        expect(keys.every(key => key === A)).toBe(true);
      }),
    );
  });
});
