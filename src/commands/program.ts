/**
 * The commands of production. A command is one file in this folder that reads flags, calls an engine and prints; logic
 * lives in the engines. Expected errors are printed without a stack.
 */
import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net';
import { Command } from 'commander';
import { ConfigurationError } from '../config/kinds.ts';
import { PipelineError, messageOf, unsaidHint } from '../contracts/errors.ts';
import type { Check } from './doctor.ts';
import { ensureHome, packageVersion } from './environment.ts';

/** A program without subcommands. */
export function createProgram(): Command {
  return new Command('wikigauge')
    .description(
      'Wikipedia edits per minute: EventStreams → S3 → gold (Postgres or Parquet on S3) → dashboard, orchestrated by Temporal.',
    )
    .version(packageVersion())
    .showHelpAfterError('(see wikigauge --help)');
}

/** Adds the commands of the installed package. `extraChecks` are further checks for `doctor`. */
export function addProductionCommands(
  program: Command,
  extraChecks: () => Promise<readonly Check[]> = async () => [],
): void {
  program
    .command('worker')
    .description('run one worker process')
    .action(async () => (await import('./worker.ts')).workerCommand());
  program
    .command('api')
    .description('run one process with the API and the dashboard')
    .action(async () => (await import('./api.ts')).apiCommand());
  program
    .command('ingest')
    .description('start the ingest workflow unless it is running')
    .option('--since <ISO>', 'where to start reading a stream that was never read before')
    .option('--wiki <wikis>', 'wikis to keep, separated by commas (default: FILTER_WIKI)')
    .action(async flags => (await import('./ingest.ts')).ingestCommand(flags));
  program
    .command('transform')
    .description('rebuild gold from bronze for a range of hours')
    .option('--hours <N>', 'how many hours to go back (default: HOURS)')
    .option('--from <ISO>', 'start of the range')
    .option('--to <ISO>', 'end of the range (default: now)')
    .action(async flags => (await import('./transform.ts')).transformCommand(flags));
  program
    .command('backfill')
    .description('fill in edits that ingest missed, from the stream, the Action API or the history dumps')
    .option('--wiki <wikis>', 'wikis to fill, separated by commas (default: all wikis that ingest keeps)')
    .option('--hours <N>', 'how many hours to go back (default: HOURS)')
    .option('--from <ISO>', 'start of the range')
    .option('--to <ISO>', 'end of the range (default: now)')
    .option(
      '--source <source>',
      'auto (the cheapest source for each hour), stream, api or dump (default: auto)',
    )
    .option('--concurrency <N>', 'how many wikis to fetch at once (default: 3)')
    .option('--dry-run', 'print an estimate and start nothing')
    .option('--attach <ID>', 'reattach to a running backfill')
    .action(async flags => (await import('./backfill.ts')).backfillCommand(flags));
  const deadLetters = program
    .command('dead-letters')
    .description('unusable events, stored byte for byte with the reason');
  deadLetters
    .command('list', { isDefault: true })
    .description('count them by reason and show the newest')
    .option('--hours <N>', 'how many hours to go back (default: 24)')
    .option('--from <ISO>', 'start of the range, by time received')
    .option('--to <ISO>', 'end of the range (default: now)')
    .option('--reason <reasons>', 'only these reasons, separated by commas (default: all)')
    .option('--limit <N>', 'how many of the newest to show (default: 50; with --json: all)')
    .option('--json', 'the dead letters as stored, with their object key, one JSON object per line')
    .action(async flags => (await import('./dead-letters-list.ts')).listCommand(flags));
  deadLetters
    .command('replay')
    .description('check them again, and write those that are usable now to bronze and gold, once')
    .option('--hours <N>', 'how many hours to go back (default: 24)')
    .option('--from <ISO>', 'start of the range, by time received')
    .option('--to <ISO>', 'end of the range (default: now)')
    .option('--reason <reasons>', 'only these reasons, separated by commas (default: all)')
    .option('--dry-run', 'show what would change and write nothing')
    .action(async flags => (await import('./dead-letters-replay.ts')).replayCommand(flags));
  program
    .command('verify')
    .description('cross-check bronze, log and gold; read-only, safe while the pipeline runs')
    .option('--hours <N>', 'how many hours to go back (default: 24)')
    .option('--from <ISO>', 'start of the range')
    .option('--to <ISO>', 'end of the range (default: now)')
    .option('--json', 'print one JSON object instead of text')
    // Exit code 1 means that the data differs.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .action(async flags => (await import('./verify.ts')).verifyCommand(flags));
  program
    .command('lifecycle')
    .description(
      'set when objects in the bucket expire or move to cheaper storage; other rules of the bucket are kept',
    )
    .option('--bronze-days <N>', 'delete bronze, its log and dead letters after N days (default: 7)')
    .option('--gold-days <N>', 'move gold to Intelligent-Tiering after N days (default: 30)')
    .option('--dry-run', 'show what would change and write nothing')
    .action(async flags => (await import('./lifecycle.ts')).lifecycleCommand(flags));
  program
    .command('migrate')
    .description('migrate the database to the current schema; workers also do this when they start')
    .option(
      '--timescale <policies>',
      'let TimescaleDB compress and drop old rows: compress=7d,retain=2y, or off (default: as it is)',
    )
    .action(async flags => (await import('./migrate.ts')).migrateCommand(flags));
  program
    .command('doctor')
    .description('check every dependency and setting, and say how to fix what is wrong')
    .action(async () => (await import('./doctor.ts')).doctorCommand(await extraChecks()));
}

/**
 * How long an address of a host may take to answer before the next one is tried too. Node gives it a quarter of a second
 * and then gives it up, which fails over satellites, busy proxies and where IPv6 is dead.
 */
const ADDRESS_MS = 2_500;

/** Runs the requested command; sets the exit code when it fails. */
export async function runProgram(program: Command): Promise<void> {
  setDefaultAutoSelectFamilyAttemptTimeout(ADDRESS_MS);
  ensureHome();
  try {
    await program.parseAsync();
  } catch (error) {
    console.error(errorText(error));
    // `verify` has set its own code: there, 1 means that the data differs.
    process.exitCode ??= 1;
  }
}

/** What went wrong and how to fix it; the stack only when the error is a bug in wikigauge. */
function errorText(error: unknown): string {
  if (error instanceof ConfigurationError) return error.message;
  if (error instanceof PipelineError) {
    const hint = unsaidHint(error);
    return hint === '' ? error.message : `${error.message}\n  ${hint}`;
  }
  return error instanceof Error ? (error.stack ?? messageOf(error)) : messageOf(error);
}
