/** `wikigauge stack`: runs only the local servers, in the foreground. */
import { runStack } from '../stack/stack-main.ts';
import type { StackSettings } from '../stack/stack.ts';
import type { Config } from '../../src/config/declarations.ts';
import { readVariables } from '../../src/commands/environment.ts';

export async function stackCommand(): Promise<void> {
  process.exitCode = await runStack(stackSettings(readVariables()), {
    print: line => console.log(line),
    log: line => console.error(line),
    isTerminal: process.stdout.isTTY,
  });
}

/** The settings of the local stack. A server whose address is already configured is not started. */
export function stackSettings(
  config: Config,
  home = config.WIKIGAUGE_HOME,
): Omit<StackSettings, 'log' | 'signal'> {
  return {
    home,
    ports: {
      temporal: config.STACK_TEMPORAL_PORT,
      temporalUi: config.STACK_TEMPORAL_UI_PORT,
      postgres: config.STACK_POSTGRES_PORT,
      s3: config.STACK_S3_PORT,
    },
    given: {
      temporalAddress: config.TEMPORAL_ADDRESS,
      temporalNamespace: config.TEMPORAL_NAMESPACE,
      pgDsn: config.PG_DSN,
      s3Endpoint: config.AWS_ENDPOINT_URL,
    },
    bucket: config.BUCKET,
    region: config.AWS_REGION,
    postgres: config.GOLD.includes('postgres'),
  };
}
