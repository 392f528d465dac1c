/** The description at /api/v1/openapi.json names what it describes, and shows an example of everything. */
import { beforeAll, describe, expect, test } from 'vitest';
import { buildApp } from '../../src/api/app.ts';
import type { Json } from '../../src/core/json.ts';
import { MemoryGold } from './memory-gold.ts';
import {
  examplesIn,
  namedSchemasIn,
  namelessObjectsIn,
  namesReferredTo,
  repeatedShapesIn,
  withoutExample,
  wrongExamples,
} from './described.ts';

let document: Json;

beforeAll(async () => {
  const app = await buildApp({ gold: new MemoryGold(), dashboardDir: 'x', version: '9.8.7' });
  document = (await app.inject('/api/v1/openapi.json')).json();
  await app.close();
});

describe('names', () => {
  test('every object of a request or an answer has one', () => {
    expect(namelessObjectsIn(document)).toEqual([]);
  });

  test('they are written alike, and each is used', () => {
    const names = namedSchemasIn(document).map(([name]) => name);
    expect(names.filter(name => !/^(?:[A-Z][a-z]+)+$/.test(name))).toEqual([]);
    const used = namesReferredTo(document);
    expect(names.filter(name => !used.has(name))).toEqual([]);
  });

  test('no two of them have one shape', () => {
    expect(repeatedShapesIn(document)).toEqual([]);
  });
});

describe('examples', () => {
  test('every parameter, request, answer and named schema has one', () => {
    expect(withoutExample(document)).toEqual([]);
    expect(examplesIn(document)).toBeGreaterThan(100);
  });

  test('each is what its schema allows', () => {
    expect(wrongExamples(document)).toEqual([]);
  });
});

describe('what is wrong in a description is noticed', () => {
  test.each([
    ['an example of a schema', 'wrong', 'examples":[{"ts":"2026-11-20T10:05:00Z"', 'examples":[{"ts":"soon"'],
    ['an example of an answer', 'wrong', 'example":[{"ts":"2026-11-20T10:05:00Z"', 'example":[{"ts":"soon"'],
    ['an example of a parameter', 'wrong', '"example":180', '"example":"three hours"'],
    ['a default', 'wrong', '"default":180', '"default":0'],
    ['an example of a schema', 'missing', '"examples":[{"ts":"2026-11-20T10:05:00Z"', '"none":[{"ts":""'],
    ['an example of an answer', 'missing', '"example":[{"ts":"2026-11-20T10:05:00Z"', '"none":[{"ts":""'],
    ['an example of a parameter', 'missing', '"example":180', '"none":180'],
  ])('%s that is %s', (_what, how, text, other) => {
    const whole = JSON.stringify(document);
    expect(whole).toContain(text);
    const broken: Json = JSON.parse(whole.replace(text, other));
    expect(how === 'wrong' ? wrongExamples(broken) : withoutExample(broken)).toHaveLength(1);
  });

  test('an object without a name, and two names for one shape', () => {
    const schemas = Object.fromEntries(namedSchemasIn(document));
    const repeated = { ...document, components: { schemas: { ...schemas, Second: schemas['Minute'] } } };
    expect(repeatedShapesIn(repeated)).toEqual([['Minute', 'Second']]);
    const nameless = {
      ...document,
      components: { schemas: { ...schemas, List: { items: schemas['Minute'] } } },
    };
    expect(namelessObjectsIn(nameless)).toEqual(['components schemas List items']);
  });
});
