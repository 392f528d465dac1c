/** The command line of production. A clone has more commands: see dev/cli.ts. */
import { addProductionCommands, createProgram, runProgram } from './commands/program.ts';

const OF_A_CLONE = ['demo', 'start', 'stack', 'simulate', 'test', 'bench', 'costs'];

const program = createProgram();
addProductionCommands(program);
for (const name of OF_A_CLONE) {
  program
    .command(name, { hidden: true })
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      console.error(
        `\`wikigauge ${name}\` needs a clone of the repository: it uses local servers and test tools that the package does not contain. Clone the repository, then run: npm run ${name}`,
      );
      process.exitCode = 1;
    });
}
await runProgram(program);
