/** What every command begins with: `.env`, the settings, a logger, and a signal that says when to stop. */
import { existsSync, readFileSync } from 'node:fs';
import { onStopSignals } from '../../local/stop-signals.ts';
import { declarations, loadConfig } from '../config.ts';
import type { Config } from '../config.ts';
import { ConfigurationError } from '../settings.ts';

/** Reads `.env` of the working folder (what the environment has already wins), then all settings. */
export function readConfig(): Config {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return loadConfig(process.env);
}

/** The settings of a process that needs gold. @throws ConfigurationError when PG_DSN is missing. */
export function readConfigWithGold(): Config & { readonly PG_DSN: string } {
  const config = readConfig();
  const { PG_DSN } = config;
  if (PG_DSN !== undefined) return { ...config, PG_DSN };
  const example = `PG_DSN=${declarations.PG_DSN.example}`;
  throw new ConfigurationError([
    `PG_DSN: not set, and GOLD=postgres needs it. Example: ${example}. \`npm run demo\` brings a Postgres of its own.`,
  ]);
}

/** Aborts on the first Ctrl-C, SIGTERM or SIGHUP; another one ends the process at once. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  onStopSignals({ stop: why => stop.abort(why), hurry: () => process.exit(1) });
  return stop.signal;
}

/** Version of this package. */
export function packageVersion(): string {
  // The same distance from src/commands and from dist/src/commands but for one level.
  const candidates = ['../../package.json', '../../../package.json'].map(
    path => new URL(path, import.meta.url),
  );
  const file = candidates.find(url => existsSync(url));
  if (file === undefined) return 'unknown';
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return version;
}
