/** Limits and defaults that several parts share. No schemas here: the page would load the schema library with them. */

/** Wikis that `GET /wikis` and `GET /api/v1/wikis` return by default, and at most. */
export const DEFAULT_WIKIS = 50;
export const MAX_WIKIS = 2_000;

/** Minutes that `GET /edits` and `GET /api/v1/gaps` return by default, and at most: 366 days. */
export const DEFAULT_MINUTES = 180;
export const MAX_MINUTES = 527_040;

/** Buckets of a wiki, and wikis, in an answer of `GET /api/v1/series`. */
export const MAX_BUCKETS = 5_000;
export const MAX_SERIES = 5;

/** Minutes in an answer of `GET /api/v1/coverage`: a week. */
export const MAX_COVERAGE_MINUTES = 10_080;

/** Days in an answer of `GET /api/v1/anomalies`, and how far feeds go back. */
export const MAX_ANOMALY_DAYS = 31;
export const FEED_DAYS = 14;

/** Minutes that `GET /api/v1/explain` explains at most: they lie in two hours of bronze. */
export const MAX_EXPLAINED_MINUTES = 60;

/** Hours in an answer of `GET /api/v1/hours` by default, and at most. Without a range it goes back a week. */
export const DEFAULT_LISTED_HOURS = 24;
export const MAX_LISTED_HOURS = 168;

/** Hours that a backfill or a rebuild reaches back by default (HOURS), and at most: ten years. */
export const DEFAULT_HOURS = 1_440;
export const MAX_HOURS = 87_600;

/** Requests to the Action API that Wikimedia allows an anonymous client to have in flight. */
export const DEFAULT_API_REQUESTS = 3;

/**
 * Units that one client address of the API has in a minute (RATE_LIMIT_PER_MINUTE). Twenty pages behind one address, each
 * asking five times every two seconds, need a quarter of them.
 */
export const DEFAULT_REQUESTS_PER_MINUTE = 12_000;

/** Wikis of `GET /api/v1/wikis` that have the minutes of a sparkline, and how many: about as many as a page shows. */
export const MAX_SPARKLINES = 20;
export const MAX_SPARKLINE_MINUTES = 60;
