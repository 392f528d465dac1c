/**
 * `npm test`: everything that CI runs. First the checks (format, lint, types, generated files, dead code), then the
 * tests; ends with the line `N passed, N failed`. Arguments go to vitest and leave the checks out:
 * `npm test -- --project unit test/core`. Run by bin/wikigauge.mjs, which has installed and built what is needed.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

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

const given = process.argv.slice(3);
const outcomes = given.length === 0 ? [...(await runChecks()), await runTests([])] : [await runTests(given)];
const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

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
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
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
