/** Whether a name is that of a wiki. One that is quiet, or left out, is a wiki too. */
import { MAX_WIKIS } from '../contracts/limits.ts';
import { SITE_MATRIX_DATE } from '../core/site-matrix.ts';
import { isListed } from '../core/wiki-names.ts';
import type { GoldReader } from '../gold/gold-store.ts';

/** No wiki has this name. */
class UnknownWiki extends Error {
  override readonly name = 'UnknownWiki';
  readonly statusCode = 404;

  constructor(wiki: string) {
    super(
      `No wiki is named ${wiki}: it is neither in Wikimedia's site matrix of ${SITE_MATRIX_DATE} nor in gold. ` +
        'GET /api/v1/wikis?q=german finds wikis.',
    );
  }
}

/** Asks gold only about names that nothing else explains. @throws UnknownWiki */
export async function needKnownWiki(wiki: string, gold: Pick<GoldReader, 'wikis'>): Promise<void> {
  if (isListed(wiki) || (await gold.wikis(MAX_WIKIS)).includes(wiki)) return;
  throw new UnknownWiki(wiki);
}
