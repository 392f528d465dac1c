/**
 * ⑧ Gaps of the source as minutes of the chart. Pure.
 *
 * When only a few offsets were skipped within seconds, the minute is counted except for some messages. In any other
 * gap, a missing row means "no data" rather than 0. A minute with a row keeps it, even in a gap: it lies at the edge, or
 * was filled later.
 */
import type { Gap, Gaps } from './api-client.ts';
import { minuteOf } from '../core/time.ts';

export interface Band {
  /** `no-data`: minutes without a row are unknown. `incomplete`: all minutes were counted, except for some messages. */
  readonly kind: 'no-data' | 'incomplete';
  readonly causes: readonly Gap['cause'][];
  /** First minute of the gap, epoch seconds. */
  readonly from: number;
  /** First minute after it. */
  readonly to: number;
}

/** Gaps as bands, ascending. Adjacent ones are merged, because an outage is a gap in each topic of the stream. */
export function bandsOf(gaps: Gaps): Band[] {
  const bands = gaps.map(toBand).sort((a, b) => a.from - b.from);
  const unknown = joined(bands.filter(({ kind }) => kind === 'no-data'));
  const incomplete = joined(bands.filter(({ kind }) => kind === 'incomplete'));
  const inside = (band: Band): boolean => unknown.some(({ from, to }) => from <= band.from && band.to <= to);
  return [...unknown, ...incomplete.filter(band => !inside(band))].sort((a, b) => a.from - b.from);
}

/** The parts of the bands between two minutes, `to` excluded. */
export function clipBands(bands: readonly Band[], from: number, to: number): Band[] {
  return bands
    .map(band => ({ ...band, from: Math.max(band.from, from), to: Math.min(band.to, to) }))
    .filter(band => band.from < band.to);
}

/** The band of a minute; `no-data` wins over `incomplete`. */
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
