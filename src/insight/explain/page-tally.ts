/** Changes by page, of one wiki or of all. */
import type { EventDetails } from '../../contracts/event-details.ts';

/** More sizes of a page than this say no more about it. */
const MOST_SIZES = 64;

export class PageCount {
  readonly wiki: string;
  readonly title: string;
  changes = 0;
  botChanges = 0;
  restored = 0;
  isNew = false;
  #lastSize: number | undefined;
  readonly #sizes = new Set<number>();
  readonly #accounts = new Set<string>();

  constructor(wiki: string, title: string) {
    this.wiki = wiki;
    this.title = title;
  }

  get accounts(): number {
    return this.#accounts.size;
  }

  add({ kind, isBot, account, lengths }: EventDetails): void {
    this.changes += 1;
    if (isBot) this.botChanges += 1;
    if (kind === 'new') this.isNew = true;
    if (account !== undefined) this.#accounts.add(account.name);
    if (lengths !== undefined) this.#addSizes(lengths);
  }

  /** A change that leaves the size as it is restores nothing. */
  #addSizes([before, after]: readonly [number, number]): void {
    this.#addSize(before);
    if (after !== before && after !== this.#lastSize && this.#sizes.has(after)) this.restored += 1;
    this.#addSize(after);
    this.#lastSize = after;
  }

  #addSize(size: number): void {
    if (this.#sizes.size < MOST_SIZES) this.#sizes.add(size);
  }
}

export class PageTally {
  readonly #pages = new Map<string, PageCount>();

  add(wiki: string, title: string, details: EventDetails): void {
    const key = `${wiki} ${title}`;
    const page = this.#pages.get(key) ?? new PageCount(wiki, title);
    if (page.changes === 0) this.#pages.set(key, page);
    page.add(details);
  }

  get size(): number {
    return this.#pages.size;
  }

  /** Those that at least so many accounts have changed, most of them people. */
  crowded(accounts: number): PageCount[] {
    return [...this.#pages.values()].filter(
      page => page.accounts >= accounts && 2 * page.botChanges < page.changes,
    );
  }

  /** Most changes first; in order of titles when several have as many, so that every reading says the same. */
  top(count: number): PageCount[] {
    return [...this.#pages.values()].sort(byChanges).slice(0, count);
  }
}

function byChanges(a: PageCount, b: PageCount): number {
  return b.changes - a.changes || (a.wiki + a.title < b.wiki + b.title ? -1 : 1);
}
