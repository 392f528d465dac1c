/** How much more the captured events vary than by chance: the variance of edits in equal spans of time, divided by their mean. */

export interface CapturedEdit {
  /** Epoch seconds. */
  readonly timestamp: number;
  readonly wiki: string;
  readonly isBot: boolean;
}

export interface Dispersion {
  /** Mean edits in a span. */
  readonly mean: number;
  /** Pooled over the wikis with at least a few edits: the sum of their variances by the sum of their means. */
  readonly dispersion: number;
  readonly spans: number;
}

/** A wiki with fewer edits says nothing. */
const LEAST_EDITS = 5;

/** The edits of captured lines: events of types that count. */
export function capturedEdits(lines: readonly string[]): readonly CapturedEdit[] {
  return lines.flatMap(line => {
    const event: unknown = line === '' ? undefined : JSON.parse(line);
    if (typeof event !== 'object' || event === null) return [];
    const { type, timestamp, wiki, bot } = event as Record<string, unknown>;
    if ((type !== 'edit' && type !== 'new') || typeof timestamp !== 'number' || typeof wiki !== 'string')
      return [];
    return [{ timestamp, wiki, isBot: bot === true }];
  });
}

/** Undefined where the capture is too short or has too few edits. The first and last edits are left out: there it is incomplete. */
export function dispersionOf(edits: readonly CapturedEdit[], spanSec: number): Dispersion | undefined {
  const times = edits.map(({ timestamp }) => timestamp).sort((a, b) => a - b);
  const from = times[Math.floor(0.03 * times.length)] ?? 0;
  const spans = Math.floor(((times[Math.floor(0.95 * times.length)] ?? from) - from) / spanSec);
  if (spans < 4) return undefined;
  const counts = new Map<string, number[]>();
  for (const { timestamp, wiki } of edits) {
    const span = Math.floor((timestamp - from) / spanSec);
    if (span < 0 || span >= spans) continue;
    const ofWiki = counts.get(wiki) ?? Array.from({ length: spans }, () => 0);
    ofWiki[span] = (ofWiki[span] ?? 0) + 1;
    counts.set(wiki, ofWiki);
  }
  let means = 0;
  let variances = 0;
  for (const ofWiki of counts.values()) {
    const sum = ofWiki.reduce((total, count) => total + count, 0);
    if (sum < LEAST_EDITS) continue;
    const mean = sum / spans;
    means += mean;
    variances += ofWiki.reduce((total, count) => total + (count - mean) ** 2, 0) / (spans - 1);
  }
  return means === 0 ? undefined : { mean: means, dispersion: variances / means, spans };
}
