/** `wikigauge backfill`: starts the backfill of a range, shows how far it is, and can be left and come back to. */
import type { Client } from '@temporalio/client';
import { estimate } from '../backfill/estimate.ts';
import type { Estimate } from '../backfill/estimate.ts';
import { makePlan } from '../backfill/plan.ts';
import type { PlanDeps } from '../backfill/plan.ts';
import type { Config } from '../config/declarations.ts';
import { TASK_QUEUE } from '../contracts/temporal/names.ts';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import { connectClient } from '../temporal/client.ts';
import { readBackfillInput } from '../contracts/temporal/backfill-input.ts';
import type { BackfillProgress, BackfillReport } from '../workflows/backfill-report.ts';
import type { backfill } from '../workflows/index.ts';
import { describeProgress, describeReport, describeSize } from './backfill-lines.ts';
import { readConfig, stopSignal } from './environment.ts';
import { followRun } from './follow-run.ts';
import type { RangeFlags } from './range-flags.ts';

export interface BackfillFlags extends RangeFlags {
  readonly wiki?: string;
  readonly source?: string;
  readonly concurrency?: string;
  readonly dryRun?: boolean;
  /** Id of a run to come back to. */
  readonly attach?: string;
}

export async function backfillCommand(flags: BackfillFlags): Promise<void> {
  const config = readConfig();
  const left = stopSignal();
  if (flags.dryRun === true) return tell(await dryRun(inputOf(flags, config), config, left));
  const client = await connectClient(process.env);
  try {
    const handle =
      flags.attach === undefined
        ? await start(client, inputOf(flags, config))
        : client.workflow.getHandle<typeof backfill>(flags.attach);
    process.exitCode = await followRun<BackfillReport | BackfillProgress>({
      handle,
      describe: shown =>
        'done' in shown
          ? describeProgress(shown)
          : 'rows' in shown
            ? describeReport(shown)
            : 'asks which source has what',
      left,
      print: line => console.log(line),
      redraw: process.stdout.isTTY ? line => process.stdout.write(`\r\x1b[K${line}`) : undefined,
      comeBack: `npm run backfill -- --attach ${handle.workflowId}`,
    });
  } finally {
    await client.connection.close();
  }
}

async function start(client: Client, input: object) {
  return client.workflow.start<typeof backfill>('backfill', {
    taskQueue: TASK_QUEUE,
    workflowId: `backfill-${new Date().toISOString().replace(/\.\d+Z$/, 'Z')}`,
    args: [input],
    staticSummary: 'Edits that ingest missed, from wherever they can be had',
  });
}

/** Text that is no number goes on as it is: the workflow's message says what was expected. */
function inputOf(flags: BackfillFlags, config: Config): object {
  const { from, to, wiki, source, concurrency } = flags;
  const hours = flags.hours ?? (from === undefined && to === undefined ? config.HOURS : undefined);
  const wikis = wiki
    ?.split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
  return {
    ...(hours !== undefined && { hours: numberOr(hours) }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(wikis !== undefined && { wikis }),
    ...(source !== undefined && { source }),
    ...(concurrency !== undefined && { concurrency: numberOr(concurrency) }),
  };
}

function numberOr(value: string | number): string | number {
  return value === '' || Number.isNaN(Number(value)) ? value : Number(value);
}

/** What it would take, line by line; asks the sources, starts nothing. */
async function dryRun(raw: object, config: Config, signal: AbortSignal): Promise<string[]> {
  const input = checked(raw);
  const deps: PlanDeps = {
    wikis: new Set(config.FILTER_WIKI),
    api: { urlTemplate: config.ACTION_API_URL, userAgent: config.USER_AGENT },
    dumps: { url: config.DUMPS_URL, userAgent: config.USER_AGENT },
  };
  const plan = await makePlan(input, deps, { signal, warn: message => console.error(message) });
  const costs = await estimate(plan, deps, signal);
  return [
    `${input.from} to ${input.to}, ${plan.sites.length === 0 ? 'all wikis' : `${plan.sites.length} wikis`}; nothing is started:`,
    ...costs.map(cost => costLine(cost, config.ACTION_API_PER_MINUTE)),
    ...plan.missing.map(({ from, to, why }) => `not to be had: ${from} to ${to}: ${why}`),
  ];
}

/** The workflow's own check, with an error that the command line knows. */
function checked(raw: object): ReturnType<typeof readBackfillInput> {
  try {
    return readBackfillInput(raw);
  } catch (error) {
    throw new PipelineError(messageOf(error), {
      code: 'invalid_input',
      op: 'read flags',
      subject: 'backfill',
      retryable: false,
      cause: error,
    });
  }
}

const UNITS = { stream: 'connections', api: 'requests', dump: 'files' };

function costLine(
  { source, from, to, hours, requests, bytes, sampled }: Estimate,
  perMinute: number,
): string {
  const time = source === 'api' ? `, ${Math.ceil(requests / perMinute)} min at ${perMinute} a minute` : '';
  const by = sampled === undefined ? '' : ` (by ${sampled} wikis)`;
  const size = bytes === undefined ? 'of unknown size' : `about ${describeSize(bytes)}`;
  return `${source.padEnd(7)} ${from} to ${to}: ${Math.ceil(hours)} hours, about ${requests} ${UNITS[source]}${time}, ${size}${by}`;
}

function tell(lines: readonly string[]): void {
  for (const line of lines) console.log(line);
}
