/** An explanation, as the engine finds it. */
import type { ExplainedPage, Explanation } from '../../src/contracts/explanation.ts';

const PAGE: ExplainedPage = {
  wiki: 'enwiki',
  title: 'Moon landing',
  url: 'https://en.wikipedia.org/wiki/Moon_landing',
  changes: 62,
  accounts: 40,
  restored: 3,
  isNew: false,
};

/** @param edits so that another one has another answer */
export function explanationOf(edits = 160): Explanation {
  return {
    facts: {
      edits,
      botEdits: 11,
      bytesAdded: 20_113,
      bytesRemoved: 1_402,
      newPages: 6,
      changes: 166,
      botChanges: 11,
      pages: 71,
      accounts: 93,
      newcomers: 21,
      newcomerChanges: 30,
      mainBots: 2,
      crowdChanges: 91,
      crowdAccounts: 40,
      types: [{ name: 'edit', count: 160 }],
      logs: [{ name: 'block', count: 1 }],
      tags: [{ name: 'mobile edit', count: 12 }],
      topPages: [PAGE, { ...PAGE, wiki: 'x', title: 'New', url: undefined, isNew: true }],
      busiest: {
        url: 'https://en.wikipedia.org/wiki/Special:Contributions/Example',
        changes: 12,
        isBot: false,
      },
      busierWikis: [{ wiki: 'dewiki', edits: 120, factor: 3.14159 }],
    },
    cause: { kind: 'news_burst', share: 0.548_192, accounts: 40, page: PAGE, wikis: 1 },
    parts: 13,
    unreadParts: 0,
    isSimulated: false,
  };
}
