/** What enters the workflow isolate: no Node built-ins, no schema library, no activities. */
import { fileURLToPath } from 'node:url';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { expect, test } from 'vitest';

test('the bundle contains workflows, contracts and core only', async () => {
  const modules: string[] = [];
  const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    logger: new DefaultLogger('ERROR'),
    webpackConfigHook: config => ({
      ...config,
      optimization: { ...config.optimization, moduleIds: 'named' },
    }),
  });
  for (const [, name = ''] of code.matchAll(/^\/\*{3}\/ "(\.[^"]+)":?/gm)) modules.push(name);
  const ours = modules.filter(name => name.startsWith('./src/'));
  expect(ours.length).toBeGreaterThan(8);
  expect(ours.filter(name => !/^\.\/src\/(core|contracts|workflows)\//.test(name))).toEqual([]);
  const packages = new Set(
    modules.flatMap(name => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1] ?? []),
  );
  expect([...packages].sort()).toEqual([
    '@temporalio/common',
    '@temporalio/workflow',
    'long',
    'ms',
    'nexus-rpc',
  ]);
  expect(code).not.toMatch(/require\("(node:[a-z]+|fs|net|crypto|path)"\)/);
});
