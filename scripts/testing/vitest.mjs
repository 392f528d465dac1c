/** Runs vitest, counts its tests, and knows how long each file took. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { show } from './processes.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SLOWEST = 10;

/** @typedef {{ file: string, ms: number }} TimedFile */
/** @typedef {{ passed: number, failed: number, files: TimedFile[] }} Outcome */
/** @typedef {{ name: string, startTime: number, endTime: number, status: string, assertionResults: { status: string }[] }} ReportedFile */
/** @typedef {{ numPassedTests: number, numFailedTests: number, testResults: ReportedFile[] }} Report of vitest's json reporter */

/**
 * @param {readonly string[]} args of `vitest run`
 * @param {{ env?: Readonly<Record<string, string>>, label?: string }} [options] label: prefix of each line of output
 * @returns {Promise<Outcome>}
 */
export async function runVitest(args, { env = {}, label } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'wikigauge-results-'));
  const report = join(folder, 'results.json');
  try {
    const reporters = ['--reporter=json', `--outputFile.json=${report}`];
    const code = await show('vitest', ['run', ...reporters, ...args], { env, label });
    return await readReport(report, code);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} path
 * @param {number} code exit code of vitest
 * @returns {Promise<Outcome>}
 */
async function readReport(path, code) {
  const report = await readFile(path, 'utf8').then(
    text => /** @type {Report} */ (JSON.parse(text)),
    () => ({ numPassedTests: 0, numFailedTests: 0, testResults: [] }),
  );
  const { numPassedTests, numFailedTests, testResults } = report;
  // Files that do not load, or whose set-up fails, fail without a failed test.
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every(assertion => assertion.status !== 'failed'),
  ).length;
  // An unhandled rejection and a failed global set-up fail the run without a failed file.
  const failed = Math.max(numFailedTests + brokenFiles, code === 0 ? 0 : 1);
  const files = testResults.map(({ name, startTime, endTime }) => ({
    file: relative(ROOT, name),
    ms: endTime - startTime,
  }));
  return { passed: numPassedTests, failed, files };
}

/**
 * The slowest test files, one a line.
 *
 * @param {readonly TimedFile[]} files
 * @returns {string}
 */
export function slowestFiles(files) {
  const slowest = files.toSorted((a, b) => b.ms - a.ms).slice(0, SLOWEST);
  return slowest.map(({ file, ms }) => `${(ms / 1000).toFixed(1).padStart(8)} s  ${file}`).join('\n');
}
