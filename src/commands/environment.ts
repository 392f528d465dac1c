/** What every command begins with: `.env`, the settings, a logger, and a signal that says when to stop. */
import { existsSync, readFileSync } from 'node:fs';
import { onStopSignals } from './stop-signals.ts';
import { goldPlaces } from '../config/places.ts';
import { loadConfig } from '../config/declarations.ts';
import type { Config } from '../config/declarations.ts';
import type { GoldPlaces } from '../config/places.ts';

/** Reads `.env` of the working folder (what the environment has already wins), then all settings. */
export function readConfig(): Config {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return loadConfig(process.env);
}

/** The settings of a process that needs gold. */
export type ConfigWithGold = Config & { readonly gold: GoldPlaces };

/** @throws ConfigurationError when PG_DSN is missing, and gold is in Postgres. */
export function readConfigWithGold(): ConfigWithGold {
  const config = readConfig();
  return { ...config, gold: goldPlaces(config) };
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
