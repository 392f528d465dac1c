/** Once per run of the browser tests: builds the page, and finds a Chromium or installs one. */
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { obtainChromium } from '../../../dev/bootstrap/chromium.mjs';
import { prepare } from '../../../dev/bootstrap/prepare.mjs';
import { createProgress } from '../../../dev/bootstrap/progress.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of a working Chromium. */
    chromium: string;
  }
}

export async function setup(project: TestProject): Promise<void> {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const built = await prepare(root, ['build']);
  if (built.kind !== 'exit' || built.code !== 0) throw new Error('The build failed; see above.');
  project.provide('chromium', await obtainChromium({ root, progress: createProgress(process.stderr) }));
}
