/** `--timescale compress=7d,retain=2y`: what TimescaleDB does with rows of some age. */
import type { WantedPolicies } from '../gold/postgres/timescale.ts';
import { badFlag } from './bad-flag.ts';
import { splitList } from './flag-values.ts';

const FLAG = '--timescale';
const EXAMPLE = `${FLAG} compress=7d,retain=2y`;
const DAYS: Readonly<Record<string, number>> = { d: 1, w: 7, mo: 30, y: 365 };
const MAX_DAYS = 36_500;

/** @throws PipelineError `bad_configuration` with an example */
export function readPolicies(text: string): WantedPolicies {
  if (text.trim() === 'off') return { compress: 'off', retain: 'off' };
  const wanted: { compress: number | 'off' | undefined; retain: number | 'off' | undefined } = {
    compress: undefined,
    retain: undefined,
  };
  const items = splitList(text);
  if (items.length === 0) throw bad('compress=AGE, retain=AGE, both separated by a comma, or off', text);
  for (const item of items) {
    const [name = '', age, ...more] = item.split('=').map(piece => piece.trim());
    if ((name !== 'compress' && name !== 'retain') || age === undefined || more.length > 0)
      throw bad('compress=AGE, retain=AGE, both separated by a comma, or off', item);
    if (wanted[name] !== undefined) throw bad(`${name} only once`, text);
    wanted[name] = age === 'off' ? 'off' : daysOf(name, age);
  }
  const { compress, retain } = wanted;
  if (typeof compress === 'number' && typeof retain === 'number' && retain <= compress)
    throw bad('rows to be kept longer than they stay uncompressed', text);
  return wanted;
}

function daysOf(name: string, age: string): number {
  const [, number = '', unit = ''] = /^(\d{1,5})(d|w|mo|y)$/.exec(age) ?? [];
  const days = Number(number) * (DAYS[unit] ?? 0);
  if (days >= 1 && days <= MAX_DAYS) return days;
  throw bad(
    `${name} to be off, or a number of days, weeks, months or years, up to ${MAX_DAYS} days (7d, 8w, 6mo, 2y)`,
    age,
  );
}

function bad(expected: string, got: string): Error {
  return badFlag(FLAG, expected, JSON.stringify(got), EXAMPLE);
}
