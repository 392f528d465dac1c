/** Which hosts are Wikimedia's. Site matrix and redirects can name any host; requests go to these only. */

/** The Action API of every wiki. Whoever sets another one decides where requests go. */
export const WIKIMEDIA_API = 'https://{server_name}/w/api.php';

const DOMAINS = [
  'mediawiki.org',
  'wikibooks.org',
  'wikidata.org',
  'wikifunctions.org',
  'wikimedia.org',
  'wikimediafoundation.org',
  'wikinews.org',
  'wikipedia.org',
  'wikiquote.org',
  'wikisource.org',
  'wikiversity.org',
  'wikivoyage.org',
  'wiktionary.org',
];

export function isWikimediaHost(host: string): boolean {
  const name = host.toLowerCase();
  return DOMAINS.some(domain => name === domain || name.endsWith(`.${domain}`));
}
