/** What can be wrong with objects of gold, and what to do about it. */
import type { KnownProblems, Words } from '../../contracts/known-problems.ts';

export const goldObjectProblems = {
  damagedHour: {
    shows: ({ key }: Words<'key'>) => `${key} is not a readable Parquet file of gold`,
    cause: 'The object is damaged, or the endpoint does not deliver what it stores.',
    // Removing such an object loses what it said of parts that have expired, also where only the reading is at fault.
    remedy:
      'Read it with another tool first: if it is intact, the endpoint does not deliver what it stores. If it is damaged, restore an earlier version; without one, ' +
      'move it out of gold/ (keep it) and run npm run transform, which counts its hour again as far as bronze still has the parts.',
  },
  damagedNote: {
    shows: ({ key, what }: Words<'key' | 'what'>) => `${key} is not ${what}`,
    cause: 'An object of gold/sources, gold/gaps or gold/coverage is damaged.',
    remedy:
      'Restore an earlier version of it. Without one, move it out of gold/ and keep it: the log and the backfills say the same again only as far as they have not expired.',
  },
  contended: {
    shows: ({ key, tries }: Words<'key' | 'tries'>) =>
      `Other writers replaced ${key} during each of ${tries} tries to change it`,
    cause: 'Many workers write the same hour at once, or the endpoint changes tags without a change.',
    remedy: 'It is tried again. If this stays, check that no other program writes below gold/.',
  },
  changingDay: {
    shows: ({ day, tries }: Words<'day' | 'tries'>) =>
      `The hours of ${day} changed during each of ${tries} tries to compact them`,
    cause: 'A backfill is writing hours of that day.',
    remedy: 'It is tried again; the schedule compacts the day once its hours stay as they are.',
  },
} satisfies KnownProblems;
