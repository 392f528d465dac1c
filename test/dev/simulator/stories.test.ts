import { describe, expect, it } from 'vitest';
import { rowOf } from '../../../dev/simulator/api-rows.ts';
import type { Change } from '../../../dev/simulator/change.ts';
import { TOPICS } from '../../../dev/simulator/datacentres.ts';
import { particularsOf } from '../../../dev/simulator/particulars.ts';
import { Stories, STORY_EVERY, STORY_KINDS } from '../../../dev/simulator/stories.ts';
import type { Story, StoryKind } from '../../../dev/simulator/stories.ts';
import { Universe, type UniverseOptions } from '../../../dev/simulator/universe.ts';

const AT = Date.parse('2026-11-20T10:00:00Z') / 1000;
const RATE = 25;

function universe(options: Partial<UniverseOptions> = {}): Universe {
  return new Universe({ seed: 1, rate: RATE, retentionMs: 7 * 86_400_000, ...options });
}

const TOLD = universe({ storiesFromMs: (AT + STORY_EVERY) * 1000 });

/** The first story of a kind, and its changes: all changes of its seconds that an untold universe does not have. */
function told(kind: StoryKind): { story: Story; changes: readonly Change[] } {
  const plain = universe();
  const stories = new Stories(1, RATE, AT + STORY_EVERY);
  for (let second = AT; second < AT + 6 * STORY_EVERY; second++) {
    const story = stories.at(second);
    if (story?.kind !== kind) continue;
    const changes: Change[] = [];
    for (let each = story.from; each < story.to; each++) {
      const before = new Map(plain.changesIn(each).map(change => [change.seq, plain.render(change)]));
      changes.push(...TOLD.changesIn(each).filter(change => before.get(change.seq) !== TOLD.render(change)));
    }
    return { story, changes };
  }
  throw new Error(`no ${kind} within half an hour`);
}

const distinct = (values: readonly unknown[]): number => new Set(values).size;

describe('stories', () => {
  it('never move a message: only what some of them are', () => {
    const plain = universe();
    for (let second = AT; second < AT + 2 * STORY_EVERY; second += 7) {
      const places = (of: Universe) =>
        of
          .changesIn(second)
          .map(({ seq, topic, offset, arrivedMs, dtMs }) => ({ seq, topic, offset, arrivedMs, dtMs }));
      expect(places(TOLD)).toEqual(places(plain));
    }
  });

  it('change nothing before they begin, and nothing between two of them', () => {
    const plain = universe();
    const stories = new Stories(1, RATE, AT + STORY_EVERY);
    for (let second = AT; second < AT + 2 * STORY_EVERY; second++) {
      if (stories.at(second) !== undefined) continue;
      const texts = (of: Universe) => of.changesIn(second).map(change => of.render(change));
      expect(texts(TOLD)).toEqual(texts(plain));
    }
    expect(stories.at(AT + STORY_EVERY + 60)).toBeDefined();
  });

  it('take turns, one every five minutes', () => {
    const stories = new Stories(1, RATE, AT);
    const kinds = [1, 2, 3, 4].map(nth => stories.at(AT + nth * STORY_EVERY + 60)?.kind);
    expect(new Set(kinds)).toEqual(new Set(STORY_KINDS));
  });

  it('leave requests whole: a row names the change that caused it', () => {
    const all = Array.from({ length: 2 * STORY_EVERY }, (_, i) => TOLD.changesIn(AT + i)).flat();
    const bySeq = new Map(all.map(change => [change.seq, change]));
    const orphans = all.filter(({ deed }) => {
      const leader = bySeq.get(deed.leader);
      return leader !== undefined && leader.deed.wiki !== deed.wiki;
    });
    expect(orphans).toEqual([]);
  });

  it('count for the oracle as what they are', () => {
    const { story } = told('spam wave');
    const facts = [...TOLD.facts(story.from, story.to, (story.to + 1_000) * 1000)].flat();
    const ours = facts.filter(({ wiki }) => wiki === story.wikis[0]?.db);
    const ofType = (type: string): number => ours.filter(fact => fact.type === type).length;
    expect(ofType('new')).toBeGreaterThan(150);
    expect(ofType('edit')).toBeGreaterThan(300);
  });
});

describe('a bot run', () => {
  it('is one account with the bot flag, which does the same on many pages', () => {
    const { story, changes } = told('bot run');
    const particulars = changes.map(change => particularsOf(change));
    expect(changes.length).toBeGreaterThan(600);
    expect(
      changes.every(({ deed }) => deed.bot && deed.type === 'edit' && deed.wiki === story.wikis[0]),
    ).toBe(true);
    expect([
      distinct(particulars.map(({ user }) => user)),
      distinct(particulars.map(({ comment }) => comment)),
    ]).toEqual([1, 1]);
    expect(distinct(changes.map(({ deed }) => deed.page))).toBe(changes.length);
  });
});

describe('an edit war', () => {
  it('is two accounts that undo each other on one page, with tags in the Action API', () => {
    const { changes } = told('edit war');
    const particulars = changes.map(change => particularsOf(change));
    expect(changes.length).toBeGreaterThan(120);
    expect([
      distinct(particulars.map(({ user }) => user)),
      distinct(particulars.map(({ title }) => title)),
    ]).toEqual([2, 1]);
    for (const [i, { deed }] of changes.slice(1).entries())
      expect(deed.oldLength).toBe(changes[i]?.deed.newLength);
    const [first] = changes;
    const row = first && rowOf(first, { props: new Set(['tags']), formatversion: 2 });
    expect(row?.['tags']).toContain('mw-reverted');
  });
});

describe('news', () => {
  it('is many accounts on one page, in each of several wikis', () => {
    const { story, changes } = told('news');
    expect(story.wikis).toHaveLength(6);
    for (const wiki of story.wikis) {
      const ours = changes.filter(({ deed }) => deed.wiki === wiki);
      const pages = new Map<number, Change[]>();
      for (const change of ours)
        pages.set(change.deed.page, [...(pages.get(change.deed.page) ?? []), change]);
      const [busiest = []] = [...pages.values()].sort((a, b) => b.length - a.length);
      expect(busiest.length).toBeGreaterThan(0.5 * ours.length);
      expect(distinct(busiest.map(({ deed }) => deed.user))).toBeGreaterThan(20);
    }
  });
});

describe('a wave of spam', () => {
  it('is many new accounts that create pages and edit them', () => {
    const { changes } = told('spam wave');
    expect(changes.every(({ deed }) => deed.userKind === 'temporary' && !deed.bot)).toBe(true);
    expect(distinct(changes.map(({ deed }) => deed.user))).toBeGreaterThan(50);
  });
});

describe('a producer outage', () => {
  const [from, to] = [AT + 600, AT + 600 + 7_200];
  const outages = [{ fromMs: from * 1000, toMs: to * 1000 }];
  const silent = universe({ outages });

  it('sends nothing but canaries, and misses no offset', () => {
    const offsets: number[] = [];
    let events = 0;
    for (let second = from - 5; second < to + 5; second++) {
      const isOut = second >= from && second < to;
      const messages = silent.messagesOf(second).flat();
      if (isOut) events += messages.filter(({ kind }) => kind === 'change').length;
      offsets.push(...messages.filter(({ topic }) => topic === TOPICS[0]).map(({ offset }) => offset));
    }
    expect(events).toBe(0);
    expect(offsets.length).toBeGreaterThan(100);
    for (const [i, offset] of offsets.slice(1).entries()) expect(offset).toBe((offsets[i] ?? 0) + 1);
  });

  it('changes nothing before it, and what comes after it can be read from the log', () => {
    const plain = universe();
    const texts = (of: Universe) => of.changesIn(from - 1).map(change => of.render(change));
    expect(texts(silent)).toEqual(texts(plain));
    const [log] = silent.logs;
    const next = log?.firstAtOrAfter(from * 1000 + 1, (to + 60) * 1000);
    const [canary] = log?.read(next ?? 0) ?? [];
    expect(canary?.timestampMs).toBeLessThan(to * 1000);
    const after = log?.firstAtOrAfter(to * 1000, (to + 60) * 1000);
    expect(log?.read(after ?? 0)[0]?.arrivedMs).toBeGreaterThanOrEqual(to * 1000);
  });

  it('counts once where two overlap, so that offsets never fall', () => {
    const twice = universe({
      outages: [...outages, { fromMs: (from + 60) * 1000, toMs: (to + 60) * 1000 }],
    });
    let last = 0;
    for (let second = from - 30; second < to + 120; second++) {
      for (const { seq } of twice.changesIn(second)) {
        expect(seq).toBeGreaterThan(last);
        last = seq;
      }
    }
    expect(twice.changesIn(to + 30)).toEqual([]);
    expect(twice.changesIn(to + 90).length).toBeGreaterThan(0);
  });
});
