/**
 * The cost model with which `auto` chooses its sources. The stream has all wikis in one pass and costs the same however
 * few of them are wanted; the Action API costs requests for each wiki. The dumps are read only where neither reaches,
 * because their bot flag is the account's.
 */
import { BACKFILL_SOURCES } from './backfill.ts';
import type { BackfillSource } from './backfill.ts';

/** An hour of the stream, read again: measured at 120 times the live rate. */
const STREAM_SECONDS = 30;
/** 45 events a second of 1,200 bytes. */
const STREAM_MEGABYTES = 190;
/** An hour of a busy wiki such as enwiki, 500 changes a request. Most wikis need fewer. */
const API_REQUESTS = 20;
/** What Wikimedia allows a client that is not logged in. */
const API_REQUESTS_PER_MINUTE = 200;
/** 20 requests an hour at 200 a minute. */
const API_SECONDS = (API_REQUESTS * 60) / API_REQUESTS_PER_MINUTE;

export interface SourceChoice {
  /** In the order in which they are asked for an hour. */
  readonly order: readonly BackfillSource[];
  /** One sentence for people. */
  readonly why: string;
}

/** @param wikis how many are wanted; undefined: all */
export function chooseSources(wikis: number | undefined): SourceChoice {
  const ofStream = `${STREAM_SECONDS} s and ${STREAM_MEGABYTES} MB`;
  if (wikis === undefined) {
    const why = `all wikis are wanted, which the stream has in one pass (about ${ofStream} for an hour of edits): the stream where it reaches, then the Action API, then the dumps`;
    return { order: BACKFILL_SOURCES, why };
  }
  const apiSeconds = wikis * API_SECONDS;
  const isApiCheaper = apiSeconds < STREAM_SECONDS;
  const wanted = wikis === 1 ? 'one wiki is wanted' : `${wikis} wikis are wanted`;
  const costs = `for an hour of edits the Action API takes at most about ${apiSeconds} s, the stream of all wikis about ${ofStream}`;
  return isApiCheaper
    ? {
        order: ['api', 'stream', 'dump'],
        why: `${wanted}: ${costs}; so the API where it reaches, then the stream, then the dumps`,
      }
    : {
        order: BACKFILL_SOURCES,
        why: `${wanted}: ${costs}; so the stream where it reaches, then the API, then the dumps`,
      };
}
