/**
 * What can be wrong around us, for a person to repair. Each folder that meets such problems declares them in a file
 * `known-problems.ts`: its code takes the remedies from there as hints, and docs/troubleshooting.md is generated from it.
 */

/** Fixed, or with words that are known when it happens. */
export type ProblemText = string | ((words: never) => string);

export interface KnownProblem {
  /** Our message, or what the other side answers, as far as it tells this problem from the others. */
  readonly shows: ProblemText;
  /** Left out where the message says it. */
  readonly cause?: string;
  readonly remedy: ProblemText;
}

export type KnownProblems = Readonly<Record<string, KnownProblem>>;

/** The words of a text, by name. */
export type Words<Name extends string> = Readonly<Record<Name, string>>;
