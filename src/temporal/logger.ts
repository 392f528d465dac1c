/** Our logger in the form that the Temporal SDK expects. */
import type { LogMetadata, Logger as TemporalLogger } from '@temporalio/common';
import type { Logger } from 'pino';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Fields that the SDK adds to every line; the workflow's id says enough. */
const NOISE = new Set([
  'sdkComponent',
  'taskToken',
  'taskQueue',
  'namespace',
  'isLocal',
  'activityId',
  'workflowType',
]);

function withoutNoise(meta: LogMetadata | undefined): object {
  return Object.fromEntries(Object.entries(meta ?? {}).filter(([name]) => !NOISE.has(name)));
}

/** A logger for the SDK that writes to ours. */
export function temporalLogger(logger: Logger): TemporalLogger {
  const log: TemporalLogger['log'] = (level, message, meta) => {
    // The SDK's reports about itself (state changes, queues without workflows) only matter when debugging.
    const isChatter = meta?.['sdkComponent'] === 'worker' && level !== 'ERROR';
    logger[isChatter ? 'debug' : LEVELS[level]](withoutNoise(meta), message);
  };
  return {
    log,
    trace: (message, meta) => log('TRACE', message, meta),
    debug: (message, meta) => log('DEBUG', message, meta),
    info: (message, meta) => log('INFO', message, meta),
    warn: (message, meta) => log('WARN', message, meta),
    error: (message, meta) => log('ERROR', message, meta),
  };
}
