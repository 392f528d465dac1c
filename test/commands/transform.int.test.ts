/** `npm run transform` from a terminal: progress, result and exit code. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { commitEdits } from '../support/parts.ts';
import { startProcess } from '../support/processes.ts';
import { runCli } from '../support/cli.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

describe('wikigauge transform', () => {
  let world: World;
  let worker: Child;
  beforeAll(async () => {
    world = await openWorld();
    const at = Date.parse('2026-11-20T10:00:00Z') / 1000;
    await commitEdits(world, [{ timestamp: at }, { timestamp: at + 3_600 }]);
    worker = await startProcess(world, 'worker');
  });
  afterAll(async () => {
    await worker.stop();
    await world.close();
  });

  test('follows the run to its end', async () => {
    const range = ['--from', '2026-11-20T00:00:00Z', '--to', '2026-11-21T00:00:00Z'];
    const { code, output } = await runCli(world, ['transform', ...range]);
    expect(output).toContain(
      '2 hours with 2 parts, 2 edits, 0 rows changed, 2 rows from 2 parts that gold did not have yet',
    );
    expect(code).toBe(0);
  });

  test('fails on an invalid flag and says what is expected', async () => {
    const { code, output } = await runCli(world, ['transform', '--hours', 'many']);
    expect(output).toContain('a whole number of hours from 1 to 87600');
    expect(code).toBe(1);
  });
});
