/** The command line: production's sub-commands, one file each in this folder. Expected errors are printed without a stack. */
import { Command } from 'commander';
import { ConfigurationError } from '../config/kinds.ts';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import type { Check } from './doctor.ts';
import { packageVersion } from './environment.ts';

/** A program without sub-commands. */
export function createProgram(): Command {
  return new Command('wikigauge')
    .description(
      'Wikipedia edits per minute: EventStreams → S3 → gold (Postgres, or Parquet on S3) → dashboard, orchestrated by Temporal.',
    )
    .version(packageVersion())
    .showHelpAfterError('(see: wikigauge --help)');
}

/** Adds the commands that an installed package has. `extraChecks` are what `doctor` looks at besides. */
export function addProductionCommands(
  program: Command,
  extraChecks: () => Promise<readonly Check[]> = async () => [],
): void {
  program
    .command('worker')
    .description('one worker process')
    .action(async () => (await import('./worker.ts')).workerCommand());
  program
    .command('api')
    .description('one API and dashboard process')
    .action(async () => (await import('./api.ts')).apiCommand());
  program
    .command('ingest')
    .description('starts the ingest workflow unless it runs')
    .option('--since <ISO>', 'where a stream that was never read begins')
    .option('--wiki <wikis>', 'wikis to keep, separated by commas')
    .action(async flags => (await import('./ingest.ts')).ingestCommand(flags));
  program
    .command('transform')
    .description('rebuilds gold of a range of hours from bronze')
    .option('--hours <N>', 'hours to reach back (default: HOURS)')
    .option('--from <ISO>', 'where the range begins')
    .option('--to <ISO>', 'where it ends (default: now)')
    .action(async flags => (await import('./transform.ts')).transformCommand(flags));
  program
    .command('backfill')
    .description('brings what ingest missed: from the stream again, the Action API, the history dumps')
    .option('--wiki <wikis>', 'wikis to bring, separated by commas (default: all that are kept)')
    .option('--hours <N>', 'hours to reach back (default: HOURS)')
    .option('--from <ISO>', 'where the range begins')
    .option('--to <ISO>', 'where it ends (default: now)')
    .option('--source <source>', 'auto (the best for each part), stream, api or dump')
    .option('--concurrency <N>', 'wikis that are asked for at once (default: 3)')
    .option('--dry-run', 'says what it would take, and starts nothing')
    .option('--attach <ID>', 'comes back to a backfill that was started')
    .action(async flags => (await import('./backfill.ts')).backfillCommand(flags));
  const deadLetters = program
    .command('dead-letters')
    .description('what could not be used: kept byte for byte with its reason');
  deadLetters
    .command('list', { isDefault: true })
    .description('counts them by reason and shows the newest')
    .option('--hours <N>', 'hours to reach back (default: 24)')
    .option('--from <ISO>', 'where the range begins, by when they were received')
    .option('--to <ISO>', 'where it ends (default: now)')
    .option('--reason <reasons>', 'reasons to look for, separated by commas (default: all)')
    .option('--limit <N>', 'letters to show, the newest (default: 50; with --json all)')
    .option('--json', 'the letters as they are stored, with their key, one JSON object a line')
    .action(async flags => (await import('./dead-letters-list.ts')).listCommand(flags));
  deadLetters
    .command('replay')
    .description('judges them again, and brings what can be used by now into bronze and gold, once')
    .option('--hours <N>', 'hours to reach back (default: 24)')
    .option('--from <ISO>', 'where the range begins, by when they were received')
    .option('--to <ISO>', 'where it ends (default: now)')
    .option('--reason <reasons>', 'reasons to look for, separated by commas (default: all)')
    .option('--dry-run', 'says what would change, and writes nothing')
    .action(async flags => (await import('./dead-letters-replay.ts')).replayCommand(flags));
  program
    .command('verify')
    .description('holds bronze, log and gold against each other; reads only, beside a running pipeline')
    .option('--hours <N>', 'hours to reach back (default: 24)')
    .option('--from <ISO>', 'where the range begins')
    .option('--to <ISO>', 'where it ends (default: now)')
    .option('--json', 'one JSON object instead of text')
    // 1 would say that the data is wrong.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .action(async flags => (await import('./verify.ts')).verifyCommand(flags));
  program
    .command('lifecycle')
    .description(
      'sets what expires on the bucket and what moves to cheaper storage; rules of others are kept',
    )
    .option('--bronze-days <N>', 'days after which bronze, its log and dead letters are deleted (default: 7)')
    .option('--gold-days <N>', 'days after which gold moves to Intelligent-Tiering (default: 30)')
    .option('--dry-run', 'shows what would change, and writes nothing')
    .action(async flags => (await import('./lifecycle.ts')).lifecycleCommand(flags));
  program
    .command('migrate')
    .description('brings the database up to date; workers do so by themselves')
    .action(async () => (await import('./migrate.ts')).migrateCommand());
  program
    .command('doctor')
    .description('checks every dependency and setting, and says how to mend what is wrong')
    .action(async () => (await import('./doctor.ts')).doctorCommand(await extraChecks()));
}

/** Runs the command that was asked for; sets the exit code when it fails. */
export async function runProgram(program: Command): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    console.error(explained(error));
    // Commands for which 1 has another meaning have set their own code.
    process.exitCode ??= 1;
  }
}

/** What went wrong and how to fix it; with the stack only when the error is a bug of ours. */
function explained(error: unknown): string {
  if (error instanceof ConfigurationError) return error.message;
  if (error instanceof PipelineError) {
    const hint = error.hint === '' || error.message.includes(error.hint) ? '' : `\n  ${error.hint}`;
    return `${error.message}${hint}`;
  }
  return error instanceof Error ? (error.stack ?? messageOf(error)) : messageOf(error);
}
