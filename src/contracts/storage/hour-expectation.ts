/** What gold keeps of how an hour compares with what is usual, from when it was sealed. Field names are serialised. */
import { isObject } from '../../core/json.ts';
import { hourStartMs } from '../../core/time.ts';
import type { Hour } from '../../core/time.ts';
import type { Quietness } from '../../core/usual/quiet.ts';

/** People's edits; bots pause, and nothing is wrong. */
export interface HourExpectation {
  readonly hour: Hour;
  /** Epoch seconds: what is said later replaces it. */
  readonly judgedAt: number;
  /** Of all wikis together. */
  readonly all: Quietness & { readonly edits: number };
  /** How many wikis have enough edits to be judged. */
  readonly wikis: number;
  /** Those of them that had far fewer than usual, by name. */
  readonly quiet: readonly QuietWiki[];
}

export interface QuietWiki {
  readonly wiki: string;
  readonly edits: number;
  readonly expected: number;
  /** Edits divided by `expected`. */
  readonly factor: number;
}

const OF_ALL: Readonly<Record<Quietness['kind'], readonly string[]>> = {
  quiet: ['edits', 'expected', 'factor'],
  as_usual: ['edits', 'expected', 'factor'],
  too_small: ['edits', 'expected'],
  not_enough_history: ['edits', 'weeks'],
};
const OF_WIKI = ['edits', 'expected', 'factor'];

export function isHourExpectation(value: unknown): value is HourExpectation {
  if (!isObject(value)) return false;
  const { hour, judgedAt, all, wikis, quiet } = value;
  return (
    typeof hour === 'string' &&
    hourStartMs(hour) !== undefined &&
    Number.isFinite(judgedAt) &&
    Number.isFinite(wikis) &&
    isObject(all) &&
    hasNumbers(all, Object.entries(OF_ALL).find(([kind]) => kind === all['kind'])?.[1]) &&
    Array.isArray(quiet) &&
    quiet.every(one => isObject(one) && typeof one['wiki'] === 'string' && hasNumbers(one, OF_WIKI))
  );
}

function hasNumbers(value: Readonly<Record<string, unknown>>, names: readonly string[] | undefined): boolean {
  return names?.every(name => Number.isFinite(value[name])) ?? false;
}
