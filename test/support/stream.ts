/** The stream of recent changes, as most tests use it. */
import { recentChange } from '../../src/recentchange/definition.ts';

/** Counts edits. */
export const STREAM = recentChange(['edit']);
/** Counts page creations too. */
export const STREAM_WITH_NEW = recentChange(['edit', 'new']);
export const LOG_KEYS = STREAM.logKeys;
