/** What gold knows of the minutes of wikis: which were read, which are complete, and which are not. */
import { setImmediate as otherWork } from 'node:timers/promises';
import type { Coverage } from '../core/backfill.ts';
import { completeThrough } from '../core/coverage/complete-through.ts';
import type { HourRebuilt, Known } from '../core/coverage/known.ts';
import { differing, worstSegments } from '../core/coverage/of-several.ts';
import { knownOf } from '../core/coverage/of-wiki.ts';
import { firstReadMs, joinRanges } from '../core/coverage/read-ranges.ts';
import type { ReadRange, ReadRanges } from '../core/coverage/read-ranges.ts';
import { joinSegments, segmentsIn } from '../core/coverage/segments.ts';
import type { Segment } from '../core/coverage/segments.ts';
import { joinSpans, spanOf } from '../core/coverage/spans.ts';
import type { Span } from '../core/coverage/spans.ts';
import { DAY_MS, MINUTE_MS, ceilHourMs, floorHourMs } from '../core/time.ts';
import { ALL_WIKIS } from '../core/wiki-name.ts';
import type { GoldReader } from '../gold/gold-store.ts';

/** The newest minutes have rows before they are known to be read: events arrive up to a minute out of order. */
const UNCERTAIN_MS = 2 * MINUTE_MS;
/** Records of a month are 9,000; more are not in memory at a time. */
const PIECE_MS = 31 * DAY_MS;

export interface CoverageDeps {
  readonly gold: Pick<GoldReader, 'reads' | 'coverage' | 'gaps' | 'rebuilt' | 'keptFrom' | 'lastMinute'>;
  /** Wikis that the installation keeps; empty: all. */
  readonly keptWikis: readonly string[];
  /** How late events may be. */
  readonly latenessMs: number;
  readonly nowMs: number;
  readonly stopSignal: AbortSignal;
  /** Read by the live feed, beyond the records of gold. */
  readonly live?: readonly ReadRange[];
}

export interface WikiCoverage {
  readonly segments: readonly Segment[];
  /** Epoch ms; undefined when already the first minute is not complete. */
  readonly completeThroughMs: number | undefined;
}

/**
 * The coverage of each wiki, and of `all` of them together.
 * @param range epoch ms
 * @throws the signal's reason; what gold throws
 */
export async function readCoverage(
  wikis: readonly string[],
  range: Span,
  deps: CoverageDeps,
): Promise<WikiCoverage[]> {
  const { known, readToMs } = await readKnown(range, deps);
  const covered: WikiCoverage[] = [];
  for (const wiki of wikis) {
    const segments = await segmentsOfSubject(wiki, known, range, deps);
    const completeThroughMs = completeThrough(segments, readToMs - deps.latenessMs);
    covered.push({ segments, completeThroughMs });
  }
  return covered;
}

/** Of all: of each wiki that is kept; where none is left out, of every wiki there is. */
async function segmentsOfSubject(
  wiki: string,
  known: Known,
  range: Span,
  deps: CoverageDeps,
): Promise<Segment[]> {
  if (wiki !== ALL_WIKIS) return segmentsOfWiki(wiki, known, range, deps);
  if (deps.keptWikis.length === 0) return segmentsOfWiki(undefined, known, range, deps);
  const lists: Segment[][] = [];
  for (const one of differing(deps.keptWikis, known))
    lists.push(await segmentsOfWiki(one, known, range, deps));
  return worstSegments(lists);
}

async function segmentsOfWiki(
  wiki: string | undefined,
  known: Known,
  range: Span,
  { nowMs, stopSignal }: CoverageDeps,
): Promise<Segment[]> {
  const ofWiki = knownOf(wiki, known);
  const segments: Segment[] = [];
  for (const piece of piecesOf(range)) {
    stopSignal.throwIfAborted();
    segments.push(...segmentsIn(piece, ofWiki, nowMs));
    if (piece.toMs < range.toMs) await otherWork();
  }
  return joinSegments(segments);
}

/** What gold knows of a range, and up to where everything is read that is known of. */
async function readKnown(
  range: Span,
  { gold, keptWikis, stopSignal, live = [] }: CoverageDeps,
): Promise<{ readonly known: Known; readonly readToMs: number }> {
  const from = firstReadMs(floorHourMs(range.fromMs)) / 1000;
  const [filled, gaps, keptFrom, lastMinute] = await Promise.all([
    gold.coverage(from),
    gold.gaps(from),
    gold.keptFrom(),
    gold.lastMinute(),
  ]);
  const coverage = filled.map(one => ofKept(one, keptWikis));
  const filledSpans = joinSpans(coverage.map(spanOf));
  const [read, pending, hours]: [ReadRange[], ReadRange[], HourRebuilt[]] = [[], [], []];
  for (const piece of piecesOf(range)) {
    stopSignal.throwIfAborted();
    const found = await readPiece(piece, filledSpans, gold);
    read.push(...found.read);
    pending.push(...found.pending);
    hours.push(...found.hours);
  }
  const readToMs = [...read, ...pending].reduce(
    (latest, { toMs }) => Math.max(latest, toMs),
    (lastMinute ?? 0) * 1000 - UNCERTAIN_MS,
  );
  const known: Known = {
    read: joinRanges(read),
    pending: joinRanges(pending),
    live,
    coverage,
    gaps,
    hours,
    readToMs,
    ...(keptFrom !== undefined && { horizonMs: keptFrom * 1000 }),
  };
  return { known, readToMs };
}

async function readPiece(
  piece: Span,
  filled: readonly Span[],
  gold: CoverageDeps['gold'],
): Promise<ReadRanges & { readonly hours: readonly HourRebuilt[] }> {
  // Whole hours, because a minute is final only with its hour.
  const [firstMs, endMs] = [floorHourMs(piece.fromMs), ceilHourMs(piece.toMs)];
  const reads = await gold.reads(firstReadMs(firstMs) / 1000, endMs / 1000);
  // Of other hours it does not matter when they were rebuilt, and gold in S3 would read each of them.
  const whole = joinSpans([...reads.read, ...filled])
    .map(({ fromMs, toMs }) => ({
      fromMs: ceilHourMs(Math.max(fromMs, firstMs)),
      toMs: floorHourMs(Math.min(toMs, endMs)),
    }))
    .filter(({ fromMs, toMs }) => fromMs < toMs);
  const [first, last] = [whole.at(0), whole.at(-1)];
  const hours =
    first === undefined || last === undefined
      ? []
      : await gold.rebuilt(first.fromMs / 1000, last.toMs / 1000);
  // What is said of the hour before would need more records.
  const within = (ranges: readonly ReadRange[]): ReadRange[] =>
    ranges.map(range => ({ ...range, fromMs: Math.max(range.fromMs, firstMs) }));
  return { read: within(reads.read), pending: within(reads.pending), hours };
}

/** Earlier versions did not name the wikis that were kept. */
function ofKept(coverage: Coverage, keptWikis: readonly string[]): Coverage {
  return coverage.wikis !== undefined || keptWikis.length === 0
    ? coverage
    : { ...coverage, wikis: keptWikis };
}

/** Each but the first begins at a full hour. */
function* piecesOf({ fromMs, toMs }: Span): Generator<Span> {
  for (let startMs = fromMs; startMs < toMs;) {
    const endMs = Math.min(floorHourMs(startMs) + PIECE_MS, toMs);
    yield { fromMs: startMs, toMs: endMs };
    startMs = endMs;
  }
}
