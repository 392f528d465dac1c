/** One logger for all processes: pino, as JSON lines; readable on a terminal. */
import type { LogMetadata, Logger as TemporalLogger } from '@temporalio/common';
import { pino } from 'pino';
import type { Logger } from 'pino';

/** A logger that names its process. Writes to standard error, so that standard output stays for people and pipes. */
export function createLogger(name: string, level: string): Logger {
  const destination = 2;
  if (!process.stderr.isTTY)
    return pino({ name, level }, pino.destination({ dest: destination, sync: true }));
  const options = { destination, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' };
  return pino({ name, level, transport: { target: 'pino-pretty', options } });
}

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Fields that the SDK adds to every line, of use to nobody who knows the workflow's id. */
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

/** The same logger as the Temporal SDK wants it. */
export function temporalLogger(logger: Logger): TemporalLogger {
  const log: TemporalLogger['log'] = (level, message, meta) => {
    // What the SDK says of its own life (states, queues without workflows) is of use only when it is looked for.
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
