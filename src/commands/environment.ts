/** What every command starts from: `.env`, the settings, and a signal to stop. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { onStopSignals } from './stop-signals.ts';
import { goldPlaces } from '../config/places.ts';
import { withAwsSettings } from '../config/aws-files.ts';
import { loadConfig } from '../config/declarations.ts';
import type { Config } from '../config/declarations.ts';
import { parseEnvFile, unquoted } from '../config/env-file.ts';
import type { GoldPlaces } from '../config/places.ts';

/**
 * Loads `.env` from the working directory, without overriding variables that are already set, then reads all settings.
 * Region and endpoint of S3 may also come from the AWS configuration files.
 */
export function readConfig(): Config {
  loadEnvFile();
  return loadConfig(withAwsSettings(process.env, textOf, homedir()));
}

/** The same without the AWS configuration files: a profile must not replace the servers that a command starts itself. */
export function readVariables(): Config {
  loadEnvFile();
  return loadConfig(process.env);
}

/**
 * Gives a user without an entry in passwd a home, as container runtimes do: without one, asking for it throws, here and in
 * the SDKs.
 */
export function ensureHome(env: NodeJS.ProcessEnv = process.env, homeOf: () => string = homedir): void {
  if (env['HOME']) return;
  try {
    homeOf();
  } catch {
    env['HOME'] = '/';
  }
}

function loadEnvFile(): void {
  const file = existsSync('.env') ? parseEnvFile(readFileSync('.env', 'utf8')) : {};
  for (const [name, value] of Object.entries(file)) process.env[name] ??= value;
  // The SDKs read their variables themselves.
  for (const [name, value] of Object.entries(process.env))
    if (/^(AWS|TEMPORAL|PG)/.test(name) && value !== undefined) process.env[name] = unquoted(value);
}

/** Undefined for a file that does not exist or may not be read: the SDK reports it where it needs it. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The settings of a process that needs gold. */
export type ConfigWithGold = Config & { readonly gold: GoldPlaces };

/** @throws ConfigurationError when gold is in Postgres and PG_DSN is missing. */
export function readConfigWithGold(): ConfigWithGold {
  const config = readConfig();
  return { ...config, gold: goldPlaces(config) };
}

/** Aborts on the first Ctrl-C, SIGTERM or SIGHUP; a second one exits immediately. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  onStopSignals({ stop: why => stop.abort(why), hurry: () => process.exit(1) });
  return stop.signal;
}

/** Version of this package. */
export function packageVersion(): string {
  // The package root is one level further up from dist/src/commands than from src/commands.
  const candidates = ['../../package.json', '../../../package.json'].map(
    path => new URL(path, import.meta.url),
  );
  const file = candidates.find(url => existsSync(url));
  if (file === undefined) return 'unknown';
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return version;
}
