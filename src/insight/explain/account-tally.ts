/** Changes by account, of one wiki or of all. */
import type { Account } from '../../contracts/event-details.ts';

export interface AccountCount {
  readonly wiki: string;
  readonly account: Account;
  changes: number;
  readonly isBot: boolean;
}

/** Share of the changes of bots that the main ones made. */
const MAIN_SHARE = 0.8;

export class AccountTally {
  readonly #counts = new Map<string, AccountCount>();
  readonly #created = new Set<string>();

  /** @param isBot the flag of this change: an account can make others without it */
  add(wiki: string, account: Account, isBot: boolean): void {
    const key = `${isBot ? 'bot' : 'human'} ${wiki} ${account.name}`;
    const count = this.#counts.get(key);
    if (count === undefined) this.#counts.set(key, { wiki, account, isBot, changes: 1 });
    else count.changes += 1;
  }

  /** Parts are not in order: it can be heard after the account's first changes. */
  addCreated(wiki: string, { name }: Account): void {
    this.#created.add(`${wiki} ${name}`);
  }

  get size(): number {
    return this.#counts.size;
  }

  isNewcomer({ wiki, account, isBot }: Pick<AccountCount, 'wiki' | 'account' | 'isBot'>): boolean {
    return !isBot && (account.kind === 'unregistered' || this.#created.has(`${wiki} ${account.name}`));
  }

  newcomers(): AccountCount[] {
    return [...this.#counts.values()].filter(count => this.isNewcomer(count));
  }

  /** The first in order of names when several have as many, so that every reading says the same. */
  busiest(): AccountCount | undefined {
    return [...this.#counts.values()].sort(byChanges)[0];
  }

  /** How many bots made most changes of all of them. */
  mainBots(): number {
    const bots = [...this.#counts.values()].filter(({ isBot }) => isBot).sort(byChanges);
    const wanted = MAIN_SHARE * bots.reduce((sum, { changes }) => sum + changes, 0);
    let [sum, needed] = [0, 0];
    for (const { changes } of bots) {
      if (sum >= wanted) break;
      sum += changes;
      needed += 1;
    }
    return needed;
  }
}

function byChanges(a: AccountCount, b: AccountCount): number {
  return b.changes - a.changes || (a.wiki + a.account.name < b.wiki + b.account.name ? -1 : 1);
}
