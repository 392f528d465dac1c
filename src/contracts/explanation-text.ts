/** The sentence that says why a wiki had the edits it had. No account is named in it: it is kept, and names may be hidden later. */
import { grouped } from '../core/grouped.ts';
import type { Cause, ExplainedPage, Explanation } from './explanation.ts';

/** Titles are long in some languages; the answer has the whole one. */
const MAX_SHOWN = 80;

/** One sentence in plain English. */
export function explanationText({ cause, facts, isSimulated }: Explanation): string {
  const text = sentenceOf(cause, facts.changes);
  return isSimulated ? `${text} These are simulated edits.` : text;
}

function sentenceOf(cause: Cause, changes: number): string {
  switch (cause.kind) {
    case 'bot_run':
      return `Bots made ${percent(cause.share)} of the ${several(changes, 'change')}${botsText(cause.accounts)}.`;
    case 'edit_war': {
      const { changes: ofPage, restored, accounts } = cause.page;
      return `${several(accounts, 'account')} made ${several(ofPage, 'change')} to ${pageText(cause.page)}, ${grouped(restored)} of them back to an earlier size: probably an edit war.`;
    }
    case 'news_burst': {
      const most = cause.page === undefined ? '' : `, most of all ${pageText(cause.page)}`;
      const wikis = cause.wikis === 0 ? '' : `; ${several(cause.wikis, 'other wiki')} had a rise too`;
      return `Up to ${several(cause.accounts, 'account')} changed the same page${most}${wikis}: probably news.`;
    }
    case 'spam_wave': {
      const pages = cause.newPages === 0 ? '' : `, with ${several(cause.newPages, 'new page')}`;
      return `${several(cause.accounts, 'new or unregistered account')} made ${percent(cause.share)} of the ${several(changes, 'change')}${pages}: probably a wave of spam.`;
    }
    case 'mass_edit':
      return `One account without the bot flag made ${percent(cause.share)} of the ${several(changes, 'change')}.`;
    case 'many_small_causes':
      return `Many accounts changed many pages: no page had more than ${percent(cause.pageShare)} of the ${several(changes, 'change')}, and no account made more than ${percent(cause.accountShare)}.`;
    case 'no_edits':
      return 'Nobody changed anything.';
    case 'no_parts':
      return 'Bronze has no events of this time: they have expired, or were never read.';
    case 'unknown':
      break;
  }
  return `No page, account or group of accounts alone explains the ${several(changes, 'change')}.`;
}

function botsText(accounts: number): string {
  if (accounts === 0) return '';
  return accounts === 1 ? ', most of them by one bot' : `, most of them by ${grouped(accounts)} bots`;
}

/** A page that has just been created may have a title that is an insult, and is then deleted. */
function pageText({ title, isNew }: ExplainedPage): string {
  if (isNew) return 'a new page';
  const characters = Array.from(title);
  return characters.length <= MAX_SHOWN ? `“${title}”` : `“${characters.slice(0, MAX_SHOWN - 1).join('')}…”`;
}

function percent(share: number): string {
  const rounded = Math.round(100 * share);
  return rounded === 0 && share > 0 ? 'less than 1 %' : `${rounded} %`;
}

function several(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}
