/**
 * The commands of a clone: production's, plus those that need local servers or the simulated Wikimedia. Each is one file
 * in this folder.
 */
import type { Command } from 'commander';
import { addProductionCommands, createProgram } from '../../src/commands/program.ts';
import { SIMULATE_OPTIONS } from '../simulator/options.ts';

export function createCloneProgram(): Command {
  const program = createProgram();
  program
    .command('demo')
    .description('run the whole pipeline on this machine, offline, on a SIMULATED stream')
    .option('--rate <N>', 'mean events per second')
    .option('--seed <N>', 'which simulated data to generate')
    .option('--faults <SPEC>', 'faults to inject into the stream; see wikigauge simulate --help')
    .option('--gold <places>', 'postgres, s3 (no database), or both (default: GOLD)')
    .action(async flags => (await import('./demo.ts')).demoCommand(flags));
  program
    .command('start')
    .description('run the whole pipeline on this machine, on the live Wikimedia stream')
    .option('--gold <places>', 'postgres, s3 (no database), or both (default: GOLD)')
    .action(async flags => (await import('./demo.ts')).startCommand(flags));
  program
    .command('stack')
    .description('run only the local servers: Temporal with its Web UI, S3, and Postgres unless GOLD=s3')
    .action(async () => (await import('./stack.ts')).stackCommand());
  addProductionCommands(program, async () => (await import('./doctor-checks.ts')).cloneChecks());
  program
    .command('costs')
    .description(
      'measure requests, bytes and storage of one day on its own local servers, and estimate the AWS bill',
    )
    .option('--hours <N>', 'hours of the simulated stream to measure (default: 3)')
    .option('--speed <N>', 'how many times faster than live to replay them (default: 30)')
    .option('--write', 'also write docs/costs.md')
    .action(async flags => (await import('./costs.ts')).costsCommand(flags));
  program
    .command('bench')
    .description('measure how fast the pipeline is, on its own local servers')
    .argument('[names...]', 'benchmarks, or what their names begin with, such as live (default: all)')
    .option('--only <name>', 'only this one')
    .option('--quick', 'a shorter measurement')
    .option('--json <file>', 'also write the results as JSON')
    .action(async (names, flags) => (await import('./bench.ts')).benchCommand(names, flags));
  program
    .command('insight')
    .description('plant stories in simulated wikis, and print which of them the detector of anomalies finds')
    .option('--seed <N>', 'which universe (default: 2; parameters were chosen on 1)')
    .option('--weeks <N>', 'how many weeks (default: 13)')
    .option('--wikis <N>', 'how many wikis, 10 to 300 (default: 300)')
    .option('--write', 'also write the figures of docs/anomalies.md')
    .action(async flags => (await import('./insight.ts')).insightCommand(flags));
  const simulate = program.command('simulate').description('run only the simulated Wikimedia');
  for (const { flag, value, meaning, defaultValue } of SIMULATE_OPTIONS) {
    const fallback = defaultValue === undefined ? '' : ` (default: ${defaultValue})`;
    simulate.option(`--${flag} <${value}>`, `${meaning}${fallback}`);
  }
  simulate.action(async flags => (await import('./simulate.ts')).simulateCommand(flags));
  return program;
}
