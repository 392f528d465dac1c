/** The command line of the installed package. A clone has more commands: see dev/cli.ts. */
import { addProductionCommands, createProgram, runProgram } from './commands/program.ts';

const CLONE_COMMANDS = ['demo', 'start', 'stack', 'simulate', 'test', 'bench', 'costs', 'insight'];

const program = createProgram();
addProductionCommands(program);
for (const name of CLONE_COMMANDS) {
  program
    .command(name, { hidden: true })
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      console.error(
        `\`wikigauge ${name}\` needs a clone of the repository, because the package does not include the local servers and test tools. Clone the repository, then run: npm run ${name}`,
      );
      process.exitCode = 1;
    });
}
await runProgram(program);
