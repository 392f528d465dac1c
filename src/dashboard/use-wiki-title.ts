/** The name of a wiki, from the site matrix of the API. */
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

/** Undefined while it is not known, and for a wiki without any name but that of its database. */
export function useWikiTitle(wiki: string | undefined): string | undefined {
  const query = useMemo(
    (): Query | undefined => (wiki === undefined ? undefined : { q: wiki, limit: ASKED }),
    [wiki],
  );
  const { state } = useFeed(query, FEED, false);
  const rows = state.kind === 'idle' ? undefined : state.answer?.value;
  const name = rows?.find(row => row.wiki === wiki)?.names.english;
  return name === wiki ? undefined : name;
}
