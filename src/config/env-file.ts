/** `.env` files and variables as people's tools write them. */
import { parseEnv } from 'node:util';

const QUOTED = /^(["'])(.*)\1$/s;

/** The variables of a `.env` file. Some editors start a file with a byte order mark, which belongs to no name. */
export function parseEnvFile(text: string): Record<string, string | undefined> {
  return parseEnv(text.replace(/^\uFEFF/, ''));
}

/** A value without quotes around it: `docker run --env-file` passes those of the file on. */
export function unquoted(value: string): string {
  return QUOTED.exec(value)?.[2] ?? value;
}

/**
 * Whether a variable describes a service, not a setting: Kubernetes and Docker links set `SIMULATE_PORT=tcp://10.0.0.1:80`
 * in every container beside a service of the name `simulate`.
 */
export function isServiceVariable(name: string, value: string): boolean {
  return name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value);
}
