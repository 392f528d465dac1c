/** Addresses of pages on a wiki of Wikimedia. */
import { wikiInfo } from '../core/wiki-names.ts';
import { isWikimediaHost } from './wikimedia.ts';

/** What `encodeURIComponent` leaves, and that ends or quotes an address somewhere. */
const ALSO_ENCODED = /[!'()*]/g;

/** Address of a page; undefined for a wiki that is not listed, because an event can name any server. */
export function pageAddress(wiki: string, title: string): string | undefined {
  const { domain } = wikiInfo(wiki);
  if (domain === undefined || !isWikimediaHost(domain)) return undefined;
  return `https://${domain}/wiki/${encodedTitle(title)}`;
}

/** Address of the list of an account's changes. */
export function contributionsAddress(wiki: string, account: string): string | undefined {
  return pageAddress(wiki, `Special:Contributions/${account}`);
}

function encodedTitle(title: string): string {
  return encodeURIComponent(title.replaceAll(' ', '_'))
    .replaceAll(ALSO_ENCODED, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':')
    .replaceAll('%2F', '/');
}
