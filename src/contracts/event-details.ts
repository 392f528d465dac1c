/**
 * What explanations read of an event beyond its counts. The comment is not among it: anybody can write anything there,
 * and it may be hidden later.
 */

/** Who made a change. */
export interface Account {
  readonly name: string;
  /** `unregistered`: an address, or one of the temporary accounts that replace addresses. */
  readonly kind: 'registered' | 'unregistered';
}

export interface EventDetails {
  readonly kind: 'edit' | 'new' | 'log' | 'categorize' | 'other';
  readonly isBot: boolean;
  /** Of edits and new pages; undefined when it is hidden, or is no title that a wiki could have. */
  readonly title: string | undefined;
  /** Of edits and new pages, and of log entries that tell of an account; undefined when it is hidden. */
  readonly account: Account | undefined;
  /** The size of the page before and after, bytes; undefined when it is unknown. */
  readonly lengths: readonly [before: number, after: number] | undefined;
  readonly tags: readonly string[];
  /** The kind of a public log entry, such as `block`. */
  readonly log: string | undefined;
  /** Whether `account` was made by this entry. */
  readonly isNewAccount: boolean;
}

/** Reads the text of a usable event. Never throws; undefined for anything else than an object. */
export type ReadDetails = (text: string) => EventDetails | undefined;
