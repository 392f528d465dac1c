/** Folds the events of some hours into what explains a range of them. */
import type { EventDetails, ReadDetails } from '../../contracts/event-details.ts';
import type {
  BusierWiki,
  BusiestAccount,
  ExplainedPage,
  ExplainedRange,
  RangeFacts,
  Tally,
} from '../../contracts/explanation.ts';
import { contributionsAddress, pageAddress } from '../../contracts/wiki-address.ts';
import type { UsableEvent } from '../../core/reading.ts';
import { ALL_WIKIS } from '../../core/wiki-name.ts';
import { AccountTally } from './account-tally.ts';
import { PageTally } from './page-tally.ts';
import type { PageCount } from './page-tally.ts';

/** So many accounts on one page in an hour have a common reason. */
const CROWD = 5;
const TOP_PAGES = 10;
const TOP_NAMES = 10;
const TOP_WIKIS = 10;
/** A name can be made up by a part that somebody else wrote. */
const MOST_NAMES = 1_000;

/** What makes a wiki busier: so many times the edits of the rest of the hours, and so many edits more. */
const BUSIER_FACTOR = 2;
const BUSIER_EDITS = 20;
/** A rest that is shorter says nothing. */
const LEAST_REST_SECONDS = 15 * 60;

interface InAndOut {
  inside: number;
  outside: number;
}

export class RangeFold {
  readonly #range: ExplainedRange;
  readonly #readDetails: ReadDetails;
  readonly #seen = new Map<string, Set<number>>();
  readonly #ids = new Set<string>();
  readonly #accounts = new AccountTally();
  readonly #pages = new PageTally();
  readonly #types = new Map<string, number>();
  readonly #logs = new Map<string, number>();
  readonly #tags = new Map<string, number>();
  readonly #wikis = new Map<string, InAndOut>();
  readonly #sums = {
    edits: 0,
    botEdits: 0,
    bytesAdded: 0,
    bytesRemoved: 0,
    newPages: 0,
    changes: 0,
    botChanges: 0,
  };

  constructor(range: ExplainedRange, readDetails: ReadDetails) {
    this.#range = range;
    this.#readDetails = readDetails;
  }

  /** Adds an event with its text. One that was added before changes nothing. */
  add(event: UsableEvent<string | undefined>, text: string): void {
    const { wiki, timestamp, edit } = event;
    const isOther = this.#range.wiki !== ALL_WIKIS && this.#range.wiki !== wiki;
    if ((isOther && edit === undefined) || this.#isRepeated(event)) return;
    const isInside = timestamp >= this.#range.from && timestamp < this.#range.to;
    if (edit !== undefined) this.#addToWiki(wiki, isInside);
    if (isOther) return;
    // An account that was made before the range is still new in it.
    if (!isInside && edit !== undefined) return;
    const details = this.#readDetails(text);
    if (details === undefined) return;
    if (details.isNewAccount && details.account !== undefined)
      this.#accounts.addCreated(wiki, details.account);
    if (isInside) this.#addDetails(event, details);
  }

  /** @param outsideSeconds of the hours read, beside the range */
  facts(outsideSeconds: number): RangeFacts {
    const newcomers = this.#accounts.newcomers();
    const crowded = this.#pages.crowded(CROWD);
    return {
      ...this.#sums,
      pages: this.#pages.size,
      accounts: this.#accounts.size,
      newcomers: newcomers.length,
      newcomerChanges: newcomers.reduce((sum, { changes }) => sum + changes, 0),
      mainBots: this.#accounts.mainBots(),
      crowdChanges: crowded.reduce((sum, { changes }) => sum + changes, 0),
      crowdAccounts: crowded.reduce((most, { accounts }) => Math.max(most, accounts), 0),
      types: tallies(this.#types),
      logs: tallies(this.#logs),
      tags: tallies(this.#tags),
      topPages: this.#pages.top(TOP_PAGES).map(shownPage),
      busiest: this.#busiest(),
      busierWikis: this.#busierWikis(outsideSeconds),
    };
  }

  #addDetails({ wiki, edit }: UsableEvent<string | undefined>, details: EventDetails): void {
    const { kind, title, account, isBot, tags, log } = details;
    count(this.#types, kind);
    if (log !== undefined) count(this.#logs, log);
    if (edit !== undefined) {
      this.#sums.edits += 1;
      if (edit.isBot) this.#sums.botEdits += 1;
      if (edit.bytesChange > 0) this.#sums.bytesAdded += edit.bytesChange;
      else this.#sums.bytesRemoved -= edit.bytesChange;
    }
    if (kind !== 'edit' && kind !== 'new') return;
    this.#sums.changes += 1;
    if (isBot) this.#sums.botChanges += 1;
    if (kind === 'new') this.#sums.newPages += 1;
    for (const tag of tags) count(this.#tags, tag);
    if (title !== undefined) this.#pages.add(wiki, title, details);
    if (account !== undefined) this.#accounts.add(wiki, account, isBot);
  }

  /** Once for each revision of an edit, and each id of others. Backfilled events without either are not known apart. */
  #isRepeated({ wiki, edit, id }: UsableEvent<string | undefined>): boolean {
    if (edit === undefined) {
      if (id === undefined || this.#ids.has(id)) return true;
      this.#ids.add(id);
      return false;
    }
    const revisions = this.#seen.get(wiki) ?? new Set();
    if (revisions.has(edit.revision)) return true;
    this.#seen.set(wiki, revisions.add(edit.revision));
    return false;
  }

  #addToWiki(wiki: string, isInside: boolean): void {
    const counts = this.#wikis.get(wiki) ?? { inside: 0, outside: 0 };
    this.#wikis.set(wiki, counts);
    counts[isInside ? 'inside' : 'outside'] += 1;
  }

  #busiest(): BusiestAccount | undefined {
    const busiest = this.#accounts.busiest();
    return (
      busiest && {
        url: contributionsAddress(busiest.wiki, busiest.account.name),
        changes: busiest.changes,
        isBot: busiest.isBot,
      }
    );
  }

  #busierWikis(outsideSeconds: number): BusierWiki[] {
    if (outsideSeconds < LEAST_REST_SECONDS) return [];
    const { from, to, wiki: asked } = this.#range;
    const busier = [...this.#wikis].flatMap(([wiki, { inside, outside }]) => {
      const usual = (outside / outsideSeconds) * (to - from);
      // Without an edit in the rest, one is taken for the factor.
      const factor = inside / Math.max(usual, (to - from) / outsideSeconds);
      const isBusier = factor >= BUSIER_FACTOR && inside - usual >= BUSIER_EDITS;
      return isBusier && wiki !== asked ? [{ wiki, edits: inside, factor }] : [];
    });
    return busier.sort((a, b) => b.edits - a.edits || (a.wiki < b.wiki ? -1 : 1)).slice(0, TOP_WIKIS);
  }
}

function count(tally: Map<string, number>, name: string): void {
  const before = tally.get(name);
  if (before !== undefined || tally.size < MOST_NAMES) tally.set(name, (before ?? 0) + 1);
}

function tallies(counts: ReadonlyMap<string, number>): Tally[] {
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .slice(0, TOP_NAMES);
}

function shownPage({ wiki, title, changes, accounts, restored, isNew }: PageCount): ExplainedPage {
  return { wiki, title, url: pageAddress(wiki, title), changes, accounts, restored, isNew };
}
