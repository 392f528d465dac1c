/**
 * Inputs of workflows, checked by hand: a schema library in the bundle costs memory in every workflow, and a plain
 * Error would make the workflow task repeat for ever instead of failing the workflow.
 */
import { ApplicationFailure } from '@temporalio/common';
import { isWikiName } from '../../core/wiki-name.ts';
import { hourStartMs } from '../../core/time.ts';

/** Reads one field; answers its value, or throws `InvalidInput` through `bad`. */
type Read<T> = (value: unknown, bad: (expected: string) => never) => T;
type Fields = Readonly<Record<string, Read<unknown>>>;
export type InputOf<F extends Fields> = { readonly [K in keyof F]?: ReturnType<F[K]> };

/** An input that can never work: the workflow fails at once, and says why. */
export function invalidInput(message: string, field: string): ApplicationFailure {
  return ApplicationFailure.create({
    message,
    type: 'InvalidInput',
    nonRetryable: true,
    details: [{ field }],
  });
}

/**
 * Reads a workflow's input object. `undefined` (no input at all) counts as `{}`.
 * @throws ApplicationFailure `InvalidInput` naming the field, what it got and an example.
 */
export function readInput<F extends Fields>(
  workflow: string,
  raw: unknown,
  fields: F,
  example: object,
): InputOf<F> {
  const such = `Example: ${JSON.stringify(example)}`;
  const known = Object.keys(fields).join(', ');
  if (raw === undefined || raw === null) return {};
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    throw invalidInput(`${workflow}: the input must be one JSON object, got ${show(raw)}. ${such}`, '');
  }
  const input: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw)) {
    const read = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (read === undefined) {
      throw invalidInput(
        `${workflow}: there is no field ${show(name)}; the fields are ${known}. ${such}`,
        name,
      );
    }
    if (value === null || value === undefined) continue;
    input[name] = read(value, expected => {
      throw invalidInput(`${workflow}: ${name} must be ${expected}, got ${show(value)}. ${such}`, name);
    });
  }
  return input as InputOf<F>;
}

const ISO = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** An instant in ISO 8601; kept as text. */
export const instant: Read<string> = (value, bad) => {
  // With a zone, else every worker would read its own into it; a day that exists, else Date.parse takes the next one.
  const [, day] = (typeof value === 'string' && ISO.exec(value)) || [];
  const isDay = day !== undefined && hourStartMs(`${day}T00`) !== undefined;
  if (!isDay || !Number.isFinite(Date.parse(String(value))))
    bad('a time in ISO 8601 such as 2026-11-20T10:00:00Z');
  return String(value);
};

/** Ten years. */
const MAX_HOURS = 87_600;

/** Database names of wikis. */
export const wikis: Read<readonly string[]> = (value, bad) => {
  const isList = Array.isArray(value) && value.every(wiki => typeof wiki === 'string' && isWikiName(wiki));
  if (!isList) bad('a list of wikis by database name such as ["enwiki","dewiki"]');
  return value as string[];
};

/** A number of hours that a range reaches back. */
export const hours: Read<number> = (value, bad) =>
  integer(1, MAX_HOURS)(value, expected => bad(expected.replace('number', 'number of hours')));

/** One word out of a few. */
export function choice<const T extends string>(options: readonly T[]): Read<T> {
  return (value, bad) => options.find(option => option === value) ?? bad(`one of ${options.join(', ')}`);
}

/** A whole number within bounds. */
export function integer(min: number, max: number): Read<number> {
  return (value, bad) => {
    if (!Number.isInteger(value) || Number(value) < min || Number(value) > max)
      bad(`a whole number from ${min} to ${max}`);
    return Number(value);
  };
}

/** A day in UTC. */
export const day: Read<string> = (value, bad) => {
  if (typeof value !== 'string' || hourStartMs(`${value}T00`) === undefined)
    bad('a day in UTC such as 2026-11-20');
  return value as string;
};

/** An hour partition. */
export const hour: Read<string> = (value, bad) => {
  if (typeof value !== 'string' || hourStartMs(value) === undefined)
    bad('an hour in UTC such as 2026-11-20T10');
  return value as string;
};

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
