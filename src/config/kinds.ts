/** Declares settings of the kinds in `contracts/kinds.ts`, and reads a whole environment, reporting all problems at once. */
import { isServiceVariable, unquoted } from './env-file.ts';
import * as kinds from '../contracts/kinds.ts';
import type { Kind } from '../contracts/kinds.ts';

/** One environment variable: how its text is read, and how it is explained. */
export interface Setting<T> {
  /** The value; undefined when the text is not a good one. */
  readonly parse: (text: string) => NonNullable<T> | undefined;
  /** Used when the variable is unset or empty. */
  readonly fallback: T;
  /** The default as the documentation shows it; empty when there is none. */
  readonly fallbackText: string;
  /** What a good value looks like, for messages and documentation. */
  readonly expected: string;
  readonly example: string;
  readonly about: string;
  /** Never printed. */
  readonly secret: boolean;
  /** What is wrong with a text, after “It”, without a full stop; it may say nothing secret. */
  readonly problem?: ((text: string) => string | undefined) | undefined;
}

interface Prose {
  readonly about: string;
  readonly secret?: true;
}

/** Where the default cannot serve as an example. */
interface ProseWithExample extends Prose {
  readonly example: string;
}

function declare<T>(
  { parse, expected }: Kind<NonNullable<T>>,
  fallback: T,
  { about, example, secret = false }: Omit<ProseWithExample, 'secret'> & { readonly secret?: boolean },
): Setting<T> {
  // A list is shown as it is written: joined by commas.
  const fallbackText = fallback === undefined ? '' : String(fallback);
  return { parse, fallback, fallbackText, expected, example, about, secret };
}

/** A whole number within bounds. */
export function integer(
  { min, max }: { min: number; max: number },
  fallback: number,
  prose: Prose,
): Setting<number> {
  return declare(kinds.integer(min, max), fallback, { ...prose, example: String(fallback) });
}

/** The same without a default. */
export function integerIfSet(
  { min, max }: { min: number; max: number },
  prose: ProseWithExample,
): Setting<number | undefined> {
  return declare<number | undefined>(kinds.integer(min, max), undefined, prose);
}

/** One of a few words. */
export function choice<const T extends string>(options: readonly T[], fallback: T, prose: Prose): Setting<T> {
  return declare<T>(kinds.choice(options), fallback, { ...prose, example: fallback });
}

/** Values separated by commas. */
export function list<T extends string>(
  kind: Kind<readonly T[]>,
  fallback: readonly T[],
  prose: ProseWithExample,
): Setting<readonly T[]> {
  return declare(kind, fallback, prose);
}

/** Text that passes `good`. */
export function text<F extends string | undefined>(
  { good, expected }: { good: (value: string) => boolean; expected: string },
  fallback: F,
  prose: ProseWithExample,
): Setting<string | F> {
  return declare<string | F>(kinds.text(expected, good), fallback, prose);
}

/** Text in which `problem` finds nothing wrong. */
export function explainedText<F extends string | undefined>(
  { problem, expected }: { problem: (value: string) => string | undefined; expected: string },
  fallback: F,
  prose: ProseWithExample,
): Setting<string | F> {
  return { ...text({ good: value => problem(value) === undefined, expected }, fallback, prose), problem };
}

/** An absolute http or https address. */
export function webAddress<F extends string | undefined>(
  fallback: F,
  prose: ProseWithExample,
): Setting<string | F> {
  const expected = 'an http:// or https:// address';
  return text({ good: value => /^https?:$/.test(protocolOf(value)), expected }, fallback, prose);
}

function protocolOf(value: string): string {
  try {
    return new URL(value).protocol;
  } catch {
    return '';
  }
}

export type Declarations = Readonly<Record<string, Setting<unknown>>>;
export type Values<D extends Declarations> = { readonly [K in keyof D]: D[K]['fallback'] };

/** Thrown with every problem of an environment in one message. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(problems: readonly string[]) {
    const heading = problems.length === 1 ? 'A setting is wrong' : `${problems.length} settings are wrong`;
    super([`${heading}:`, ...problems.map(problem => `  ${problem}`)].join('\n'));
  }
}

/**
 * Reads every declared variable. An empty variable counts as unset, because docker compose passes unset ones that way;
 * so does one that a platform has set to describe a service.
 * @throws ConfigurationError that names each wrong variable, what it got (secrets masked) and an example
 */
export function readSettings<D extends Declarations>(
  declarations: D,
  env: Readonly<Record<string, string | undefined>>,
): Values<D> {
  const problems: string[] = [];
  const values = Object.entries(declarations).map(([name, setting]) => {
    const given = unquoted(env[name]?.trim() ?? '').trim();
    if (given === '' || isServiceVariable(name, given)) return [name, setting.fallback];
    const value = setting.parse(given);
    if (value !== undefined) return [name, value];
    const got = setting.secret ? '(hidden)' : JSON.stringify(given);
    const problem = setting.problem?.(given);
    const why = problem === undefined ? '' : ` It ${problem}.`;
    problems.push(
      `${name}: expected ${setting.expected}, got ${got}.${why} Example: ${name}=${setting.example}`,
    );
    return [name, setting.fallback];
  });
  if (problems.length > 0) throw new ConfigurationError(problems);
  return Object.fromEntries(values) as Values<D>;
}
