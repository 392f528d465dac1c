/** ① All public wikis of Wikimedia, from the site matrix of the meta wiki. */
import { isObject } from '../../core/json.ts';
import { isWikiName } from '../../core/wiki-name.ts';
import { unreachable } from '../source-failure.ts';
import { isFlagSet } from './api-flag.ts';
import { askActionApi } from './client.ts';
import type { ActionApi } from './client.ts';
import { continuationOf } from './continuation.ts';
import type { Continuation } from './continuation.ts';

export interface Site {
  /** Database name, as `wiki` in the stream: `enwiki`. */
  readonly wiki: string;
  /** `en.wikipedia.org` */
  readonly serverName: string;
  /** Readable, but closed for editing. */
  readonly isClosed: boolean;
}

const META_WIKI = 'meta.wikimedia.org';

/**
 * Every wiki that is public to read, closed ones included, each once: about 1,000. Leaves out private wikis, those that
 * only members edit (fishbowl), and entries without a usable name or URL.
 * @throws as `askActionApi`; also `source_unreachable` for an answer that lists no wiki.
 * @see https://www.mediawiki.org/wiki/Extension:SiteMatrix
 */
export async function readSites(api: ActionApi): Promise<readonly Site[]> {
  const sites = new Map<string, Site>();
  let next: Continuation | undefined;
  do {
    const answer = await askActionApi(api, META_WIKI, {
      action: 'sitematrix',
      smlangprop: 'site',
      smsiteprop: 'url|dbname',
      smlimit: 'max',
      ...next,
    });
    for (const site of sitesIn(answer.body['sitematrix'])) sites.set(site.wiki, site);
    if (sites.size === 0) throw unreachable(answer.url, 'answered without any wiki');
    next = continuationOf(answer, next);
  } while (next !== undefined);
  return [...sites.values()];
}

/** `{count, "0": {site: […]}, "1": …, specials: […]}`: other keys hold no wikis. */
function sitesIn(matrix: unknown): Site[] {
  if (!isObject(matrix)) return [];
  return Object.entries(matrix)
    .flatMap(([key, group]) => {
      if (key === 'specials') return listOf(group);
      return /^\d+$/.test(key) && isObject(group) ? listOf(group['site']) : [];
    })
    .flatMap(siteOf);
}

/** PHP writes a list with gaps as an object. */
function listOf(value: unknown): unknown[] {
  return Array.isArray(value) || isObject(value) ? Object.values(value) : [];
}

function siteOf(site: unknown): Site[] {
  if (!isObject(site) || isFlagSet(site['private']) || isFlagSet(site['fishbowl'])) return [];
  const { dbname: wiki, url } = site;
  const serverName = typeof url === 'string' ? hostOf(url) : undefined;
  if (typeof wiki !== 'string' || !isWikiName(wiki) || serverName === undefined) return [];
  return [{ wiki, serverName, isClosed: isFlagSet(site['closed']) }];
}

/** The host of a URL, with a protocol or, as in older answers, without. */
function hostOf(url: string): string | undefined {
  const absolute = url.startsWith('//') ? `https:${url}` : url;
  const host = URL.canParse(absolute) ? new URL(absolute).hostname : '';
  return host === '' ? undefined : host;
}
