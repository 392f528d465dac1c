/** What `doctor` and the commands find wrong with the settings, and what to do about it. */
import type { KnownProblems, Words } from '../contracts/known-problems.ts';

export const settingProblems = {
  wrongSetting: {
    shows: 'A setting is wrong: ‹variable›: expected ‹what›, got ‹what›. Example: ‹variable›=‹value›',
    cause: 'Settings are read at start from the environment and from `.env` in the working folder.',
    remedy: 'Correct each variable that is listed; [Configuration](configuration.md) has them all.',
  },
  noDsn: {
    shows: 'PG_DSN: not set, and GOLD=postgres needs it',
    cause: 'Counts are to be stored in Postgres, and nothing says where it is.',
    remedy: 'Set PG_DSN, or GOLD=s3, which needs no database.',
  },
  policiesWithoutDatabase: {
    shows: '--timescale is about gold in Postgres, and GOLD=s3 uses no database',
    remedy: 'Set GOLD=postgres and PG_DSN; for gold in S3, npm run lifecycle sets when objects get cheaper.',
  },
  wrongFlag: {
    shows: ({ flag, expected, got }: Words<'flag' | 'expected' | 'got'>) =>
      `${flag}: expected ${expected}, got ${got}`,
    remedy: ({ example }: Words<'example'>) => `Example: ${example}`,
  },
  noRun: {
    shows: ({ id, namespace }: Words<'id' | 'namespace'>) =>
      `there is no workflow ${id} in namespace ${namespace}`,
    cause: 'The id is wrong, or the run ended so long ago that Temporal has deleted it.',
    remedy: ({ type }: Words<'type'>) =>
      `List them with: temporal workflow list --query "WorkflowType='${type}'"`,
  },
  otherRun: {
    shows: ({ id, found, type }: Words<'id' | 'found' | 'type'>) =>
      `${id} is a run of ${found}, not of ${type}`,
    remedy: ({ type }: Words<'type'>) =>
      `List them with: temporal workflow list --query "WorkflowType='${type}'"`,
  },
} satisfies KnownProblems;
