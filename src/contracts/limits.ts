/** Numbers that routes and page share. No schemas here: the page would carry the schema library with them. */

/** Wikis that `GET /wikis` answers unless told otherwise, and at most. */
export const DEFAULT_WIKIS = 50;
export const MAX_WIKIS = 2_000;

/** Minutes that `GET /edits` and `GET /api/v1/gaps` answer unless told otherwise, and at most: 366 days. */
export const DEFAULT_MINUTES = 180;
export const MAX_MINUTES = 527_040;
