/** The types of the dashboard's requests, made from the description of the API. */
import { expect, test } from 'vitest';
import { clientTypes } from '../../scripts/docs/client.mjs';

type Description = Parameters<typeof clientTypes>[0];

/** One route, `GET /things`, that answers with this. */
function answering(schema: object, rest: Partial<Description['paths'][string][string]> = {}): Description {
  const responses = {
    404: { content: { 'application/problem+json': { schema: { type: 'string' } } } },
    200: { content: { 'text/csv': { schema: { type: 'string' } }, 'application/json': { schema } } },
  };
  return { paths: { '/things': { get: { responses, ...rest } } } };
}

/** Without comments, and on one line. */
function typesOf(description: Description): string {
  return clientTypes(description)
    .replace(/\/\*\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ');
}

test.each([
  [{ type: 'integer', minimum: 0 }, 'number'],
  [{ type: 'string', format: 'date-time' }, 'string'],
  [{ anyOf: [{ type: 'number' }, { type: 'null' }] }, 'number | null'],
  [
    {
      anyOf: [
        { type: 'string', const: "it's" },
        { type: 'string', const: 'b' },
      ],
    },
    String.raw`'it\'s' | 'b'`,
  ],
  [{ type: 'string', enum: ['1m', '5m'] }, "'1m' | '5m'"],
  [{ type: 'array', items: { type: 'boolean' } }, 'readonly (boolean)[]'],
  [{ $ref: '#/components/schemas/Run' }, "Schemas['Run']"],
  [{ type: 'object', additionalProperties: { type: 'integer' } }, 'Readonly<Record<string, number>>'],
  [
    { type: 'object', required: ['a'], properties: { a: { type: 'string' }, 'b-c': { type: 'string' } } },
    "{ readonly a: string; readonly 'b-c'?: string; }",
  ],
])('%j is %s', (schema, type) => {
  expect(typesOf(answering(schema))).toContain(`readonly answer: ${type};`);
});

test('a question has the parameters of its path and of its query', () => {
  const parameters = [
    { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
    { name: 'limit', in: 'query', schema: { type: 'integer' } },
  ];
  const types = typesOf(answering({ type: 'string' }, { parameters }));
  expect(types).toContain("'GET /things': { readonly path: { readonly id: string; };");
  expect(types).toContain('readonly query: { readonly limit?: number; };');
  expect(typesOf(answering({ type: 'string' }))).toContain('readonly query: undefined;');
});

test('descriptions become comments that end where they should', () => {
  const described = {
    type: 'object',
    properties: { a: { type: 'string', description: 'Ends */ not here.' } },
  };
  expect(clientTypes(answering(described))).toContain('/** Ends * / not here. */\nreadonly a?: string;');
});

test('what it does not know is an error that names the route, never a wider type', () => {
  expect(() => clientTypes(answering({ allOf: [] }))).toThrow(/GET \/things: no type is known for \{"allOf"/);
});
