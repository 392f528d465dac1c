/** Why a wiki had the edits that it had in some minutes: what the engine finds, and what the API and gold keep of it. */

/** One page of those with most changes. */
export interface ExplainedPage {
  readonly wiki: string;
  readonly title: string;
  /** Address of the page on its wiki; undefined for a wiki that is not one of Wikimedia's. */
  readonly url: string | undefined;
  /** Edits, and its creation. */
  readonly changes: number;
  /** Accounts that made them. */
  readonly accounts: number;
  /** Changes that gave it a size that it had before: most of them are reverts. */
  readonly restored: number;
  /** Whether it was created in the range. */
  readonly isNew: boolean;
}

/** The account with most changes. Its name is nowhere but in the address. */
export interface BusiestAccount {
  /** Address of the list of its changes on its wiki. */
  readonly url: string | undefined;
  readonly changes: number;
  readonly isBot: boolean;
}

/** A wiki that was busier than in the rest of the hours read. */
export interface BusierWiki {
  readonly wiki: string;
  readonly edits: number;
  /** How many times as many edits a minute as in the rest. */
  readonly factor: number;
}

/** What was found in a range. */
export interface RangeFacts {
  /** Edits that count, each revision once. */
  readonly edits: number;
  readonly botEdits: number;
  /** Sizes of those that grew and of those that shrank, bytes. */
  readonly bytesAdded: number;
  readonly bytesRemoved: number;
  /** Pages that were created, whether or not that counts as an edit. */
  readonly newPages: number;
  /** Edits, and creations of pages: what pages and accounts are ranked by. */
  readonly changes: number;
  readonly botChanges: number;
  readonly pages: number;
  readonly accounts: number;
  /** Accounts without registration, and those that were created in the hours read. */
  readonly newcomers: number;
  readonly newcomerChanges: number;
  /** Bots that made four of five of their changes. */
  readonly mainBots: number;
  /** Changes of pages that several people changed, and the most accounts of one of them. */
  readonly crowdChanges: number;
  readonly crowdAccounts: number;
  /** Events by type, all of them. */
  readonly types: readonly Tally[];
  /** Public log entries by kind. */
  readonly logs: readonly Tally[];
  /** Tags of changes; the stream has none, backfilled events may. */
  readonly tags: readonly Tally[];
  /** The ones with most changes first. */
  readonly topPages: readonly ExplainedPage[];
  readonly busiest: BusiestAccount | undefined;
  readonly busierWikis: readonly BusierWiki[];
}

export interface Tally {
  readonly name: string;
  readonly count: number;
}

/** The most likely reason. Shares are of the changes, 0 to 1. */
export type Cause =
  | { readonly kind: 'bot_run'; readonly share: number; readonly accounts: number }
  | { readonly kind: 'edit_war'; readonly page: ExplainedPage }
  | {
      readonly kind: 'news_burst';
      readonly share: number;
      readonly accounts: number;
      readonly page: ExplainedPage | undefined;
      /** Other wikis that were busier at the same time. */
      readonly wikis: number;
    }
  | {
      readonly kind: 'spam_wave';
      readonly share: number;
      readonly accounts: number;
      readonly newPages: number;
    }
  /** One account without the bot flag. */
  | { readonly kind: 'mass_edit'; readonly share: number }
  | { readonly kind: 'many_small_causes'; readonly pageShare: number; readonly accountShare: number }
  | { readonly kind: 'no_edits' }
  /** Bronze has no part of the hours that could be read: they have expired, or nobody has read the stream. */
  | { readonly kind: 'no_parts' }
  | { readonly kind: 'unknown' };

/** What is usual of a range, if it is known. */
export interface UsualEdits {
  readonly human: number;
  readonly bot: number;
}

export interface ExplainedRange {
  /** Database name, or `all`. */
  readonly wiki: string;
  /** Epoch seconds of whole minutes; the end is exclusive. */
  readonly from: number;
  readonly to: number;
  readonly usual?: UsualEdits | undefined;
}

export interface Explanation {
  readonly facts: RangeFacts;
  readonly cause: Cause;
  /** Parts of the hours that the range touches, and those among them that were not read to their end. */
  readonly parts: number;
  readonly unreadParts: number;
  readonly isSimulated: boolean;
}

/** Reads bronze once more. @throws the signal's reason; PipelineError when the store is unavailable */
export type Explain = (range: ExplainedRange, stopSignal: AbortSignal) => Promise<Explanation>;
