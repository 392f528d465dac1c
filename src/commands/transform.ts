/** `wikigauge transform`: rebuilds gold of a range of hours from bronze, and follows the run until it has ended. */
import { TASK_QUEUE } from '../contracts/temporal/names.ts';
import { connectClient } from '../temporal/client.ts';
import type { RangeResult } from '../workflows/transform-range.ts';
import type { transformRange } from '../workflows/index.ts';
import { readConfig, stopSignal } from './environment.ts';
import { followRun } from './follow-run.ts';
import type { RangeFlags } from './range-flags.ts';

export async function transformCommand(flags: RangeFlags): Promise<void> {
  const config = readConfig();
  const { from, to } = flags;
  const hours = flags.hours ?? (from === undefined && to === undefined ? config.HOURS : undefined);
  const client = await connectClient(process.env);
  try {
    const handle = await client.workflow.start<typeof transformRange>('transformRange', {
      taskQueue: TASK_QUEUE,
      workflowId: `transform-range-${new Date().toISOString().replace(/\.\d+Z$/, 'Z')}`,
      args: [
        {
          // Text that is no number goes on as it is: the workflow's message says what was expected.
          ...(hours !== undefined && { hours: Number.isNaN(Number(hours)) ? hours : Number(hours) }),
          ...(from !== undefined && { from }),
          ...(to !== undefined && { to }),
        },
      ],
      staticSummary: 'Gold rebuilt from bronze',
    });
    process.exitCode = await followRun<RangeResult & { at?: string }>({
      handle,
      describe: ({ at, hours, parts, edits, changedRows }) =>
        `${at ?? 'done'}: ${hours} hours of ${parts} parts, ${edits} edits, ${changedRows} rows changed`,
      left: stopSignal(),
      print: line => console.log(line),
    });
  } finally {
    await client.connection.close();
  }
}
