/** Which events of the stream are stored, and which of those are counted. */
export interface IntakeRules {
  /** Types that are counted, e.g. `edit`. */
  readonly editTypes: ReadonlySet<string>;
  /** Wikis to keep; empty keeps all. */
  readonly wikis: ReadonlySet<string>;
}
