/** `wikigauge worker`: one worker process, configured by environment variables. */
import { createLogger } from '../telemetry/log.ts';
import { runWorker } from '../worker.ts';
import { packageVersion, readConfigWithGold, stopSignal } from './environment.ts';

export async function workerCommand(): Promise<void> {
  const config = readConfigWithGold();
  const logger = createLogger('worker', config.LOG_LEVEL);
  const signal = stopSignal();
  const print = (line: string): void => console.log(line);
  await runWorker({ config, env: process.env, logger, signal, print, version: packageVersion() });
  console.log('worker stopped');
}
