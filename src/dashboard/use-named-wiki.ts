/** The name and domain of a wiki, from the site matrix of the API. */
import { useMemo } from 'preact/hooks';
import { loadWikiRows } from './api-client.ts';
import { useFeed } from './use-feed.ts';

interface Query {
  readonly q: string;
  readonly limit: number;
}

const FEED = { load: loadWikiRows, intervalMs: () => 60_000, carriesOver: () => false };
/** `enwiki` is also a part of other names. */
const ASKED = 50;

export interface NamedWiki {
  /** Undefined for a wiki without any name but that of its database. */
  readonly title: string | undefined;
  readonly domain: string | undefined;
}

const NOT_KNOWN: NamedWiki = { title: undefined, domain: undefined };

/** Both are undefined while they are not known. */
export function useNamedWiki(wiki: string | undefined): NamedWiki {
  const query = useMemo(
    (): Query | undefined => (wiki === undefined ? undefined : { q: wiki, limit: ASKED }),
    [wiki],
  );
  const { state } = useFeed(query, FEED, false);
  const rows = state.kind === 'idle' ? undefined : state.answer?.value;
  const row = rows?.find(row => row.wiki === wiki);
  if (row === undefined) return NOT_KNOWN;
  return { title: row.names.english === wiki ? undefined : row.names.english, domain: row.domain };
}
