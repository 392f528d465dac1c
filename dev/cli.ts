/** The command line of a clone: production's commands, and those that need local servers or the simulated Wikimedia. */
import { addProductionCommands, createProgram, runProgram } from '../src/commands/program.ts';
import { SIMULATE_OPTIONS } from './simulator/options.ts';

const program = createProgram();
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
addProductionCommands(program, async () => (await import('./commands/doctor-checks.ts')).cloneChecks());
program
  .command('costs')
  .description(
    'measures requests, bytes and storage of a day on servers of its own, and what AWS would charge',
  )
  .option('--hours <N>', 'whole hours of the simulated stream that are measured (default: 3)')
  .option('--speed <N>', 'how many times as fast as live they come (default: 30)')
  .option('--write', 'also writes docs/costs.md')
  .action(async flags => (await import('./commands/costs.ts')).costsCommand(flags));
const simulate = program.command('simulate').description('the simulated Wikimedia alone');
for (const { flag, value, meaning, defaultValue } of SIMULATE_OPTIONS) {
  simulate.option(
    `--${flag} <${value}>`,
    defaultValue === undefined ? meaning : `${meaning} (default: ${defaultValue})`,
  );
}
simulate.action(async flags => (await import('./commands/simulate.ts')).simulateCommand(flags));

await runProgram(program);
