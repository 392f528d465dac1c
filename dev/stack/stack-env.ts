/** The settings that lead clients to a stack, as shells and `.env` readers take them. */

/** `KEY=value KEY='value with blanks'`: one line to paste before a command, or to `export`. */
export function shellLine(env: Readonly<Record<string, string>>): string {
  return assignments(env).join(' ');
}

/** One `KEY=value` a line, for `set -a; . stack.env` and for readers of `.env` files. */
export function envFile(env: Readonly<Record<string, string>>): string {
  return `${assignments(env).join('\n')}\n`;
}

/**
 * An environment for a client of the stack. The stack's settings win, and what would take precedence over its S3 keys
 * (a profile) or does not belong to them (a session token) is left out.
 */
export function withStack(
  base: Readonly<Record<string, string | undefined>>,
  stack: Readonly<Record<string, string>>,
): Record<string, string | undefined> {
  if (stack['AWS_ACCESS_KEY_ID'] === undefined) return { ...base, ...stack };
  const { AWS_PROFILE: _profile, AWS_SESSION_TOKEN: _token, ...rest } = base;
  return { ...rest, ...stack };
}

function assignments(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`);
}

/** Single quotes keep everything but themselves; a value made of harmless characters needs none. */
function quoted(value: string): string {
  return /^[\w@%+=:,./-]*$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
