/**
 * One logger for all processes: pino, as JSON lines, or readable on a terminal.
 *
 * This folder, telemetry, is how processes report on themselves: logs, metrics and traces. It knows nothing of the
 * pipeline and imports nothing from it.
 */
import { pino } from 'pino';
import type { Logger } from 'pino';

/** A logger that names its process. It writes to standard error and leaves standard output to results. */
export function createLogger(name: string, level: string): Logger {
  const destination = 2;
  if (!process.stderr.isTTY)
    return pino({ name, level }, pino.destination({ dest: destination, sync: true }));
  const options = { destination, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' };
  return pino({ name, level, transport: { target: 'pino-pretty', options } });
}
