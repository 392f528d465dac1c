/** `wikigauge backfill`: starts the backfill of a range and shows its progress; one can detach from it and reattach. */
import { estimate } from '../backfill/estimate.ts';
import type { Estimate } from '../backfill/estimate.ts';
import { makePlan } from '../backfill/plan.ts';
import type { PlanDeps } from '../backfill/plan.ts';
import { recentChange } from '../recentchange/definition.ts';
import type { Config } from '../config/declarations.ts';
import { PipelineError, messageOf } from '../contracts/errors.ts';
import { readBackfillInput } from '../contracts/temporal/backfill-input.ts';
import type { BackfillReport, UnplannedBackfill } from '../workflows/backfill-report.ts';
import type { backfill } from '../workflows/index.ts';
import { readBackfillProgress } from '../temporal/backfill-progress.ts';
import type { AnsweredProgress } from '../temporal/backfill-progress.ts';
import { startBackfill } from '../temporal/start-backfill.ts';
import { announce, temporalPlace } from './announce.ts';
import { describeProgress, describeReport, describeSize, fittedTo } from './backfill-lines.ts';
import { withClient } from './connections.ts';
import { readConfig, stopSignal } from './environment.ts';
import { numberOrText, splitList } from './flag-values.ts';
import { findRun } from './find-run.ts';
import { followRun } from './follow-run.ts';
import type { RangeFlags } from './range-flags.ts';

export interface BackfillFlags extends RangeFlags {
  readonly wiki?: string;
  readonly source?: string;
  readonly concurrency?: string;
  readonly dryRun?: boolean;
  /** Workflow id of a run to reattach to. */
  readonly attach?: string;
}

export async function backfillCommand(flags: BackfillFlags): Promise<void> {
  const config = readConfig();
  const signal = stopSignal();
  if (flags.dryRun === true) {
    for (const line of await dryRun(inputOf(flags, config), config, signal)) console.log(line);
    return;
  }
  await withClient(async client => {
    announce(temporalPlace(client));
    const handle =
      flags.attach === undefined
        ? await startBackfill(client, inputOf(flags, config))
        : await findRun<typeof backfill>(client, flags.attach, 'backfill');
    process.exitCode = await followRun<BackfillReport | AnsweredProgress | UnplannedBackfill>({
      handle,
      read: readBackfillProgress,
      headline: shown => ('why' in shown && shown.why !== undefined ? whyLine(shown.why) : undefined),
      describe: shown =>
        'done' in shown
          ? describeProgress(shown)
          : 'rows' in shown
            ? describeReport(shown)
            : 'planning: asking each source which hours it has',
      detachSignal: signal,
      print: line => console.log(line),
      redraw: process.stdout.isTTY ? redrawLine : undefined,
      reattachCommand: `npm run backfill -- --attach ${handle.workflowId}`,
    });
  });
}

function whyLine(why: string): string {
  return `sources chosen by auto: ${why}`;
}

/** Replaces the line at the cursor. A longer line would wrap, and the next one would leave its remains. */
function redrawLine(line: string): void {
  process.stdout.write(`\r\x1b[K${fittedTo(process.stdout.columns, line)}`);
}

function inputOf(flags: BackfillFlags, config: Config): object {
  const { from, to, wiki, source, concurrency } = flags;
  const hours = flags.hours ?? (from === undefined && to === undefined ? config.HOURS : undefined);
  return {
    ...(hours !== undefined && { hours: numberOrText(hours) }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(wiki !== undefined && { wikis: splitList(wiki) }),
    ...(source !== undefined && { source }),
    ...(concurrency !== undefined && { concurrency: numberOrText(concurrency) }),
  };
}

/** The estimated cost, line by line. Asks the sources; starts nothing. */
async function dryRun(raw: object, config: Config, signal: AbortSignal): Promise<string[]> {
  const input = checkedInput(raw);
  const deps: PlanDeps = {
    definition: recentChange(),
    wikis: new Set(config.FILTER_WIKI),
    api: { urlTemplate: config.ACTION_API_URL, userAgent: config.USER_AGENT },
    dumps: { url: config.DUMPS_URL, userAgent: config.USER_AGENT },
  };
  const plan = await makePlan(input, deps, { signal, warn: message => console.error(message) });
  const costs = await estimate(plan, deps, signal);
  return [
    `Dry run, nothing was started: ${input.from} to ${input.to}, ${plan.sites.length === 0 ? 'all wikis' : `${plan.sites.length} wikis`}`,
    ...(plan.why === undefined ? [] : [whyLine(plan.why)]),
    ...costs.map(cost => costLine(cost, config.ACTION_API_PER_MINUTE)),
    ...plan.missing.map(({ from, to, why }) => `unavailable: ${from} to ${to}: ${why}`),
  ];
}

/** The workflow's own check; its failure becomes an error that the command line prints without a stack. */
function checkedInput(raw: object): ReturnType<typeof readBackfillInput> {
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
  const time = source === 'api' ? `, ${Math.ceil(requests / perMinute)} min at ${perMinute} per minute` : '';
  const basis = sampled === undefined ? '' : ` (estimated from ${sampled} wikis)`;
  const size = bytes === undefined ? 'size unknown' : `about ${describeSize(bytes)}`;
  return `${source.padEnd(7)} ${from} to ${to}: ${Math.ceil(hours)} hours, about ${requests} ${UNITS[source]}${time}, ${size}${basis}`;
}
