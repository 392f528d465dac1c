/**
 * What the source could not give (invariant 8). Kafka numbers the messages of a topic without holes, so a hole in the
 * offsets is a gap, and so is a first event that comes long after the instant that was asked for.
 */
/**
 * `offsets`: numbers were skipped. `retention`: the source began later than it was asked to, as it does silently when
 * it keeps nothing older. `log_lost`: our own log was gone, and reading began anew.
 */
export type GapCause = 'offsets' | 'retention' | 'log_lost';
