/**
 * `npm test`: everything that CI runs. First the checks (format, lint, types, generated files, dead code), then the
 * tests; ends with the line `N passed, N failed`. Arguments go to vitest and leave the checks out:
 * `npm test -- --project unit test/core`. Run by bin/wikigauge.mjs, which has installed and built what is needed.
 *
 * `npm run test:faults`: the fault suite alone, in its short form. `-- --seed 7` repeats a run, `--only "kill -9"` has
 * only those faults strike, `--rounds 5` has each strike five times and last longer, `--long` only the latter. With
 * `--gold s3` or `--gold postgres` gold is there, without it the suite is run for both. What else is given goes to vitest.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** @type {readonly (readonly [name: string, command: string, ...args: string[]])[]} */
const CHECKS = [
  ['format', 'prettier', '--check', '--log-level', 'warn', '.'],
  ['lint', 'oxlint', '--type-aware'],
  ['types', 'tsc'],
  ['types of the dashboard', 'tsc', '-p', 'src/dashboard'],
  ['generated files', 'node', 'scripts/docs.mjs', '--check'],
  ['dead code', 'knip'],
];

/** @typedef {{ passed: number, failed: number }} Outcome */

/** Kills servers and measures memory: by itself, when nothing else keeps the machine busy. */
const FAULTS = ['--project', 'faults', '--reporter=verbose'];
const OTHERS = ['--project', '!faults', '--reporter=default'];

const [command, ...given] = process.argv.slice(2);
const outcomes = command === 'test:faults' ? [await runFaults(given)] : await runAll(given);
const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/**
 * @param {readonly string[]} given
 * @returns {Promise<Outcome[]>}
 */
async function runAll(given) {
  if (given.length > 0) return [await runTests(['--reporter=default', ...given])];
  return [...(await runChecks()), await runTests(OTHERS), await runTests(FAULTS)];
}

/**
 * @param {readonly string[]} given
 * @returns {Promise<Outcome>}
 */
async function runFaults(given) {
  /** @satisfies {import('node:util').ParseArgsConfig['options']} */
  const options = {
    seed: { type: 'string' },
    rounds: { type: 'string' },
    only: { type: 'string' },
    long: { type: 'boolean' },
    gold: { type: 'string' },
  };
  const { values, tokens } = parseArgs({ args: [...given], options, strict: false, tokens: true });
  for (const [name, value] of Object.entries(values)) {
    if (name in options) process.env[`FAULTS_${name.toUpperCase()}`] = String(value);
  }
  const ours = new Set(
    tokens.flatMap(token =>
      token.kind === 'option' && token.name in options
        ? [token.index, ...(token.inlineValue === false ? [token.index + 1] : [])]
        : [],
    ),
  );
  return runTests([...FAULTS, ...given.filter((_, i) => !ours.has(i))]);
}

/** @returns {Promise<Outcome[]>} one for each check */
async function runChecks() {
  const results = [];
  for (const [name, command, ...args] of CHECKS) {
    const code = await run(command, args);
    console.log(`${code === 0 ? '✓' : '✗'} ${name}`);
    results.push(code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
  }
  return results;
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<Outcome>}
 */
async function runTests(args) {
  const folder = await mkdtemp(join(tmpdir(), 'wikigauge-results-'));
  const report = join(folder, 'results.json');
  try {
    const reporters = ['--reporter=json', `--outputFile.json=${report}`];
    const code = await run('vitest', ['run', ...reporters, ...args]);
    return await readReport(report, code);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} report
 * @param {number} code of vitest
 * @returns {Promise<Outcome>}
 */
async function readReport(report, code) {
  /** @type {{ numPassedTests: number, numFailedTests: number }} */
  const { numPassedTests, numFailedTests } = await readFile(report, 'utf8').then(
    text => JSON.parse(text),
    () => ({ numPassedTests: 0, numFailedTests: 0 }),
  );
  // A file that does not load, a set-up that fails and an unhandled rejection are failures without a failed test.
  const withoutTest = code !== 0 && numFailedTests === 0 ? 1 : 0;
  return { passed: numPassedTests, failed: numFailedTests + withoutTest };
}

/**
 * @param {string} command a tool of node_modules/.bin, or node
 * @param {readonly string[]} args
 * @returns {Promise<number>} its exit code
 */
function run(command, args) {
  const path = command === 'node' ? process.execPath : join(ROOT, 'node_modules', '.bin', command);
  const child = spawn(path, args, { cwd: ROOT, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => resolve(code ?? 1));
  });
}
