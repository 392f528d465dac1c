/** `wikigauge transform`: rebuilds gold from bronze for a range of hours, and follows the run to its end. */
import { TASK_QUEUE, transformRangeId } from '../contracts/temporal/names.ts';
import { changesText } from '../contracts/temporal/transform.ts';
import type { RangeResult } from '../workflows/transform-range.ts';
import type { transformRange } from '../workflows/index.ts';
import { startUnderFreeId } from '../temporal/start-under-free-id.ts';
import { announce, temporalPlace } from './announce.ts';
import { withClient } from './connections.ts';
import { readConfig, stopSignal } from './environment.ts';
import { numberOrText } from './flag-values.ts';
import { followRun } from './follow-run.ts';
import type { RangeFlags } from './range-flags.ts';

export async function transformCommand({ from, to, ...flags }: RangeFlags): Promise<void> {
  const config = readConfig();
  const hours = flags.hours ?? (from === undefined && to === undefined ? config.HOURS : undefined);
  await withClient(async client => {
    announce(temporalPlace(client));
    const id = transformRangeId(Date.now());
    const handle = await startUnderFreeId<typeof transformRange>(client, 'transformRange', id, {
      taskQueue: TASK_QUEUE,
      args: [
        {
          ...(hours !== undefined && { hours: numberOrText(hours) }),
          ...(from !== undefined && { from }),
          ...(to !== undefined && { to }),
        },
      ],
      staticSummary: 'Gold rebuilt from bronze',
    });
    process.exitCode = await followRun<RangeResult & { at?: string }>({
      handle,
      describe: ({ at, hours, parts, edits, recounted = [], kept = [], ...changes }) =>
        [
          `${at ?? 'done'}: ${hours} hours with ${parts} parts, ${edits} edits, ${changesText(changes)}`,
          // Only at the end: progress is one line.
          ...(at === undefined ? olderHours(recounted, kept) : []),
        ].join('\n'),
      detachSignal: stopSignal(),
      print: line => console.log(line),
    });
  });
}

/** What became of the rows of an older project. */
function olderHours(
  recounted: NonNullable<RangeResult['recounted']>,
  kept: NonNullable<RangeResult['kept']>,
): string[] {
  return [
    ...recounted.map(
      ({ hour, parts, changedRows }) =>
        `${hour}: ${parts} parts of an older project counted again, ${changedRows} rows changed`,
    ),
    ...kept.map(
      hour => `${hour}: rows of an older project kept, because its parts are not all in the bucket`,
    ),
  ];
}
