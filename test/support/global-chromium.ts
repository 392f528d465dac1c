/** Once per run of the browser tests: finds a Chromium, or installs one. */
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { obtainChromium } from '../../dev/bootstrap/chromium.mjs';
import { createProgress } from '../../dev/bootstrap/progress.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of a Chromium that runs. */
    chromium: string;
  }
}

export async function setup(project: TestProject): Promise<void> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  project.provide('chromium', await obtainChromium({ root, progress: createProgress(process.stderr) }));
}
