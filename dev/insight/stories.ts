/** What happens in a universe beside its usual days, and what a detector should make of it. */
import { Random, hash, keyOf } from '../simulator/random.ts';
import type { AccountKind } from '../../src/core/usual/anomaly.ts';
import type { WikiModel } from './wikis.ts';
import { CLOCKS_GO_BACK, usualRate } from './wikis.ts';

/** What a detector should make of a story. */
export type Answer =
  /** An anomaly of that wiki. */
  | 'mark'
  /** One event of many wikis. */
  | 'event'
  /** Quiet hours of everything. */
  | 'quiet'
  /** Nothing: it is part of life. */
  | 'nothing';

export const STORY_KINDS = [
  'bot run',
  'edit war',
  'news burst',
  'spam wave',
  'producer outage',
  'quiet night',
  'holiday',
  'daylight saving',
  'slow growth',
] as const;
export type StoryKind = (typeof STORY_KINDS)[number];

export const ANSWERS: Readonly<Record<StoryKind, Answer>> = {
  'bot run': 'mark',
  'edit war': 'mark',
  'news burst': 'event',
  'spam wave': 'mark',
  'producer outage': 'quiet',
  'quiet night': 'nothing',
  holiday: 'nothing',
  'daylight saving': 'nothing',
  'slow growth': 'nothing',
};

export interface Story {
  readonly kind: StoryKind;
  /** [from, to), epoch seconds. */
  readonly from: number;
  readonly to: number;
  /** Database names; undefined: all of them. */
  readonly wikis: ReadonlySet<string> | undefined;
  /** Undefined: both. */
  readonly account: AccountKind | undefined;
  /** What it makes of a rate, edits an hour. */
  readonly change: (rate: number, wiki: WikiModel, second: number) => number;
}

/** [from, to), epoch seconds. */
interface Range {
  readonly from: number;
  readonly to: number;
}

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;
const WEEK = 7 * DAY;

/** All stories of a universe. Those that are to be found happen every week, each to a wiki of its own that day. */
export function storiesOf(seed: number, wikis: readonly WikiModel[], { from, to }: Range): readonly Story[] {
  const random = new Random(hash(keyOf(seed, 'stories'), 0));
  const stories: Story[] = [];
  const weeks = Math.floor((to - from) / WEEK);
  for (let week = 0; week < weeks; week++) {
    const days = shuffled(random, [0, 1, 2, 3, 4, 5, 6]);
    const at = (slot: number): number =>
      from + week * WEEK + (days[slot] ?? 0) * DAY + random.below(20 * 60) * MINUTE;
    stories.push(
      botRun(random, wikis, at(0)),
      botRun(random, wikis, at(1)),
      editWar(random, wikis, at(2)),
      editWar(random, wikis, at(3)),
      spamWave(random, wikis, at(4)),
      spamWave(random, wikis, at(5)),
      newsBurst(random, wikis, at(6)),
    );
  }
  const dayAt = (share: number): number => from + Math.floor(((to - from) * share) / DAY) * DAY;
  stories.push(
    everywhere('producer outage', dayAt(0.3) + 9 * HOUR + random.below(20) * MINUTE, 2 * HOUR, () => 0),
    everywhere('producer outage', dayAt(0.8) + 19 * HOUR + random.below(20) * MINUTE, 2 * HOUR, () => 0),
    humans('quiet night', dayAt(0.2) + 22 * HOUR, 8 * HOUR, 0.6),
    humans('quiet night', dayAt(0.6) + 21 * HOUR, 9 * HOUR, 0.65),
    humans('holiday', dayAt(0.45), DAY, 0.7),
    humans('holiday', dayAt(0.95), DAY, 0.75),
  );
  if (from < CLOCKS_GO_BACK && to > CLOCKS_GO_BACK)
    // `usualRate` knows of the clocks; this only says when.
    stories.push(humans('daylight saving', CLOCKS_GO_BACK, WEEK, 1));
  for (const wiki of pickSome(random, wikis.slice(5, 60), 3))
    stories.push({
      kind: 'slow growth',
      from,
      to,
      wikis: new Set([wiki.db]),
      account: 'human',
      change: (rate, _, second) => rate * (1 + (second - from) / (to - from)),
    });
  return stories.sort((a, b) => a.from - b.from);
}

/** One bot works through many pages, six to eighteen times as fast as all bots of the wiki together. */
function botRun(random: Random, wikis: readonly WikiModel[], from: number): Story {
  const wiki = random.pick(wikis.filter(({ hourly }) => hourly.bot > 4 && hourly.bot < 3_000));
  const extra = Math.max(400, usualRate(wiki, 'bot', from) * (6 + 12 * random.unit()));
  return added('bot run', [wiki], 'bot', from, between(random, 40, 120), () => extra);
}

/** Two accounts revert each other, and others join: 140 to 210 edits an hour on one page of a wiki with a few dozen. */
function editWar(random: Random, wikis: readonly WikiModel[], from: number): Story {
  const wiki = random.pick(wikis.filter(({ hourly }) => hourly.human > 10 && hourly.human < 30));
  const extra = Math.max(140, usualRate(wiki, 'human', from) * 4) + 70 * random.unit();
  return added('edit war', [wiki], 'human', from, between(random, 60, 120), () => extra);
}

/** New accounts create pages until they are blocked. */
function spamWave(random: Random, wikis: readonly WikiModel[], from: number): Story {
  const wiki = random.pick(wikis.filter(({ hourly }) => hourly.human > 10 && hourly.human < 500));
  const extra = Math.max(400, usualRate(wiki, 'human', from) * (5 + 5 * random.unit()));
  return added('spam wave', [wiki], 'human', from, between(random, 25, 60), () => extra);
}

/** News reaches eight to fourteen large wikis within ten minutes, and fades over hours. */
function newsBurst(random: Random, wikis: readonly WikiModel[], from: number): Story {
  const large = wikis.filter(({ hourly }) => hourly.human > 60 && hourly.human < 4_000);
  const some = pickSome(random, large, 8 + random.below(7));
  const size = new Map(
    some.map(({ db }) => [db, { factor: 4.5 + 4 * random.unit(), late: random.below(10) * MINUTE }]),
  );
  const story = added('news burst', some, 'human', from, between(random, 120, 240), () => 0);
  return {
    ...story,
    change: (rate, wiki, second) => {
      const { factor, late } = size.get(wiki.db) ?? { factor: 0, late: 0 };
      const since = second - from - late;
      if (since < 0) return rate;
      const rise = Math.min(1, since / (10 * MINUTE));
      return rate * (1 + factor * rise * Math.exp(-since / (2 * HOUR)));
    },
  };
}

function added(
  kind: StoryKind,
  wikis: readonly WikiModel[],
  account: AccountKind,
  from: number,
  minutes: number,
  extra: () => number,
): Story {
  return {
    kind,
    from,
    to: from + minutes * MINUTE,
    wikis: new Set(wikis.map(({ db }) => db)),
    account,
    change: rate => rate + extra(),
  };
}

function everywhere(kind: StoryKind, from: number, seconds: number, change: (rate: number) => number): Story {
  return { kind, from, to: from + seconds, wikis: undefined, account: undefined, change };
}

function humans(kind: StoryKind, from: number, seconds: number, factor: number): Story {
  return { ...everywhere(kind, from, seconds, rate => rate * factor), account: 'human' };
}

function between(random: Random, least: number, most: number): number {
  return least + random.below(most - least + 1);
}

function shuffled<T>(random: Random, items: readonly T[]): readonly T[] {
  return items
    .map(item => ({ item, order: random.word() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

function pickSome<T>(random: Random, items: readonly T[], count: number): readonly T[] {
  return shuffled(random, items).slice(0, count);
}
