/**
 * What is usual of wikis, from thirteen weeks of gold. The last day or two are read once an hour, when the latest hour is
 * known; what lies before is read once a day, because it hardly changes, and gold in S3 has an object for each day.
 */
import { LRUCache } from 'lru-cache';
import type { AccountKind, Anomaly } from '../core/usual/anomaly.ts';
import { HOUR_SECONDS } from '../core/series.ts';
import { Usual } from '../core/usual/usual.ts';
import { ALL_WIKIS } from '../core/wiki-name.ts';
import type { GoldReader } from './gold-store.ts';
import { knownFromStream, pastHours, readStreamHours, readStreamKnown } from './stream-hours.ts';
import type { StreamHours, StreamKnown } from './stream-hours.ts';

const DAY_SECONDS = 24 * HOUR_SECONDS;
/** As far as `Usual` looks back, with the day that the dispersion begins with. */
const PAST_SECONDS = (13 * 7 + 1) * DAY_SECONDS;
/** The last minutes of an hour are in gold this long after its end. */
const SETTLED_SECONDS = 600;
/** Each has 100 kB. */
const KEPT_WIKIS = 500;

export type UsualOfWiki = Readonly<Record<AccountKind, Usual>>;
type Gold = Pick<
  GoldReader,
  'hourTotals' | 'totals' | 'reads' | 'coverage' | 'gaps' | 'sources' | 'anomalies'
>;

/** What is known of all wikis besides their hours. */
interface Surroundings {
  readonly anomalies: readonly Anomaly[];
  readonly isSimulated: boolean;
}

/** Values that are read once for all who ask, and again after a failure. `at` says for when they are. */
class ReadOnce<T extends object> {
  readonly #kept: LRUCache<string, { readonly at: number; readonly value: Promise<T> }>;

  constructor(max: number) {
    this.#kept = new LRUCache({ max });
  }

  get(name: string, at: number, read: () => Promise<T>): Promise<T> {
    const kept = this.#kept.get(name);
    if (kept?.at === at) return kept.value;
    const reading = { at, value: read() };
    this.#kept.set(name, reading);
    reading.value.catch(() => {
      if (this.#kept.get(name) === reading) this.#kept.delete(name);
    });
    return reading.value;
  }
}

export class UsualOfWikis {
  readonly #gold: Gold;
  readonly #keptWikis: readonly string[];
  readonly #usual = new ReadOnce<UsualOfWiki>(KEPT_WIKIS);
  readonly #older = new ReadOnce<StreamHours>(KEPT_WIKIS);
  /** Of all wikis, by what they are for. */
  readonly #known = new ReadOnce<StreamKnown>(2);
  readonly #surroundings = new ReadOnce<Surroundings>(1);

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
    return this.#usual.get(wiki, hour, () => this.#read(wiki, hour));
  }

  async #read(wiki: string, hour: number): Promise<UsualOfWiki> {
    // Hours of the day before are still rebuilt.
    const recent = (Math.floor(hour / DAY_SECONDS) - 1) * DAY_SECONDS;
    const older = await this.#older.get(wiki, recent, () =>
      this.#hours(wiki, [recent - PAST_SECONDS, recent], 'older'),
    );
    const pieces = [older, await this.#hours(wiki, [recent, hour], 'recent')];
    const { isSimulated, anomalies } = await this.#surroundings.get('', hour, () => this.#around(hour));
    // A simulated wiki has no weeks behind it; of a real one, hours say too little.
    const young = isSimulated ? 'last_hours' : 'nothing';
    const usual = (account: AccountKind): Usual => {
      const ours = anomalies.filter(anomaly => anomaly.wiki === wiki && anomaly.account === account);
      // One that lasts must not make today a busy day, or it would end itself.
      return new Usual(
        pastHours(account, pieces),
        ours.map(({ from, to }) => ({ from, to: to ?? hour })),
        young,
      );
    };
    return { human: usual('human'), bot: usual('bot') };
  }

  async #around(hour: number): Promise<Surroundings> {
    const [sources, anomalies] = await Promise.all([
      this.#gold.sources(),
      this.#gold.anomalies({ from: hour - PAST_SECONDS, to: hour }),
    ]);
    return { anomalies, isSimulated: sources.some(({ simulated }) => simulated) };
  }

  async #hours(
    wiki: string,
    range: readonly [number, number],
    which: 'older' | 'recent',
  ): Promise<StreamHours> {
    const asked = wiki === ALL_WIKIS ? undefined : wiki;
    const found = await this.#known.get(which, range[1], () => readStreamKnown(range, this.#gold));
    // All of them are read together.
    const known = knownFromStream(asked ?? this.#keptWikis[0], found);
    // Several may wait for it: that one of them has left does not end it.
    const never = new AbortController().signal;
    return readStreamHours(asked, range, known, this.#gold, never);
  }
}
