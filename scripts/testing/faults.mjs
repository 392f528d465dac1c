/** The flags of the fault suite, which it reads as FAULTS_… from its environment (test/faults/support/form.ts). */
import { parseArgs } from 'node:util';

/** @satisfies {import('node:util').ParseArgsConfig['options']} */
const options = {
  seed: { type: 'string' },
  rounds: { type: 'string' },
  most: { type: 'string' },
  only: { type: 'string' },
  long: { type: 'boolean' },
  gold: { type: 'string' },
};

/**
 * Takes the suite's flags out of a command line.
 *
 * @param {readonly string[]} given
 * @returns {{ env: Record<string, string>, rest: string[] }} rest: arguments of vitest
 */
export function readFaultFlags(given) {
  const { values, tokens } = parseArgs({ args: [...given], options, strict: false, tokens: true });
  const known = Object.entries(values).filter(([name]) => name in options);
  const ours = new Set(
    tokens.flatMap(token =>
      token.kind === 'option' && token.name in options
        ? [token.index, ...(token.inlineValue === false ? [token.index + 1] : [])]
        : [],
    ),
  );
  return {
    env: Object.fromEntries(known.map(([name, value]) => [`FAULTS_${name.toUpperCase()}`, String(value)])),
    rest: given.filter((_, i) => !ours.has(i)),
  };
}
