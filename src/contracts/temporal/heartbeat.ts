/**
 * How often a worker that reads a stream tells Temporal that it lives. Temporal Cloud bills every heartbeat that reaches
 * the server, and a cancellation (so a pause and a flush too) arrives with the response to one.
 */

/** What is reported in between is sent with the next one: 21,600 a day, and a pause waits 4 s at most. */
export const HEARTBEAT_EVERY_MS = 4_000;

/** Without a heartbeat for this long another worker takes over. Two are due in that time, so losing one changes nothing. */
export const HEARTBEAT_TIMEOUT_MS = 10_000;
