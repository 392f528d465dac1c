/** The command line of a clone. Production has its own: src/cli.ts. */
import { runProgram } from '../src/commands/program.ts';
import { createCloneProgram } from './commands/program.ts';

await runProgram(createCloneProgram());
