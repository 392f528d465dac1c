/** `wikigauge simulate`: runs only the simulated Wikimedia. */
import { OptionsError, parseSimulateOptions } from '../simulator/options.ts';
import { startWikimedia } from '../simulator/server.ts';
import { readVariables, stopSignal } from '../../src/commands/environment.ts';

export async function simulateCommand(flags: Record<string, string>): Promise<void> {
  const config = readVariables();
  const signal = stopSignal();
  const options = optionsOf({ port: String(config.SIMULATE_PORT), ...flags });
  if (options === undefined) return;
  const wikimedia = await startWikimedia(options);
  console.log(`SIMULATED stream ${wikimedia.url}/v2/stream/recentchange`);
  if (!signal.aborted)
    await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }));
  await wikimedia.close();
}

/** Undefined when the flags are wrong: prints why and sets the exit code. */
function optionsOf(flags: Record<string, string>): ReturnType<typeof parseSimulateOptions> | undefined {
  try {
    return parseSimulateOptions(flags);
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
    return undefined;
  }
}
