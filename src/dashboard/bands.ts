/**
 * ⑧ Gaps of the source as minutes of the chart. Pure.
 *
 * When a few numbers were skipped within seconds, the minute was counted all the same, but for some messages. Any
 * other gap leaves minutes of which nothing may be known: there a missing row is "no data" and not 0. A minute that
 * has a row keeps it, in a gap too: it lies at the edge, or somebody has filled it.
 */
import type { Gap, Gaps } from '../api/schemas/gaps.ts';
import { minuteOf } from '../core/time.ts';

export interface Band {
  /** `no-data`: of minutes without a row nothing is known. `incomplete`: all were counted, but for some messages. */
  readonly kind: 'no-data' | 'incomplete';
  readonly causes: readonly Gap['cause'][];
  /** First minute that the gap touches, epoch seconds. */
  readonly from: number;
  /** First minute after it. */
  readonly to: number;
}

/** Gaps as bands, ascending. Those that touch become one: an outage is a gap in each topic of the stream. */
export function bandsOf(gaps: Gaps): Band[] {
  const bands = gaps.map(toBand).sort((a, b) => a.from - b.from);
  const unknown = joined(bands.filter(({ kind }) => kind === 'no-data'));
  const incomplete = joined(bands.filter(({ kind }) => kind === 'incomplete'));
  const inside = (band: Band): boolean => unknown.some(({ from, to }) => from <= band.from && band.to <= to);
  return [...unknown, ...incomplete.filter(band => !inside(band))].sort((a, b) => a.from - b.from);
}

/** The parts of the bands that lie between two minutes, `to` not included. */
export function clipBands(bands: readonly Band[], from: number, to: number): Band[] {
  return bands
    .map(band => ({ ...band, from: Math.max(band.from, from), to: Math.min(band.to, to) }))
    .filter(band => band.from < band.to);
}

/** The band that a minute lies in; of two, the one that says more. */
export function bandAt(bands: readonly Band[], minute: number): Band | undefined {
  const around = bands.filter(({ from, to }) => from <= minute && minute < to);
  return around.find(({ kind }) => kind === 'no-data') ?? around[0];
}

function toBand({ cause, from, to }: Gap): Band {
  const fromSec = Date.parse(from) / 1000;
  const toSec = Date.parse(to) / 1000;
  const first = minuteOf(fromSec);
  const coversMinute = Math.ceil(fromSec / 60) * 60 + 60 <= toSec;
  return {
    kind: cause === 'offsets' && !coversMinute ? 'incomplete' : 'no-data',
    causes: [cause],
    from: first,
    to: Math.max(Math.ceil(toSec / 60) * 60, first + 60),
  };
}

/** @param bands ascending */
function joined(bands: readonly Band[]): Band[] {
  const result: Band[] = [];
  for (const band of bands) {
    const last = result.at(-1);
    if (last === undefined || band.from > last.to) {
      result.push(band);
      continue;
    }
    const causes = [...new Set([...last.causes, ...band.causes])];
    result[result.length - 1] = { ...last, causes, to: Math.max(last.to, band.to) };
  }
  return result;
}
