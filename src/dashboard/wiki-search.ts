/** ⑧ What a reader types to find a wiki, and the order of what is found. Pure. */
import type { WikiRow } from './api-client.ts';

/** The words to ask the API for: of an address, its domain; a code or name as it is. */
export function searchText(typed: string): string {
  const text = typed.trim();
  const host = hostOf(text);
  return (host ?? text).slice(0, MAX_TEXT);
}

const MAX_TEXT = 100;

/** `de.wikipedia.org` of any address of it, also of its mobile pages; undefined for what is no address. */
function hostOf(text: string): string | undefined {
  const [, host] = /^(?:https?:)?(?:\/\/)?((?:[a-z0-9-]+\.)+(?:org|net))(?:[/?#:].*)?$/i.exec(text) ?? [];
  return host
    ?.toLowerCase()
    .replace(/\.m\.(?=[a-z]+\.[a-z]+$)/, '.')
    .replace(/^www\./, '');
}

/** Those that are called exactly so, then those with a word that begins so, then the others; each the busiest first. */
export function ranked(found: readonly WikiRow[], text: string): WikiRow[] {
  const wanted = plain(text);
  const rank = (row: WikiRow): number => {
    const names = namesOf(row).map(plain);
    if (names.includes(wanted)) return 0;
    const words = names.flatMap(name => name.split(/[\s.-]+/));
    return names.some(name => name.startsWith(wanted)) || words.some(word => word.startsWith(wanted)) ? 1 : 2;
  };
  const order = new Map(found.map(row => [row, rank(row)]));
  return found.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0) || b.edits - a.edits);
}

function namesOf({ wiki, names, language, domain }: WikiRow): string[] {
  return [wiki, names.english, names.own, language?.code, language?.english, language?.own, domain].filter(
    name => name !== undefined,
  );
}

function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase();
}
