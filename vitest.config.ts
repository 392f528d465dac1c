import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// As in bin/wikigauge.mjs: Node 20 is supported on purpose, and package-lock.json keeps an SDK that runs on it.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const MODEL = 'test/model/**/*.test.ts';
const SUFFIXES = {
  browser: 'test/**/*.browser.test.ts',
  stack: 'test/**/*.int.test.ts',
  e2e: 'test/**/*.e2e.test.ts',
  faults: 'test/**/*.faults.test.ts',
};
/** Tests wait for conditions, so these limits only bound a failure. Other suites run beside them on two cores. */
const PATIENT = { testTimeout: 360_000, hookTimeout: 240_000 };

/**
 * The suffix of a file decides its project: `.test.ts` is pure (those of `test/model` search
 * for a minute, so they are a project of their own), `.browser` needs Chromium, `.int` and `.e2e` need the local
 * stack, `.faults` starts servers of its own in order to kill them. Projects run in the order of `groupOrder`. `stack` and `e2e` share one stack.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...Object.values(SUFFIXES), MODEL],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Some of them wait for pauses and deadlines, while the others compute.
          maxWorkers: availableParallelism() + 2,
        },
      },
      {
        test: {
          name: 'model',
          include: [MODEL],
          exclude: Object.values(SUFFIXES),
          testTimeout: 240_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...PATIENT,
          name: 'browser',
          include: [SUFFIXES.browser],
          globalSetup: 'test/support/browser/global-setup.ts',
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...PATIENT,
          name: 'stack',
          include: [SUFFIXES.stack],
          globalSetup: 'test/support/global-stack.ts',
          // Each file has its own bucket, database and namespace, and mostly waits.
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...PATIENT,
          name: 'e2e',
          include: [SUFFIXES.e2e],
          globalSetup: ['test/support/global-stack.ts', 'test/support/browser/global-setup.ts'],
          // Each of them runs a whole pipeline, which keeps about one core busy.
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: 'faults',
          include: [SUFFIXES.faults],
          globalSetup: 'test/faults/support/global-setup.ts',
          fileParallelism: false,
        },
      },
    ],
  },
});
