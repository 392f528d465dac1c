/**
 * What happens on the wikis: the facts of every change, without text and without the time at which it is sent.
 * Guarantee: a deed (one change) is a pure function of (seed, position in history), whatever the rate. Deeds are
 * generated in batches of 256, so that a bot's run or a request's rows can be neighbours without any other state.
 */

import { hash, keyOf, Random } from './random.ts';
import { wikiAt, wikiNamed, type Wiki } from './wikis.ts';

/** The `type` of an event. "142" is a Flow post: a number as a string, rare and real. */
type ChangeType = 'edit' | 'categorize' | 'new' | 'log' | '142';

/** Kind of account; account numbers are unique only within a kind. */
export type UserKind = 'bot' | 'named' | 'temporary';

/** One change, without its time. */
export interface Deed {
  readonly wiki: Wiki;
  readonly type: ChangeType;
  readonly bot: boolean;
  readonly userKind: UserKind;
  /** account number; see `userName` in people.ts */
  readonly user: number;
  /** page number in the wiki; see `pageOf` in pages.ts. For a categorize row: the page that was categorized */
  readonly page: number;
  /** position in history of the first change of the same web request, which shares request_id and user */
  readonly leader: number;
  /** time between the change and its arrival, ms, 0 .. {@link MAX_LATENESS_MS} - 1000 */
  readonly latenessMs: number;
  /** bytes; both 0 for types without a length */
  readonly oldLength: number;
  readonly newLength: number;
  /** seeds the text: comment, category, log parameters */
  readonly salt: number;
  /** text of a story, in place of what the salt would make */
  readonly said?: Said;
}

/** What a story says. */
interface Said {
  readonly comment: string;
  /** change tags; the stream has none, the Action API lists them */
  readonly tags: readonly string[];
}

/** An event's `timestamp` is at most this long before its arrival and its `meta.dt`. 15 min, in ms. */
export const MAX_LATENESS_MS = 900_000;

/** Deeds in one batch. */
const BATCH = 256;
/** Batches kept: each of a few readers needs its current batch and the next one. */
const KEPT_BATCHES = 16;
/** A bot's run has 5 requests on average; when 8.6 % of the turns start one, 32 % of the requests come from bots. */
const BOT_SHARE = 0.32;
const RUN_STARTS = 0.086;
const RUN_GOES_ON = 0.8;

const FLOW_WIKI = wikiNamed('mediawikiwiki');

/** ms before arrival: p50 1 s, p90 3.2 s, p99 6.3 s, one in 1,000 up to 96 s, one in 20,000 up to 15 min. */
function lateness(random: Random): number {
  const u = random.unit();
  const between = (low: number, high: number, from: number, to: number): number =>
    Math.floor(from + ((u - low) / (high - low)) * (to - from));
  if (u < 0.5) return between(0, 0.5, 150, 1000);
  if (u < 0.9) return between(0.5, 0.9, 1000, 3200);
  if (u < 0.999) return between(0.9, 0.999, 3200, 6650);
  if (u < 0.99995) return between(0.999, 0.99995, 6650, 96_000);
  return between(0.99995, 1, 96_000, MAX_LATENESS_MS - 1000);
}

/** A size in bytes between 2^low and 2^high, each power of two as likely as the next. */
function size(random: Random, low: number, high: number): number {
  const power = 2 ** (low + random.below(high - low));
  return power + random.below(power);
}

function typeOfRequest(random: Random, wiki: Wiki): ChangeType {
  const u = random.unit();
  if (wiki === FLOW_WIKI && u > 0.97) return '142';
  if (wiki.kind === 'wikidata') return u < 0.94 ? 'edit' : u < 0.99 ? 'new' : 'log';
  if (wiki.kind === 'commons') return u < 0.81 ? 'edit' : u < 0.84 ? 'new' : 'log';
  return u < 0.68 ? 'edit' : u < 0.76 ? 'new' : 'log';
}

/** How many categorize rows follow a request. They are 44 % of all messages. */
function rowsAfter(random: Random, wiki: Wiki, type: ChangeType): number {
  if (wiki.kind === 'wikidata' || type === '142') return 0;
  if (type === 'log') return random.chance(0.15) ? 1 + random.below(6) : 0;
  if (wiki.kind === 'commons') return random.chance(0.35) ? 0 : 1 + random.below(random.chance(0.2) ? 9 : 5);
  return random.chance(0.52) ? 0 : 1 + random.below(random.chance(0.12) ? 9 : 4);
}

interface Actor {
  wiki: Wiki;
  userKind: UserKind;
  user: number;
  page: number;
}

/** A bot works through the pages of one wiki; a human changes a single page. */
function bot(random: Random): Actor {
  return { wiki: wikiAt(random.unit()), userKind: 'bot', user: random.below(120), page: random.word() };
}

function human(random: Random): Actor {
  const wiki = wikiAt(random.unit());
  const temporary = wiki.kind === 'text' && random.chance(0.11);
  // Half of the edits come from 2,000 busy accounts, the other half from accounts that rarely edit again.
  const user = temporary || random.chance(0.5) ? random.word() : random.below(2000);
  // A few pages are edited often, most only once.
  const page = random.chance(0.1) ? random.below(50) : random.word();
  return { wiki, userKind: temporary ? 'temporary' : 'named', user, page };
}

function makeBatch(seed: number, index: number): Deed[] {
  const random = new Random(seed);
  const first = index * BATCH;
  const deeds: Deed[] = [];
  let running = random.chance(BOT_SHARE) ? bot(random) : undefined;
  while (deeds.length < BATCH) {
    if (running === undefined ? random.chance(RUN_STARTS) : !random.chance(RUN_GOES_ON)) {
      running = running === undefined ? bot(random) : undefined;
    }
    if (running !== undefined) running.page = (running.page + 1) >>> 0;
    request(random, running ?? human(random), first, deeds);
  }
  return deeds;
}

/** One web request: a change and the categorize rows it causes, cut off at the end of the batch. */
function request(random: Random, actor: Actor, first: number, deeds: Deed[]): void {
  const { wiki } = actor;
  const leader = first + deeds.length;
  const latenessMs = lateness(random);
  const type = typeOfRequest(random, wiki);
  const rows = rowsAfter(random, wiki, type);
  // Some requests only change categories: a template edit recategorizes the pages that use it.
  const silent = rows > 1 && type === 'edit' && random.chance(0.08);
  if (!silent) {
    const oldLength = type === 'edit' ? size(random, 7, 17) : 0;
    const newLength = type === 'edit' ? edited(random, oldLength) : type === 'new' ? size(random, 5, 14) : 0;
    deeds.push(deed(actor, type, leader, latenessMs, oldLength, newLength, random.word()));
  }
  const end = Math.min(BATCH, deeds.length + rows);
  while (deeds.length < end) deeds.push(deed(actor, 'categorize', leader, latenessMs, 0, 0, random.word()));
}

/** One literal for all deeds: ten times as fast as spreading the fields that a request's rows share. */
function deed(
  { wiki, userKind, user, page }: Actor,
  type: ChangeType,
  leader: number,
  latenessMs: number,
  oldLength: number,
  newLength: number,
  salt: number,
): Deed {
  return {
    wiki,
    type,
    bot: userKind === 'bot',
    userKind,
    user,
    page,
    leader,
    latenessMs,
    oldLength,
    newLength,
    salt,
  };
}

/** Size of a page after an edit, bytes. */
function edited(random: Random, oldLength: number): number {
  const delta = random.chance(0.04) ? 0 : size(random, 0, 12);
  return random.chance(0.2) ? Math.max(0, oldLength - delta) : oldLength + delta;
}

/** The entire past and future of the wikis, one deed after another. */
export class History {
  readonly #key: number;
  readonly #batches = new Map<number, readonly Deed[]>();

  constructor(seed: number) {
    this.#key = keyOf(seed, 'history');
  }

  /** The deed at a position. @param seq integer >= 0 */
  at(seq: number): Deed {
    const index = Math.floor(seq / BATCH);
    const deed = this.#batch(index)[seq - index * BATCH];
    if (deed === undefined) throw new Error(`history has no position ${seq}`);
    return deed;
  }

  #batch(index: number): readonly Deed[] {
    const kept = this.#batches.get(index);
    if (kept !== undefined) return kept;
    const batch = makeBatch(hash(this.#key, index), index);
    this.#batches.set(index, batch);
    const oldest = this.#batches.keys().next();
    if (this.#batches.size > KEPT_BATCHES && !oldest.done) this.#batches.delete(oldest.value);
    return batch;
  }
}
