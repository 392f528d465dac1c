/** Anomalies of many wikis at once are one event: news, or a tool that many wikis run. */
import type { AccountKind, Anomaly } from './anomaly.ts';

export type AnomalyEvent =
  | { readonly kind: 'one_wiki'; readonly anomaly: Anomaly }
  /** `id` is that of its first anomaly, so it stays when others join. */
  | {
      readonly kind: 'many_wikis';
      readonly id: string;
      readonly account: AccountKind;
      readonly from: number;
      /** Null while any of them lasts. */
      readonly to: number | null;
      /** By start. */
      readonly anomalies: readonly Anomaly[];
    };

/** So many wikis make one event. */
const LEAST_WIKIS = 5;
/** They begin within so many seconds of the first. */
const TOGETHER = 3_600;

/** Every anomaly in exactly one event, by start. */
export function groupAnomalies(anomalies: readonly Anomaly[]): readonly AnomalyEvent[] {
  const sorted = [...anomalies].sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1));
  const events: AnomalyEvent[] = [];
  const taken = new Set<Anomaly>();
  for (const first of sorted) {
    if (taken.has(first)) continue;
    const together = sorted.filter(
      other =>
        !taken.has(other) &&
        other.account === first.account &&
        other.from >= first.from &&
        other.from <= first.from + TOGETHER,
    );
    if (new Set(together.map(({ wiki }) => wiki)).size < LEAST_WIKIS) {
      events.push({ kind: 'one_wiki', anomaly: first });
      continue;
    }
    for (const anomaly of together) taken.add(anomaly);
    events.push({
      kind: 'many_wikis',
      id: first.id,
      account: first.account,
      from: first.from,
      to: together.reduce<number | null>(
        (latest, { to }) => (latest === null || to === null ? null : Math.max(latest, to)),
        first.to,
      ),
      anomalies: together,
    });
  }
  return events;
}
