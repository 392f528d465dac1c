/**
 * docker-compose.yml as data, read without an engine: YAML with its merges, and the forms of interpolation that the file
 * may use.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export type Environment = Readonly<Record<string, string>>;

/** The parts of a service that the tests read. */
export interface Service {
  readonly image: string;
  readonly build?: string | { readonly context: string; readonly target: string };
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly healthcheck?: Readonly<Record<string, unknown>> & { readonly test: readonly string[] };
  readonly init?: boolean;
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly restart: string;
  readonly stop_grace_period?: string;
  readonly volumes?: readonly string[];
}

export interface ComposeFile {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
}

/** A file of the repository. */
export function repositoryFile(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
}

export const composeText = repositoryFile('docker-compose.yml');

/** What the file requires of its user. */
export const REQUIRED: Environment = { STACK_S3_ACCESS_KEY_ID: 'key', STACK_S3_SECRET_ACCESS_KEY: 'secret' };

/** The file with these variables in the shell or in `.env`, besides those that it requires. */
export function composeFile(env: Environment = {}): ComposeFile {
  return interpolated(parse(composeText, { merge: true }), { ...REQUIRED, ...env }) as ComposeFile;
}

const VARIABLE = /\$\{([A-Z][A-Z0-9_]*):([-?])([^{}$]*)\}/g;

function interpolated(value: unknown, env: Environment): unknown {
  if (typeof value === 'string') return interpolate(value, env);
  if (Array.isArray(value)) return value.map(item => interpolated(item, env));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolated(item, env)]));
}

/** @throws Error on a dollar that is neither `${NAME:-default}`, `${NAME:?message}` nor `$$`, and with the message. */
export function interpolate(text: string, env: Environment): string {
  return text
    .split('$$')
    .map(piece => {
      const filled = piece.replaceAll(VARIABLE, (_, name: string, kind: string, text: string) => {
        if (kind === '?' && !env[name])
          throw new Error(`required variable ${name} is missing a value: ${text}`);
        return env[name] || text;
      });
      if (piece.replaceAll(VARIABLE, '').includes('$')) throw new Error(`cannot interpolate ${piece}`);
      return filled;
    })
    .join('$');
}
