/**
 * What is usual of wikis, from thirteen weeks of gold. Kept until the next hour is known; whoever asks meanwhile gets the
 * same, so that a hundred busy wikis cost a statement each an hour.
 */
import { LRUCache } from 'lru-cache';
import type { AccountKind, Anomaly } from '../core/usual/anomaly.ts';
import { HOUR_SECONDS } from '../core/series.ts';
import { Usual } from '../core/usual/usual.ts';
import { ALL_WIKIS } from '../core/wiki-name.ts';
import type { GoldReader } from './gold-store.ts';
import { knownFromStream, readPastHours, readStreamKnown } from './stream-hours.ts';
import type { StreamKnown } from './stream-hours.ts';

/** As far as `Usual` looks back, with the day that the dispersion begins with. */
const PAST_SECONDS = (13 * 7 + 1) * 24 * HOUR_SECONDS;
/** The last minutes of an hour are in gold this long after its end. */
const SETTLED_SECONDS = 600;
/** Each has 50 kB. */
const KEPT_WIKIS = 500;

export type UsualOfWiki = Readonly<Record<AccountKind, Usual>>;
type Gold = Pick<
  GoldReader,
  'hourTotals' | 'totals' | 'reads' | 'coverage' | 'gaps' | 'sources' | 'anomalies'
>;

interface Known extends StreamKnown {
  readonly anomalies: readonly Anomaly[];
  readonly isSimulated: boolean;
}

interface Kept<T> {
  readonly hour: number;
  readonly value: Promise<T>;
}

export class UsualOfWikis {
  readonly #gold: Gold;
  readonly #keptWikis: readonly string[];
  readonly #wikis = new LRUCache<string, Kept<UsualOfWiki>>({ max: KEPT_WIKIS });
  #known: Kept<Known> | undefined;

  /** @param keptWikis wikis that the installation keeps; empty: all */
  constructor(gold: Gold, keptWikis: readonly string[] = []) {
    this.#gold = gold;
    this.#keptWikis = keptWikis;
  }

  /**
   * @param wiki database name, or `all`
   * @param at epoch seconds: it is said from what is known then. An expectation of a later hour is that of this one's past.
   * @throws what gold throws
   */
  async of(wiki: string, at: number): Promise<UsualOfWiki> {
    const hour = Math.floor((at - SETTLED_SECONDS) / HOUR_SECONDS) * HOUR_SECONDS;
    const kept = this.#wikis.get(wiki);
    if (kept?.hour === hour) return kept.value;
    const value = this.#read(wiki, hour);
    this.#wikis.set(wiki, { hour, value });
    // Asked again the next time.
    value.catch(() => {
      if (this.#wikis.get(wiki)?.value === value) this.#wikis.delete(wiki);
    });
    return value;
  }

  async #read(wiki: string, hour: number): Promise<UsualOfWiki> {
    const asked = wiki === ALL_WIKIS ? undefined : wiki;
    // All of them are read together.
    const known = knownFromStream(asked ?? this.#keptWikis[0], await this.#knownBefore(hour));
    // Several may wait for it: that one of them has left does not end it.
    const never = new AbortController().signal;
    const past = await readPastHours(asked, [hour - PAST_SECONDS, hour], known, this.#gold, never);
    // A simulated wiki has no weeks behind it; of a real one, hours say too little.
    const { isSimulated, anomalies } = await this.#knownBefore(hour);
    const young = isSimulated ? 'last_hours' : 'nothing';
    const usual = (account: AccountKind): Usual => {
      const ours = anomalies.filter(anomaly => anomaly.wiki === wiki && anomaly.account === account);
      // One that lasts must not make today a busy day, or it would end itself.
      return new Usual(
        past[account],
        ours.map(({ from, to }) => ({ from, to: to ?? hour })),
        young,
      );
    };
    return { human: usual('human'), bot: usual('bot') };
  }

  #knownBefore(hour: number): Promise<Known> {
    if (this.#known?.hour === hour) return this.#known.value;
    const value = this.#readKnown(hour);
    const kept = { hour, value };
    this.#known = kept;
    value.catch(() => {
      if (this.#known === kept) this.#known = undefined;
    });
    return value;
  }

  async #readKnown(hour: number): Promise<Known> {
    const [known, sources, anomalies] = await Promise.all([
      readStreamKnown([hour - PAST_SECONDS, hour], this.#gold),
      this.#gold.sources(),
      this.#gold.anomalies({ from: hour - PAST_SECONDS, to: hour }),
    ]);
    return { ...known, anomalies, isSimulated: sources.some(({ simulated }) => simulated) };
  }
}
