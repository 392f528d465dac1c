/**
 * Kinds of values that users provide: in settings, flags, API parameters and workflow inputs. A kind says what a valid
 * value is and reads one, from JSON or from text. Its caller adds to a message the name of the value, what it got and an example.
 */
import { hourStartMs, isDay, isInstant } from '../core/time.ts';
import { isWikiName } from '../core/wiki-name.ts';
import { MAX_HOURS } from './limits.ts';

export interface Kind<T> {
  /** What a valid value is, as in "must be …" or "expected …". */
  readonly expected: string;
  /** The value, read from JSON; undefined when it is not of this kind. */
  readonly read: (value: unknown) => T | undefined;
  /** The value, read from text such as a flag or an environment variable; undefined when it is not of this kind. */
  readonly parse: (text: string) => T | undefined;
}

/** A whole number within bounds, of `unit` where there is one. */
export function integer(min: number, max: number, unit?: string): Kind<number> {
  const read = (value: unknown): number | undefined =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : undefined;
  return {
    expected: `a whole number ${unit === undefined ? '' : `of ${unit} `}from ${min} to ${max}`,
    read,
    parse: text => (/^-?\d+$/.test(text) ? read(Number(text)) : undefined),
  };
}

/** One of a few words. */
export function choice<const T extends string>(options: readonly T[]): Kind<T> {
  const expected = options.length === 1 ? `${options[0]}` : `one of ${options.join(', ')}`;
  const read = (value: unknown): T | undefined => options.find(option => option === value);
  return { expected, read, parse: read };
}

/** Text that passes a test. */
export function text(expected: string, isGood: (value: string) => boolean): Kind<string> {
  const read = (value: unknown): string | undefined =>
    typeof value === 'string' && isGood(value) ? value : undefined;
  return { expected, read, parse: read };
}

/** Values of one kind; in text they are separated by commas, and repeats are dropped. */
export function list<T>(
  item: Kind<T>,
  expected: string,
  { atLeastOne = false }: { readonly atLeastOne?: boolean } = {},
): Kind<readonly T[]> {
  const all = (values: readonly (T | undefined)[]): readonly T[] | undefined => {
    const good = values.filter(value => value !== undefined);
    return good.length === values.length && (good.length > 0 || !atLeastOne) ? good : undefined;
  };
  return {
    expected,
    read: value => (Array.isArray(value) ? all(value.map(item.read)) : undefined),
    parse: text => {
      const words = text.split(',').map(word => word.trim());
      return all([...new Set(words)].filter(word => word !== '').map(item.parse));
    },
  };
}

/** Any JSON value; the caller checks it. */
export const anything: Kind<unknown> = { expected: 'any value', read: value => value, parse: text => text };

/** A time, kept as text. */
export const instant = text('a time in ISO 8601 such as 2026-11-20T10:00:00Z', isInstant);

/** A day in UTC. */
export const day = text('a day in UTC such as 2026-11-20', isDay);

/** An hour partition. */
export const hour = text('an hour in UTC such as 2026-11-20T10', value => hourStartMs(value) !== undefined);

/** How far back a range reaches. */
export const hours = integer(1, MAX_HOURS, 'hours');

export const wikiName = text(
  'a wiki’s database name: 1 to 64 lower case letters, digits and underscores',
  isWikiName,
);

export const wikis = list(wikiName, 'a list of wikis by database name such as ["enwiki","dewiki"]');
