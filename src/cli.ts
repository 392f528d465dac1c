/** The command line: one sub-command a file in `commands/`. Errors of ours are printed without their stack. */
import { Command } from 'commander';
import { OptionsError, SIMULATE_OPTIONS } from '../local/wikimedia/options.ts';
import { packageVersion } from './commands/environment.ts';
import { PipelineError, messageOf } from './core/pipeline-error.ts';
import { ConfigurationError } from './settings.ts';

// Newer versions of the AWS SDK end their support of Node 20, and say so at each start; the lock file keeps one that has it.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const program = new Command('wikigauge')
  .description(
    'Wikipedia edits per minute: EventStreams → S3 → gold (Postgres, or Parquet on S3) → dashboard, orchestrated by Temporal.',
  )
  .version(packageVersion())
  .showHelpAfterError('(see: wikigauge --help)');

program
  .command('demo')
  .description('the whole pipeline on this machine, offline, on a SIMULATED stream')
  .option('--rate <N>', 'mean events per second')
  .option('--seed <N>', 'which simulated universe')
  .option('--faults <SPEC>', 'what goes wrong with the stream; see: wikigauge simulate --help')
  .option('--gold <places>', 'postgres, s3 (no database), or both (default: GOLD)')
  .action(async flags => (await import('./commands/demo.ts')).demoCommand(flags));
program
  .command('start')
  .description('the whole pipeline on this machine, on the live stream of Wikimedia')
  .option('--gold <places>', 'postgres, s3 (no database), or both (default: GOLD)')
  .action(async flags => (await import('./commands/demo.ts')).startCommand(flags));
program
  .command('stack')
  .description('the local servers alone: Temporal with its Web UI, S3, and Postgres unless GOLD=s3')
  .action(async () => (await import('./commands/stack.ts')).stackCommand());
program
  .command('worker')
  .description('one worker process')
  .action(async () => (await import('./commands/worker.ts')).workerCommand());
program
  .command('api')
  .description('one API and dashboard process')
  .action(async () => (await import('./commands/api.ts')).apiCommand());
program
  .command('ingest')
  .description('starts the ingest workflow unless it runs')
  .option('--since <ISO>', 'where a stream that was never read begins')
  .option('--wiki <wikis>', 'wikis to keep, separated by commas')
  .action(async flags => (await import('./commands/ingest.ts')).ingestCommand(flags));
program
  .command('transform')
  .description('rebuilds gold of a range of hours from bronze')
  .option('--hours <N>', 'hours to reach back (default: HOURS)')
  .option('--from <ISO>', 'where the range begins')
  .option('--to <ISO>', 'where it ends (default: now)')
  .action(async flags => (await import('./commands/transform.ts')).transformCommand(flags));
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
  .action(async flags => (await import('./commands/backfill.ts')).backfillCommand(flags));
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
  .action(async flags => (await import('./commands/dead-letters-list.ts')).listCommand(flags));
deadLetters
  .command('replay')
  .description('judges them again, and brings what can be used by now into bronze and gold, once')
  .option('--hours <N>', 'hours to reach back (default: 24)')
  .option('--from <ISO>', 'where the range begins, by when they were received')
  .option('--to <ISO>', 'where it ends (default: now)')
  .option('--reason <reasons>', 'reasons to look for, separated by commas (default: all)')
  .option('--dry-run', 'says what would change, and writes nothing')
  .action(async flags => (await import('./commands/dead-letters-replay.ts')).replayCommand(flags));
program
  .command('verify')
  .description('holds bronze, log and gold against each other; reads only, beside a running pipeline')
  .option('--hours <N>', 'hours to reach back (default: 24)')
  .option('--from <ISO>', 'where the range begins')
  .option('--to <ISO>', 'where it ends (default: now)')
  .option('--json', 'one JSON object instead of text')
  // 1 would say that the data is wrong.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .action(async flags => (await import('./commands/verify.ts')).verifyCommand(flags));
program
  .command('lifecycle')
  .description('sets what expires on the bucket and what moves to cheaper storage; rules of others are kept')
  .option('--bronze-days <N>', 'days after which bronze, its log and dead letters are deleted (default: 7)')
  .option('--gold-days <N>', 'days after which gold moves to Intelligent-Tiering (default: 30)')
  .option('--dry-run', 'shows what would change, and writes nothing')
  .action(async flags => (await import('./commands/lifecycle.ts')).lifecycleCommand(flags));
program
  .command('costs')
  .description(
    'measures requests, bytes and storage of a day on servers of its own, and what AWS would charge',
  )
  .option('--hours <N>', 'whole hours of the simulated stream that are measured (default: 3)')
  .option('--speed <N>', 'how many times as fast as live they come (default: 30)')
  .option('--write', 'also writes docs/costs.md')
  .action(async flags => (await import('./commands/costs.ts')).costsCommand(flags));
program
  .command('migrate')
  .description('brings the database up to date; workers do so by themselves')
  .action(async () => (await import('./commands/migrate.ts')).migrateCommand());
program
  .command('doctor')
  .description('checks every dependency and setting, and says how to mend what is wrong')
  .action(async () => (await import('./commands/doctor.ts')).doctorCommand());

const simulate = program.command('simulate').description('the simulated Wikimedia alone');
for (const { flag, value, meaning, usual } of SIMULATE_OPTIONS) {
  simulate.option(`--${flag} <${value}>`, usual === undefined ? meaning : `${meaning} (default: ${usual})`);
}
simulate.action(async flags => (await import('./commands/simulate.ts')).simulateCommand(flags));

try {
  await program.parseAsync();
} catch (error) {
  console.error(explained(error));
  // A command for which 1 means something else has said so.
  process.exitCode ??= 1;
}

/** What went wrong and how to mend it; the stack only where the fault is ours. */
function explained(error: unknown): string {
  if (error instanceof ConfigurationError || error instanceof OptionsError) return error.message;
  if (error instanceof PipelineError) {
    const hint = error.hint === '' || error.message.includes(error.hint) ? '' : `\n  ${error.hint}`;
    return `${error.message}${hint}`;
  }
  return error instanceof Error ? (error.stack ?? messageOf(error)) : messageOf(error);
}
