/**
 * `npm run check`, `npm test`, `npm run test:long` and `npm run test:faults`. docs/testing.md says what each of them runs.
 * Every run ends with its ten slowest test files and the line `N passed, N failed`. bin/wikigauge.mjs has installed and
 * built what is needed before it comes here.
 *
 * Arguments of `npm test` and `npm run test:long` go to vitest, and nothing else runs:
 * `npm test -- --project unit test/core`.
 */
import { checkAdvisories } from './testing/advisories.mjs';
import { runChecks } from './testing/checks.mjs';
import { readFaultFlags } from './testing/faults.mjs';
import { runVitest, slowestFiles } from './testing/vitest.mjs';

/** @typedef {import('./testing/vitest.mjs').Outcome} Outcome */

const UNIT = ['--project', 'unit', '--reporter=dot'];
const BESIDE_FAULTS = ['model', 'browser', 'stack', 'e2e']
  .flatMap(project => ['--project', project])
  .concat('--reporter=default');
const FAULTS = ['--project', 'faults', '--reporter=verbose'];
/** Faults of the campaign that strike in `npm test`, which takes minutes then. */
const SOME_FAULTS = ['--most', '16'];
/** Tests whose long form differs from the short one that `npm test` runs. */
const LONG_TESTS = [
  'test/e2e/api-description',
  'test/e2e/backfill',
  'test/e2e/captured',
  'test/e2e/demo',
  'test/e2e/exact',
  'test/e2e/side-by-side',
  'test/api/memory',
  'test/dead-letters/',
  'test/live/faults',
  'test/live/live',
  'test/workflows/cancel',
  'test/workflows/hostile-store',
  'test/workflows/older-project',
  'test/workflows/transform-range',
].concat('--project', 'stack', '--project', 'e2e', '--reporter=default');
const LONG_MODEL = ['--project', 'model', '--reporter=default'];
const LONG_RUNS = { MODEL_RUNS: '20000', FUZZ_RUNS: '200000' };
const LONG = { TEST_FORM: 'long' };

/** @type {Readonly<Record<string, (given: readonly string[]) => Promise<Outcome[]>>>} */
const COMMANDS = {
  check,
  async test(given) {
    if (given.length > 0) return [await runVitest(['--reporter=default', ...given])];
    // The checks first: they keep both cores busy, and fail soonest. The fault suite mostly waits, so it runs beside the rest.
    // The registry is asked meanwhile.
    const [advisories, checked] = await Promise.all([checkAdvisories(), check()]);
    return [
      advisories,
      ...checked,
      ...(await Promise.all([runVitest(BESIDE_FAULTS), runFaults(SOME_FAULTS, {})])),
    ];
  },
  async 'test:long'(given) {
    if (given.length > 0) return [await runVitest(['--reporter=default', ...given], { env: LONG })];
    const others = async () => [
      await runVitest(LONG_TESTS, { env: LONG }),
      await runVitest(LONG_MODEL, { env: LONG_RUNS }),
    ];
    // Campaigns mostly wait, and each of them has servers of its own.
    const campaigns = ['postgres', 's3'].map(gold => runFaults(['--gold', gold], LONG));
    return (await Promise.all([others(), ...campaigns])).flat();
  },
  async 'test:faults'(given) {
    const { env, rest } = readFaultFlags(given);
    return [await runVitest([...FAULTS, ...rest], { env })];
  },
};

const [command = '', ...given] = process.argv.slice(2);
const outcomes = (await COMMANDS[command]?.(given)) ?? [];
console.log(`\nslowest test files:\n${slowestFiles(outcomes.flatMap(({ files }) => files))}\n`);
const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** @returns {Promise<Outcome[]>} */
async function check() {
  return [...(await runChecks()), await runVitest(UNIT)];
}

/**
 * The fault suite beside other tests.
 *
 * @param {readonly string[]} flags
 * @param {Readonly<Record<string, string>>} form
 * @returns {Promise<Outcome>}
 */
function runFaults(flags, form) {
  const { env } = readFaultFlags(flags);
  return runVitest(FAULTS, { env: { ...env, ...form }, label: ['faults', ...flags].join(' ') });
}
