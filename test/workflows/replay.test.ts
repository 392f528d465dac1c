/** Runs that began with older code resume with this code: recorded histories replay without a difference. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, Worker, bundleWorkflowCode } from '@temporalio/worker';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { beforeAll, describe, expect, test } from 'vitest';
import '../support/quiet-runtime.ts';

const HISTORIES = fileURLToPath(new URL('../histories', import.meta.url));
const files = existsSync(HISTORIES) ? readdirSync(HISTORIES).filter(name => name.endsWith('.json')) : [];

describe('recorded histories', () => {
  let workflowBundle: WorkflowBundleWithSourceMap;
  beforeAll(async () => {
    const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));
    workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  });

  test('exist for every workflow type', () => {
    for (const type of [
      'ingest',
      'transform-hour',
      'transform-range',
      'backfill',
      'compact-day',
      'compact-days',
      'ensure-ingest',
      'detect-anomalies',
    ])
      expect(files.some(name => name.startsWith(type))).toBe(true);
  });

  test.each(files)('%s', async name => {
    const history: unknown = JSON.parse(readFileSync(join(HISTORIES, name), 'utf8'));
    await expect(Worker.runReplayHistory({ workflowBundle }, history)).resolves.toBeUndefined();
  });
});
