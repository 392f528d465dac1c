/**
 * How a listing continues after a page. A page may be empty and still have more after it, for example where all keys of
 * its range have expired: only `IsTruncated` ends a listing.
 */
import type { ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';

/** What the next request adds to the first one. */
export type NextPage = { readonly ContinuationToken: string } | { readonly StartAfter: string };

/** The end of a listing, or a store that says there is more and gives no way to get it. */
export type PageEnd = 'over' | 'stuck';

export class Paging {
  readonly #tokens = new Set<string>();
  #last = '';

  /**
   * What to request after `page`. Continuation tokens come first; a store that gives none, or one that it gave before,
   * is asked for what follows `last`, a name at or after the last one of the page, as long as that moves.
   */
  after(
    {
      IsTruncated,
      NextContinuationToken: token = '',
    }: Pick<ListObjectsV2CommandOutput, 'IsTruncated' | 'NextContinuationToken'>,
    last: string | undefined,
  ): NextPage | PageEnd {
    if (IsTruncated !== true) return 'over';
    const hasMoved = last !== undefined && last > this.#last;
    if (hasMoved) this.#last = last;
    if (token !== '' && !this.#tokens.has(token)) {
      this.#tokens.add(token);
      return { ContinuationToken: token };
    }
    return hasMoved ? { StartAfter: last } : 'stuck';
  }
}
