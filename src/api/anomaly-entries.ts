/** What a feed says of anomalies: an entry for each event, the latest first. */
import type { RecordedAnomaly } from '../contracts/storage/recorded-anomaly.ts';
import { grouped } from '../core/grouped.ts';
import { isoSeconds } from '../core/time.ts';
import { factorOf } from '../core/usual/anomaly.ts';
import { groupAnomalies } from '../core/usual/group.ts';
import { wikiInfo } from '../core/wiki-names.ts';

export interface FeedEntry {
  /** Of its first anomaly. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** Database name of a wiki that it is about. */
  readonly wiki: string;
  /** Epoch seconds. */
  readonly published: number;
  readonly updated: number;
  /** Kinds of reasons. */
  readonly tags: readonly string[];
}

/** More are not read by anybody. */
const MOST_ENTRIES = 100;
/** Wikis that an entry names. */
const NAMED = 10;

export function feedEntries(anomalies: readonly RecordedAnomaly[]): FeedEntry[] {
  const byId = new Map(anomalies.map(anomaly => [anomaly.id, anomaly]));
  const recordOf = ({ id }: { readonly id: string }): readonly RecordedAnomaly[] => {
    const found = byId.get(id);
    return found === undefined ? [] : [found];
  };
  return groupAnomalies(anomalies)
    .flatMap(event => {
      const records = (event.kind === 'one_wiki' ? [event.anomaly] : event.anomalies).flatMap(recordOf);
      const [first] = records;
      return first === undefined ? [] : [entryOf(first, records)];
    })
    .sort((a, b) => b.published - a.published || (a.id < b.id ? -1 : 1))
    .slice(0, MOST_ENTRIES);
}

function entryOf(first: RecordedAnomaly, all: readonly RecordedAnomaly[]): FeedEntry {
  return {
    id: first.id,
    title: all.length === 1 ? titleOfOne(first) : titleOfMany(all),
    text: all.length === 1 ? textOf(first) : textOfMany(all),
    wiki: first.wiki,
    published: first.noticedAt,
    updated: Math.max(...all.map(({ lookedAt }) => lookedAt)),
    tags: [...new Set(all.flatMap(({ reason }) => reason?.kind ?? []))].sort(),
  };
}

function titleOfOne(anomaly: RecordedAnomaly): string {
  const who = anomaly.account === 'bot' ? ' by bots' : '';
  return `${wikiInfo(anomaly.wiki).english}: ${factorText(anomaly)} times as many edits${who} as usual`;
}

function titleOfMany(anomalies: readonly RecordedAnomaly[]): string {
  const who = anomalies[0]?.account === 'bot' ? ' by bots' : '';
  const most = anomalies.reduce((a, b) => (factorOf(b.peak) > factorOf(a.peak) ? b : a));
  return `${anomalies.length} wikis at once: up to ${factorText(most)} times as many edits${who} as usual`;
}

function textOf({ wiki, account, from, to, edits, expected, reason }: RecordedAnomaly): string {
  const when = to === null ? `Since ${clock(from)}` : `From ${clock(from)} to ${clock(to)}`;
  const counts = `${account === 'bot' ? 'bots' : 'people'} made ${grouped(edits)} edits in ${wikiInfo(wiki).english}, where ${grouped(Math.round(expected))} are usual.`;
  return `${when} ${counts}${reason === undefined ? '' : ` ${reason.sentence}`}`;
}

function textOfMany(anomalies: readonly RecordedAnomaly[]): string {
  const named = anomalies.slice(0, NAMED).map(textOf);
  const rest = anomalies.length - named.length;
  return [...named, ...(rest > 0 ? [`And ${rest} other wikis.`] : [])].join('\n');
}

/** Of the peak: that of the whole time says less the longer it lasts. */
function factorText({ peak }: RecordedAnomaly): string {
  const factor = factorOf(peak);
  return factor >= 10 ? grouped(Math.round(factor)) : String(Math.round(10 * factor) / 10);
}

/** `2026-11-20 10:05 UTC`. */
function clock(second: number): string {
  return `${isoSeconds(second).slice(0, 16).replace('T', ' ')} UTC`;
}
