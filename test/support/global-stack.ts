/**
 * Once per run of the tests: builds what is tested, and starts one local stack (real Temporal, Postgres and S3) in a
 * temporary folder, on free ports. Set TEST_STACK_ENV to the `stack.env` of a running stack to use that one instead, which
 * is faster while working on tests.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import type { TestProject } from 'vitest/node';
import { prepare } from '../../dev/bootstrap/prepare.mjs';
import { startStack } from '../../dev/stack/stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Settings with which a process connects to the stack. */
    stackEnv: Record<string, string>;
    /** Folder for logs and state of the processes that tests start. */
    folder: string;
  }
}

interface SharedStack {
  readonly env: Record<string, string>;
  readonly folder: string;
  readonly close: () => Promise<void>;
}

/** Vitest loads this file once per project, but all projects share the process: one stack serves all of them. */
const shared = globalThis as { wikigaugeTestStack?: { started: Promise<SharedStack>; users: number } };

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stack = (shared.wikigaugeTestStack ??= { started: openShared(), users: 0 });
  stack.users += 1;
  const { env, folder, close } = await stack.started;
  project.provide('stackEnv', env);
  project.provide('folder', folder);
  return async () => {
    stack.users -= 1;
    if (stack.users > 0) return;
    delete shared.wikigaugeTestStack;
    await close();
  };
}

async function openShared(): Promise<SharedStack> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const built = await prepare(root, ['build']);
  if (built.kind !== 'exit' || built.code !== 0) throw new Error('The build failed; see above.');
  const folder = await mkdtemp(join(tmpdir(), 'wikigauge-test-'));
  const given = process.env['TEST_STACK_ENV'];
  const stack = given === undefined ? await startTestStack(join(folder, 'home')) : undefined;
  const env = stack?.env ?? parseEnv(await readFile(given ?? '', 'utf8'));
  return {
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value ?? ''])),
    folder,
    async close() {
      await stack?.stop();
      if (process.env['KEEP_TEST_FOLDER'] === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startTestStack(home: string) {
  return startStack({
    home,
    ports: { temporal: 0, temporalUi: 0, postgres: 0, s3: 0 },
    bucket: 'wikigauge',
    region: 'us-east-1',
    postgres: true,
    // A twentieth of the default, so that every longer test continues as new several times.
    dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 200 },
    log: line => console.log(line),
  });
}
