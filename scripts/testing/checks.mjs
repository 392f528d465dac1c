/** The checks that need no test runner. Each is one command; they run two at a time. */
import { capture } from './processes.mjs';

/** @typedef {import('./vitest.mjs').Outcome} Outcome */

/** The longest first, so that the others fit beside it. @type {readonly (readonly [name: string, command: string, ...args: string[]])[]} */
const CHECKS = [
  ['format', 'prettier', '--check', '--log-level', 'warn', '--cache', '--cache-strategy', 'content', '.'],
  ['lint', 'oxlint', '--type-aware'],
  ['types', 'tsc'],
  ['dead code', 'knip', '--cache'],
  ['types of the dashboard', 'tsc', '-p', 'src/dashboard'],
  ['generated files', 'node', 'scripts/docs.mjs', '--check'],
];
const AT_ONCE = 2;

/** Runs all checks and prints the output of those that fail. @returns {Promise<Outcome[]>} one for each */
export async function runChecks() {
  const waiting = [...CHECKS];
  /** @type {Outcome[]} */
  const outcomes = [];
  const runner = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const [name, command, ...args] = check;
      const beganMs = performance.now();
      const { code, output } = await capture(command, args);
      const seconds = ((performance.now() - beganMs) / 1000).toFixed(1);
      console.log(code === 0 ? `✓ ${name} (${seconds} s)` : `✗ ${name} (${seconds} s)\n${output}`);
      outcomes.push({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, files: [] });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, runner));
  return outcomes;
}
