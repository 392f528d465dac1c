/**
 * Reads the parameters of queries and paths by the route's schema. Stricter than Ajv's coercion, which accepts `1e2`, `0x10` and ` 7` as
 * numbers, and with readable messages: every invalid parameter, its value, and what was expected. Unknown parameters
 * are refused by name on every route under /api/v1, and ignored in the older routes, whose clients add cache-busters.
 */
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { integer } from '../../contracts/kinds.ts';
import type { WrongParameter } from '../schemas/problem.ts';

/** Thrown for a request with invalid parameters or fields; becomes a problem document. */
export class WrongParameters extends Error {
  override readonly name = 'WrongParameters';
  readonly statusCode = 400;
  readonly problems: readonly WrongParameter[];

  /** @param message when the problems alone do not say it */
  constructor(problems: readonly WrongParameter[], message?: string) {
    const sentences = problems.map(
      ({ parameter, got, expected, example }) =>
        `${parameter}: expected ${expected}, got ${got === null ? 'nothing' : JSON.stringify(got)}. Example: ${example}`,
    );
    super(message ?? sentences.join('; '));
    this.problems = problems;
  }
}

/** Long enough to recognise what was sent, too short to echo a payload. */
const MAX_ECHO = 80;

/** Makes every route validate its query by its schema. */
export function registerParameters(app: FastifyInstance): void {
  // A route without parameters has a schema too: that of none.
  app.addHook('onRoute', route => {
    if (refusesUnknown(route.url)) route.schema = { querystring: Type.Object({}), ...route.schema };
  });
  app.setValidatorCompiler<ParameterSchema>(({ schema, httpPart, url }) => {
    // Routes read bodies themselves: the rules of an input are those of its workflow.
    if (httpPart === 'body') return (value: unknown) => ({ value });
    const readers = Object.entries(schema.properties).map(([name, property]) =>
      parameterReader(name, property, schema.required?.includes(name) ?? false),
    );
    const unknown = refusesUnknown(url) ? unknownIn(schema.properties) : () => [];
    return (query: Query) => {
      const value: Record<string, unknown> = {};
      const wrong = [...readers.flatMap(read => read(query, value) ?? []), ...unknown(query)];
      return wrong.length === 0 ? { value } : { error: new WrongParameters(wrong) };
    };
  });
}

/** @param url pattern of a route */
export function refusesUnknown(url: string): boolean {
  return url.startsWith('/api/v1/');
}

interface ParameterSchema {
  readonly properties: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
}

interface Property extends TSchema {
  readonly type: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly examples?: readonly unknown[];
  readonly 'x-expected'?: string;
}

/** A repeated parameter arrives as an array. */
type Query = Readonly<Record<string, string | string[] | undefined>>;
type Reader = (query: Query, into: Record<string, unknown>) => WrongParameter | undefined;

function parameterReader(name: string, property: Property, required: boolean): Reader {
  const validator = Compile(property);
  const { type, minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = property;
  const expected = property['x-expected'] ?? integer(minimum, maximum).expected;
  const example = exampleOf(name, property);
  return (query, into) => {
    const given = query[name];
    if (given === undefined && !required) return undefined;
    const value = type === 'integer' ? wholeNumber(given) : given;
    if (!validator.Check(value)) return { parameter: name, got: echo(given), expected, example };
    into[name] = value;
    return undefined;
  };
}

/** Finds parameters that a route does not have: a misspelt one would otherwise change nothing, in silence. */
function unknownIn(properties: ParameterSchema['properties']): (query: Query) => WrongParameter[] {
  const names = Object.keys(properties);
  const [first] = Object.entries(properties);
  const expected =
    first === undefined ? 'no parameters on this route' : `one of the parameters ${names.join(', ')}`;
  const example = first === undefined ? 'leave it out' : exampleOf(...first);
  return query =>
    Object.entries(query)
      .filter(([name]) => !names.includes(name))
      .map(([name, given]) => ({ parameter: shortened(name), got: echo(given), expected, example }));
}

function exampleOf(name: string, { examples }: Property): string {
  return `${name}=${String(examples?.[0])}`;
}

function wholeNumber(given: unknown): unknown {
  return typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : given;
}

function echo(given: string | string[] | undefined): string | null {
  if (given === undefined) return null;
  return shortened([given].flat().join(', '));
}

function shortened(text: string): string {
  return text.length > MAX_ECHO ? `${text.slice(0, MAX_ECHO)}…` : text;
}

/** One parameter is wrong. */
export function wrongParameter(
  parameter: string,
  got: string | null,
  expected: string,
  example: string,
): WrongParameters {
  return new WrongParameters([{ parameter, got, expected, example }]);
}
