/** Result of the activity and the workflow `ensureIngest`: what the last run of ingest was, and what was done about it. */
export interface EnsuredIngest {
  /**
   * `restarted`: its last run had failed. `left`: it needs nothing, or nothing that a restart would help with.
   */
  readonly outcome: 'restarted' | 'left';
  /** Of the last run: `running`, `failed`, `cancelled`, `terminated`, `completed`, … or `never_started`. */
  readonly status: string;
  /** Why the last run failed. */
  readonly failure?: string;
  /** Why a failed run is left as it is. */
  readonly why?: string;
}
