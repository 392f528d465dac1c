/**
 * Kinds of settings, and the reading of a whole environment at once. `config.ts` declares the settings themselves.
 * Pure: problems are collected, never thrown one by one.
 */

/** One variable of the environment: how its text is read, and how it is explained. */
export interface Setting<T> {
  /** Answers the value, or what is wrong with the text. */
  readonly read: (text: string) => T | Problem;
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
}

class Problem {
  readonly expected: string;
  constructor(expected: string) {
    this.expected = expected;
  }
}

interface Prose {
  readonly about: string;
  readonly example?: string;
  readonly secret?: true;
}

interface Kind<T> {
  readonly read: (text: string) => T | Problem;
  readonly expected: string;
  readonly example: string;
  readonly show?: (value: T) => string;
}

function declare<T>(kind: Kind<T>, fallback: T, prose: Prose): Setting<T> {
  const show = kind.show ?? ((value: T) => (value === undefined ? '' : String(value)));
  return {
    read: kind.read,
    fallback,
    fallbackText: show(fallback),
    expected: kind.expected,
    example: prose.example ?? kind.example,
    about: prose.about,
    secret: prose.secret ?? false,
  };
}

/** A whole number within bounds. */
export function integer(
  bounds: { min: number; max: number },
  fallback: number,
  prose: Prose,
): Setting<number> {
  const expected = `a whole number from ${bounds.min} to ${bounds.max}`;
  const read = (text: string): number | Problem => {
    const value = Number(text);
    const good = /^-?\d+$/.test(text) && value >= bounds.min && value <= bounds.max;
    return good ? value : new Problem(expected);
  };
  return declare({ read, expected, example: String(fallback) }, fallback, prose);
}

/** One word out of a few. */
export function choice<const T extends string>(options: readonly T[], fallback: T, prose: Prose): Setting<T> {
  const expected = options.length === 1 ? `${options[0]}` : `one of ${options.join(', ')}`;
  const read = (text: string): T | Problem =>
    options.find(option => option === text) ?? new Problem(expected);
  return declare({ read, expected, example: fallback }, fallback, prose);
}

/** Comma-separated words, each of which must pass `good`; without repeats. */
export function list(
  rule: { good: (item: string) => boolean; each: string; atLeastOne?: boolean },
  fallback: readonly string[],
  prose: Prose & { example: string },
): Setting<readonly string[]> {
  const expected = `${rule.each}, several separated by commas`;
  const read = (text: string): readonly string[] | Problem => {
    const items = [...new Set(text.split(',').map(item => item.trim()))].filter(item => item !== '');
    if (items.length === 0 && rule.atLeastOne === true) return new Problem(expected);
    return items.every(item => rule.good(item)) ? items : new Problem(expected);
  };
  const show = (items: readonly string[]): string => items.join(',');
  return declare({ read, expected, example: prose.example, show }, fallback, prose);
}

/** Text that must pass `good`. */
export function text<F extends string | undefined>(
  rule: { good: (value: string) => boolean; expected: string },
  fallback: F,
  prose: Prose & { example: string },
): Setting<string | F> {
  const read = (value: string): string | Problem => (rule.good(value) ? value : new Problem(rule.expected));
  return declare<string | F>({ read, expected: rule.expected, example: prose.example }, fallback, prose);
}

/** An absolute http or https address. */
export function webAddress<F extends string | undefined>(
  fallback: F,
  prose: Prose & { example: string },
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
 * Reads every declared variable. An empty variable counts as unset, as docker compose passes them.
 * @throws ConfigurationError naming each wrong variable, what it got (secrets masked) and an example.
 */
export function readSettings<D extends Declarations>(
  declarations: D,
  env: Readonly<Record<string, string | undefined>>,
): Values<D> {
  const problems: string[] = [];
  const values = Object.entries(declarations).map(([name, setting]) => {
    const given = env[name]?.trim() ?? '';
    if (given === '') return [name, setting.fallback];
    const value = setting.read(given);
    if (!(value instanceof Problem)) return [name, value];
    const got = setting.secret ? '(hidden)' : JSON.stringify(given);
    problems.push(`${name}: expected ${value.expected}, got ${got}. Example: ${name}=${setting.example}`);
    return [name, setting.fallback];
  });
  if (problems.length > 0) throw new ConfigurationError(problems);
  return Object.fromEntries(values) as Values<D>;
}
