/**
 * Stories: a bot run, an edit war, news, a wave of spam, one after the other, each with a known reason. A story changes
 * what some of the messages of a second are, and never how many there are, so that no offset and no id moves.
 * Guarantee: a story is a pure function of (seed, second); without stories the universe is what it was.
 */

import type { Deed, UserKind } from './history.ts';
import { hash, keyOf } from './random.ts';
import { WIKIS, type Wiki } from './wikis.ts';

export const STORY_KINDS = ['bot run', 'edit war', 'news', 'spam wave'] as const;
export type StoryKind = (typeof STORY_KINDS)[number];

/** What is going on. */
export interface Story {
  readonly kind: StoryKind;
  /** [from, to), epoch seconds */
  readonly from: number;
  readonly to: number;
  /** the first one is where most happens */
  readonly wikis: readonly Wiki[];
  /** distinguishes the pages and accounts of this story from those of others */
  readonly key: number;
}

/** Seconds from the beginning of one story to that of the next. */
export const STORY_EVERY = 300;
const BEGINS_AFTER = 30;
const LASTS = 180;
/** Neither the largest wikis, where a story drowns, nor those that hardly anybody edits. */
const SMALLEST_RANK = 200;
const LARGEST_RANK = 15;
const NEWS_WIKIS = 6;

/** Share of a second's messages that belong to the story. An edit war has one edit a second instead. */
const SHARES: Readonly<Record<Exclude<StoryKind, 'edit war'>, number>> = {
  'bot run': 0.2,
  news: 0.25,
  'spam wave': 0.2,
};

/** Pages of a story: above those that `History` gives to busy pages, and the same on each wiki. */
const MAIN_PAGE = 1_000_000;
const NEWS_PAGES = 4;
const MAIN_SHARE = 0.75;
/** A new account makes a page and edits it, until it is blocked. */
const CHANGES_A_SPAMMER = 3;
const SPAM_LENGTH = 740;
/** Sizes that the two sides of an edit war want the page to have, bytes. */
const SIDES = [18_240, 16_905] as const;

export class Stories {
  readonly #rate: number;
  readonly #from: number;
  readonly #key: number;

  /** @param from epoch seconds; nothing happens before */
  constructor(seed: number, rate: number, from: number) {
    this.#rate = rate;
    this.#from = from;
    this.#key = keyOf(seed, 'stories');
  }

  /** The story of a second, if there is one. */
  at(second: number): Story | undefined {
    const number = Math.floor(second / STORY_EVERY);
    const from = number * STORY_EVERY + BEGINS_AFTER;
    if (from < this.#from || second < from || second >= from + LASTS) return undefined;
    const kind = STORY_KINDS[number % STORY_KINDS.length] ?? 'bot run';
    const key = hash(this.#key, number);
    const count = kind === 'news' ? NEWS_WIKIS : 1;
    const ranks = SMALLEST_RANK - LARGEST_RANK;
    // Neighbours in the table, so that no wiki comes twice.
    const wikis = Array.from({ length: count }, (_, i) => WIKIS[LARGEST_RANK + ((key + i) % ranks)]);
    return { kind, from, to: from + LASTS, wikis: wikis.flatMap(wiki => wiki ?? []), key };
  }

  /** How many messages of a second belong to its story. */
  wanted({ kind }: Story, second: number): number {
    if (kind === 'edit war') return 1;
    // Rounded so that a slow stream has its share over several seconds.
    const share = SHARES[kind] * this.#rate;
    return Math.floor(share * (second + 1)) - Math.floor(share * second);
  }

  /**
   * A message of a story.
   * @param seq its position in history, of which it takes the place
   */
  deedOf(story: Story, second: number, seq: number): Deed {
    const word = hash(story.key ^ 0x51ed270b, seq);
    const [wiki] = story.wikis;
    if (wiki === undefined) throw new Error('a story needs a wiki');
    const common = { leader: seq, latenessMs: 150 + (word % 850), salt: word };
    switch (story.kind) {
      case 'bot run':
        return {
          ...common,
          ...edit(wiki, 'bot', story.key % 120, MAIN_PAGE + (seq % 1_000_000_000), 4_000, 12 + (word % 9)),
          said: { comment: 'Bot: replacing a template that was renamed', tags: [] },
        };
      case 'edit war': {
        const side = second % 2;
        const [mine = 0, theirs = 0] = side === 0 ? SIDES : [SIDES[1], SIDES[0]];
        return {
          ...common,
          ...edit(
            wiki,
            'named',
            accountOf(story, side),
            MAIN_PAGE + (story.key % 1_000_000),
            theirs,
            mine - theirs,
          ),
          said: { comment: 'Undid the last edit: see the talk page', tags: ['mw-undo', 'mw-reverted'] },
        };
      }
      case 'news': {
        const where = story.wikis[word % story.wikis.length] ?? wiki;
        const isMain = (word >>> 8) % 100 < 100 * MAIN_SHARE;
        const page = isMain ? 0 : 1 + ((word >>> 16) % NEWS_PAGES);
        return {
          ...common,
          ...edit(
            where,
            'named',
            // Everybody edits once or twice.
            accountOf(story, (word >>> 4) % 400),
            MAIN_PAGE + (story.key % 1_000_000) + page,
            9_000 + 40 * (second - story.from),
            30 + (word % 300),
          ),
          said: { comment: 'update: what is known so far', tags: [] },
        };
      }
      case 'spam wave': {
        // A page each, made and then edited: by default only edits count.
        const nth = Math.floor((seq % 3_000_000) / CHANGES_A_SPAMMER);
        const isFirst = seq % CHANGES_A_SPAMMER === 0;
        const made = edit(
          wiki,
          'temporary',
          accountOf(story, nth),
          MAIN_PAGE + nth,
          isFirst ? 0 : SPAM_LENGTH,
          isFirst ? SPAM_LENGTH : 80 + (word % 200),
        );
        const said = { comment: 'buy now at the best price', tags: [] };
        return { ...common, ...made, type: isFirst ? 'new' : 'edit', said };
      }
      default:
        return story.kind satisfies never;
    }
  }
}

/** An account that only this story has. */
function accountOf({ key }: Story, nth: number): number {
  return (key + nth * 7_919) >>> 0;
}

type Facts = Pick<Deed, 'wiki' | 'type' | 'bot' | 'userKind' | 'user' | 'page' | 'oldLength' | 'newLength'>;

function edit(
  wiki: Wiki,
  userKind: UserKind,
  user: number,
  page: number,
  oldLength: number,
  change: number,
): Facts {
  return {
    wiki,
    type: 'edit',
    bot: userKind === 'bot',
    userKind,
    user,
    page,
    oldLength,
    newLength: oldLength + change,
  };
}
