/** `wikigauge simulate`: the simulated Wikimedia alone. */
import { parseSimulateOptions } from '../../local/wikimedia/options.ts';
import { startWikimedia } from '../../local/wikimedia/server.ts';
import { readConfig, stopSignal } from './environment.ts';

export async function simulateCommand(flags: Record<string, string>): Promise<void> {
  const config = readConfig();
  const signal = stopSignal();
  const wikimedia = await startWikimedia(
    parseSimulateOptions({ port: String(config.SIMULATE_PORT), ...flags }),
  );
  console.log(`SIMULATED stream ${wikimedia.url}/v2/stream/recentchange`);
  if (!signal.aborted)
    await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }));
  await wikimedia.close();
}
