/**
 * Once per run of the fault suite: builds what is tested and makes the folder of its state. The folder with all logs
 * stays when something failed.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { prepare } from '../../../dev/bootstrap/prepare.mjs';
import { FAILED, readForm } from './form.ts';
import type { Form } from './form.ts';

declare module 'vitest' {
  interface ProvidedContext {
    form: Form;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const built = await prepare(root, ['build']);
  if (built.kind !== 'exit' || built.code !== 0) throw new Error('The build failed; see above.');
  const folder = await mkdtemp(join(tmpdir(), 'wikigauge-faults-'));
  project.provide('folder', folder);
  project.provide('form', readForm(process.env));
  return async () => {
    const keep = existsSync(join(folder, FAILED)) || process.env['KEEP_TEST_FOLDER'] !== undefined;
    if (keep) console.log(`faults: logs and data are kept in ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  };
}
