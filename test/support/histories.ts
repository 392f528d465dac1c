/**
 * Replays histories of workflows with the present code, to find a change that would break running workflows. With
 * RECORD_HISTORIES=<folder> the histories of the tests on the stack are written there, to choose some for test/histories.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import './quiet-runtime.ts';
import { temporalCli } from './temporal-cli.ts';
import type { World } from './world.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BUNDLE = fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url));

/** Replays every run of every workflow in a world. @throws if one of them is not deterministic */
export async function replayRuns(world: World, name: string): Promise<number> {
  const { client } = world;
  let runs = 0;
  for await (const { workflowId, runId } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    await Worker.runReplayHistory({ workflowBundle: { codePath: BUNDLE } }, history, workflowId);
    runs += 1;
    const folder = process.env['RECORD_HISTORIES'];
    if (folder === undefined) continue;
    await mkdir(folder, { recursive: true });
    const show = ['workflow', 'show', '--workflow-id', workflowId, '--run-id', runId, '--output', 'json'];
    const { output } = await temporalCli(world, ...show);
    // Without this machine's folder, which stack traces contain.
    const text = JSON.stringify(JSON.parse(output)).replaceAll(ROOT, '');
    await writeFile(join(folder, `${name}-${workflowId}-${runId.slice(-4)}.json`), `${text}\n`);
  }
  return runs;
}
