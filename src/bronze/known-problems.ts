/** What can be wrong with objects of bronze, and what to do about it. */
import type { KnownProblems, Words } from '../contracts/known-problems.ts';

export const bronzeProblems = {
  fenced: {
    shows: ({ sequence, attempt, workflow, run }: Words<'sequence' | 'attempt' | 'workflow' | 'run'>) =>
      `fenced at record ${sequence} by attempt ${attempt} of workflow ${workflow}, run ${run}`,
    cause: 'Another ingest has begun to write to this bucket, and the later one wins.',
    remedy: 'Run one ingest workflow per bucket.',
  },
  logShortened: {
    shows: ({ tail, acknowledged }: Words<'tail' | 'acknowledged'>) =>
      `the commit log ends at record ${tail}, but record ${acknowledged} was acknowledged`,
    cause: 'Records were deleted, or BUCKET names another bucket than before.',
    remedy:
      'Check whether BUCKET was changed. If not, restore the records, or terminate the ingest workflow and start it again: it then resumes from the end of the log.',
  },
  invisibleRecord: {
    shows: ({ key }: Words<'key'>) => `the store says that ${key} exists, and cannot find it`,
    cause: 'The endpoint is not consistent, or somebody removes records.',
    remedy:
      'The record is written again. If this stays, the store does not show what it has written: use another one.',
  },
  notARecord: {
    shows: ({ key, origin, about, start }: Words<'key' | 'origin' | 'about' | 'start'>) =>
      `${key} is not a record of the commit log: ${origin}${about}; it begins ${start}`,
    cause: 'The object is damaged, or another program has written it.',
    remedy: ({ earlier }: Words<'earlier'>) =>
      'Nothing is lost: all earlier records stay, and Wikimedia keeps the events since then for days. If the object is a damaged record, ' +
      'restore it from a backup or an earlier version. If somebody else wrote it, move it out of this prefix, where only wikigauge may write: ' +
      `reading then resumes after record ${earlier}.`,
  },
  missingPart: {
    shows: ({ key }: Words<'key'>) => `${key} is not in the bucket`,
    cause: 'A part that the log or a command names is gone.',
    remedy: 'It was deleted by hand or by a lifecycle rule. A backfill can fetch its hour again.',
  },
  damagedPart: {
    shows: ({ key, why }: Words<'key' | 'why'>) => `${key} ${why}`,
    cause: 'The part is no gzip of lines, or unpacks to far more than a part can hold.',
    remedy: 'The object is damaged. A backfill can fetch its hour again.',
  },
  damagedLetters: {
    shows: ({ key, what }: Words<'key' | 'what'>) =>
      `${key} contains something other than dead letters: ${what}`,
    cause: 'The object is damaged, or another program has written it.',
    remedy: 'Restore the object, or use --from and --to to leave its day out.',
  },
} satisfies KnownProblems;
