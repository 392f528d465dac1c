/** The settings that connect clients to a stack, in the syntax of shells and `.env` files. */

/** Settings that contain passwords. */
const SECRET: ReadonlySet<string> = new Set(['PG_DSN', 'AWS_SECRET_ACCESS_KEY']);

/** `KEY=value KEY='value with blanks'`: one line to put before a command or after `export`. */
export function shellLine(env: Readonly<Record<string, string>>): string {
  return assignments(env).join(' ');
}

/**
 * The same line for a terminal, which others may look at and which keeps what is printed: the shell reads what is secret
 * from the file, which is private.
 */
export function terminalLine(env: Readonly<Record<string, string>>, file: string): string {
  return Object.entries(env)
    .map(([name, value]) =>
      SECRET.has(name) ? `${name}="$(. ${inQuotes(file)}; printf %s "$${name}")"` : assignment(name, value),
    )
    .join(' ');
}

/** One `KEY=value` a line, for `set -a; . stack.env` and for readers of `.env` files. */
export function envFile(env: Readonly<Record<string, string>>): string {
  return `${assignments(env).join('\n')}\n`;
}

/**
 * An environment for a client of the stack. The stack's settings win. When it has S3 keys, what would take precedence
 * over them or over its endpoint is dropped, and so is a session token, which belongs to other keys.
 */
export function withStack(
  base: Readonly<Record<string, string | undefined>>,
  stack: Readonly<Record<string, string>>,
): Record<string, string | undefined> {
  if (stack['AWS_ACCESS_KEY_ID'] === undefined) return { ...base, ...stack };
  const {
    AWS_PROFILE: _profile,
    AWS_SESSION_TOKEN: _token,
    AWS_ENDPOINT_URL_S3: _endpoint,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: _ignored,
    ...rest
  } = base;
  return { ...rest, ...stack };
}

function assignments(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).map(([name, value]) => assignment(name, value));
}

/** In single quotes only the single quote needs escaping; a value of safe characters needs no quotes. */
function assignment(name: string, value: string): string {
  return `${name}=${/^[\w@%+=:,./-]*$/.test(value) ? value : inQuotes(value)}`;
}

function inQuotes(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
