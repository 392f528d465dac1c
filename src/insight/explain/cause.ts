/**
 * The most likely reason for the edits of a range. Pure. Where it is known what is usual, only what is beyond it has to
 * be explained. Each rule asks whether one kind of reason explains enough of that alone; the first that does wins.
 */
import type { Cause, ExplainedPage, RangeFacts, UsualEdits } from '../../contracts/explanation.ts';

/** What bots must have made of what is beyond the usual; and of all edits, one of them this much, where that is not known. */
const BOT_SHARE = 0.6;
const ONE_BOT_SHARE = 0.3;
/** What one page, crowded pages, newcomers or one account must explain of the changes of people. */
const PAGE_SHARE = 0.3;
const CROWD_SHARE = 0.35;
const NEWCOMER_SHARE = 0.5;
const ACCOUNT_SHARE = 0.4;
/** Less than this is chance. */
const LEAST_CHANGES = 10;

/** In an edit war few accounts have many changes each, and every fourth restores what was there. */
const CHANGES_A_FIGHTER = 3;
const RESTORED_SHARE = 0.25;
/** A wave has more authors than one. */
const LEAST_NEWCOMERS = 3;
/** Two other wikis at the same time are no chance. */
const WIKIS_WITH_NEWS = 2;
/** With less than these, no page and no account stands out. */
const SMALL_PAGE = 0.1;
const SMALL_ACCOUNT = 0.2;

export function causeOf(facts: RangeFacts, usual?: UsualEdits): Cause {
  const { changes, botChanges, topPages, busiest } = facts;
  if (changes === 0) return { kind: 'no_edits' };
  const beyond = {
    human: Math.max(0, changes - botChanges - (usual?.human ?? 0)),
    bot: Math.max(0, botChanges - (usual?.bot ?? 0)),
  };
  if (areBots(facts, beyond, usual !== undefined))
    return { kind: 'bot_run', share: botChanges / changes, accounts: facts.mainBots };
  // Never less than the tenth that a handful of changes would explain.
  const people = Math.max(beyond.human, LEAST_CHANGES);
  const war = topPages.find(page => isFought(page, people));
  if (war !== undefined) return { kind: 'edit_war', page: war };
  if (isNews(facts, people)) return newsOf(facts);
  if (facts.newcomers >= LEAST_NEWCOMERS && facts.newcomerChanges >= NEWCOMER_SHARE * people)
    return {
      kind: 'spam_wave',
      share: facts.newcomerChanges / changes,
      accounts: facts.newcomers,
      newPages: facts.newPages,
    };
  const most = busiest?.changes ?? 0;
  if (busiest !== undefined && !busiest.isBot && most >= ACCOUNT_SHARE * people)
    return { kind: 'mass_edit', share: most / changes };
  const [pageShare, accountShare] = [(topPages[0]?.changes ?? 0) / changes, most / changes];
  if (pageShare <= SMALL_PAGE && accountShare <= SMALL_ACCOUNT)
    return { kind: 'many_small_causes', pageShare, accountShare };
  return { kind: 'unknown' };
}

interface Beyond {
  readonly human: number;
  readonly bot: number;
}

/** Some wikis have more edits of bots than others all the time, so that without the usual one of them has to stand out. */
function areBots({ changes, busiest }: RangeFacts, { human, bot }: Beyond, isUsualKnown: boolean): boolean {
  if (bot < LEAST_CHANGES || bot < BOT_SHARE * (human + bot)) return false;
  return isUsualKnown || (busiest?.isBot === true && busiest.changes >= ONE_BOT_SHARE * changes);
}

function isFought({ changes, accounts, restored }: ExplainedPage, people: number): boolean {
  return (
    changes >= Math.max(LEAST_CHANGES, PAGE_SHARE * people) &&
    accounts >= 2 &&
    changes >= CHANGES_A_FIGHTER * accounts &&
    restored >= RESTORED_SHARE * changes
  );
}

function isNews({ crowdChanges, busierWikis }: RangeFacts, people: number): boolean {
  const share = crowdChanges / people;
  return share >= CROWD_SHARE || (share >= CROWD_SHARE / 2 && busierWikis.length >= WIKIS_WITH_NEWS);
}

function newsOf({ changes, crowdChanges, crowdAccounts, topPages, busierWikis }: RangeFacts): Cause {
  return {
    kind: 'news_burst',
    share: crowdChanges / changes,
    accounts: crowdAccounts,
    page: topPages.find(({ accounts }) => accounts === crowdAccounts),
    wikis: busierWikis.length,
  };
}
