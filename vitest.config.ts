import { defineConfig } from 'vitest/config';

/** The suffix is the tier: `.test.ts` is pure; `.int.test.ts`, `.browser.test.ts`, `.e2e.test.ts` run on one real stack. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.{int,browser,e2e}.test.ts'],
          testTimeout: 60_000,
        },
      },
    ],
  },
});
