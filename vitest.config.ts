import { defineConfig } from 'vitest/config';

// See src/cli.ts: the lock file keeps a version that supports Node 20.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** In a real browser; the page's API is ours, so no server of the stack is needed. */
const inBrowser = ['test/**/*.browser.test.ts'];
/** On real servers; one stack serves them all, and each test opens a world of its own in it. */
const onStack = ['test/**/*.{int,e2e}.test.ts'];

/** Starts servers of its own, in order to kill them. */
const withFaults = ['test/**/*.faults.test.ts'];

/**
 * The suffix is the tier: `.test.ts` is pure, `.browser` needs Chromium, `.int` and `.e2e` need the stack, `.faults`
 * takes minutes and kills servers.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...inBrowser, ...onStack, ...withFaults],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: inBrowser,
          globalSetup: 'test/support/global-chromium.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'stack',
          include: onStack,
          globalSetup: ['test/support/global-stack.ts', 'test/support/global-chromium.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Two cores, and servers beside us: files that run at once would only wait for each other.
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'faults',
          include: withFaults,
          globalSetup: 'test/faults/support/global-setup.ts',
          fileParallelism: false,
        },
      },
    ],
  },
});
