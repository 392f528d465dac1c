/** Invalid input, given with the operator's own tool: the workflow fails at once, with a message that helps. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { startProcess } from '../support/processes.ts';
import { temporalCli } from '../support/temporal-cli.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const cases = [
  ['ingest', '[]', ['one JSON object', 'got []', '"since"']],
  ['ingest', '{"sicne":1}', ['no field "sicne"', 'since, wikis']],
  ['ingest', '{"since":"yesterday"}', ['since must be a time in ISO 8601', 'got "yesterday"']],
  ['ingest', '{"wikis":"enwiki"}', ['wikis must be a list', '["enwiki","dewiki"]']],
  ['transformHour', '{}', ['hour is missing', '"2026-11-20T10"']],
  ['transformHour', '{"hour":"2026-02-30T10"}', ['hour must be an hour in UTC', 'got "2026-02-30T10"']],
  ['transformHour', '{"hour":"2026-11-20T10","parts":["bronze/x"]}', ['parts must be', '2026-11-20T10']],
] as const;

describe('invalid workflow input', () => {
  let world: World;
  let worker: Child;
  beforeAll(async () => {
    world = await openWorld();
    worker = await startProcess(world, 'worker');
  });
  afterAll(async () => {
    await worker.stop();
    await world.close();
  });

  test.each(cases)('%s %s', async (type, input, said) => {
    const id = `wrong-${type}-${input.length}`;
    const args = ['--type', type, '--task-queue', 'wikigauge', '--workflow-id', id, '--input', input];
    const { code, output } = await temporalCli(world, 'workflow', 'execute', ...args);
    expect(code).toBe(1);
    for (const words of said) expect(output.replaceAll(/\s+/g, ' ')).toContain(words);
    const failure = await world.client.workflow
      .getHandle(id)
      .result()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ cause: { type: 'InvalidInput', nonRetryable: true } });
  });

  test('no input at all is the same as {}', async () => {
    const args = ['--type', 'transformHour', '--task-queue', 'wikigauge', '--workflow-id', 'nothing'];
    expect((await temporalCli(world, 'workflow', 'execute', ...args)).output).toContain('hour is missing');
  });
});
