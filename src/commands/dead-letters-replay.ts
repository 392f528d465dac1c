/**
 * `wikigauge dead-letters replay`: writes dead letters that have become usable to bronze and gold, once. It can be
 * interrupted at any time and run again: it finds in bronze and gold what is left to do.
 */
import type { Client } from '@temporalio/client';
import { mapBounded } from '../core/map-bounded.ts';
import { recentChange } from '../recentchange/definition.ts';
import { countHour } from '../temporal/count-hour.ts';
import type { CountOutcome } from '../temporal/count-hour.ts';
import { replayLetters } from '../dead-letters/replay.ts';
import type { HourReplay, Replay, ReplayRun } from '../dead-letters/replay.ts';
import { counted } from '../dead-letters/show.ts';
import { withReplayLock } from '../gold/replay-lock.ts';
import { announce, bucketPlace, goldPlace, temporalPlace } from './announce.ts';
import { withClient, withGold } from './connections.ts';
import type { Stores } from './connections.ts';
import { readConfigWithGold, stopSignal } from './environment.ts';
import type { ConfigWithGold } from './environment.ts';
import { described, readLetterFlags } from './letter-flags.ts';
import type { LetterFlags } from './letter-flags.ts';

export interface ReplayFlags extends LetterFlags {
  readonly dryRun?: boolean;
}

const PARALLEL_HOURS = 4;
const POSTGRES = {
  maxConnections: PARALLEL_HOURS,
  applicationName: 'wikigauge replay',
  statementTimeoutMs: 60_000,
};

/** Exit code 1 when an hour could not be counted. */
export async function replayCommand(flags: ReplayFlags): Promise<void> {
  const nowMs = Date.now();
  const run = { selection: readLetterFlags(flags, nowMs), nowMs, isDry: flags.dryRun === true };
  const config = readConfigWithGold();
  await withGold(config, POSTGRES, stores =>
    // Connects to Temporal before writing anything: without it, new parts would stay uncounted until the next replay.
    withClient(client => {
      announce(temporalPlace(client), bucketPlace(config), goldPlace(config.gold));
      return replay(run, { ...stores, config, client });
    }),
  );
}

interface ReplayTools extends Stores {
  readonly config: ConfigWithGold;
  readonly client: Client;
}

async function replay(run: ReplayRun, { store, gold, config, client }: ReplayTools): Promise<void> {
  const work = (signal: AbortSignal): Promise<Replay> =>
    replayLetters(run, {
      store,
      gold,
      definition: recentChange(config.EDIT_TYPES),
      wikis: new Set(config.FILTER_WIKI),
      streamUrl: config.EVENTSTREAMS_URL,
      persistence: { signal },
    });
  const onWait = (): void => console.log('another replay is running; waiting for it to end');
  const result = run.isDry
    ? await work(new AbortController().signal)
    : await withReplayLock({ places: config.gold, store, onWait }, work);
  if (result.letters === 0) return console.log(`No dead letters${described(run.selection)}.`);

  const reasons = [...result.left].map(([why, count]) => `${count} ${why}`);
  if (reasons.length > 0) console.log(`still unusable: ${reasons.join(', ')}`);
  const uncountedHours = result.hours.filter(hasUncounted);
  if (run.isDry) {
    for (const hour of uncountedHours) console.log(`${hour.hour}  ${describeUncounted(hour)}`);
    return console.log(`Dry run, nothing was written: ${sumLine(result)}`);
  }
  const detachSignal = stopSignal();
  if (uncountedHours.length > 0)
    console.log(`waiting for ${counted(uncountedHours.length, 'hour')} to be counted`);
  const outcomes = await mapBounded(uncountedHours, PARALLEL_HOURS, async hour => {
    const outcome = await countHour(hour.hour, hour.uncounted, { client, gold, left: detachSignal });
    console.log(`${hour.hour}  ${describeUncounted(hour)}: ${describeOutcome(outcome)}`);
    if (outcome.kind === 'failed') process.exitCode = 1;
    return outcome;
  });
  console.log(sumLine(result, outcomes));
}

function describeUncounted({ uncounted, edits }: HourReplay): string {
  return `${counted(uncounted.length, 'part')} missing from gold, ${counted(edits, 'edit')}`;
}

function describeOutcome(outcome: CountOutcome): string {
  switch (outcome.kind) {
    case 'rebuilt':
      return `rebuilt, ${counted(outcome.changedRows, 'row')} changed`;
    case 'added':
      return "added by the hour's running workflow, which rebuilds the hour at its end";
    case 'failed':
      return `failed: ${outcome.reason}`;
    case 'left':
      return 'detached; still running. To see the result, replay again';
    default:
      return outcome satisfies never;
  }
}

/** The totals of a replay; without outcomes, those of a dry run. */
function sumLine({ letters, usable, hours }: Replay, outcomes?: readonly CountOutcome[]): string {
  const uncountedHours = hours.filter(hasUncounted);
  const ofKind = (kind: CountOutcome['kind']): HourReplay[] =>
    uncountedHours.filter((_, at) => outcomes?.[at]?.kind === kind);
  const [rebuilt, added] = [ofKind('rebuilt'), ofKind('added')];
  const done = outcomes === undefined ? uncountedHours : [...rebuilt, ...added];
  const known = sum(hours, hour => hour.known);
  const parts = counted(
    sum(hours, hour => hour.written),
    'part',
  );
  const events = counted(
    sum(hours, hour => hour.events),
    'event',
  );
  const edits = counted(
    sum(done, hour => hour.edits),
    'edit',
  );
  const judged = `${counted(letters, 'dead letter')} read, ${usable} usable now (${known} already in bronze)`;
  if (outcomes === undefined)
    return `${judged}, ${parts} with ${events} to write, ${counted(done.length, 'hour')} to count, ${edits} to add`;
  const ofRunning = added.length === 0 ? '' : `, ${counted(added.length, 'running hour')} updated`;
  return `${judged}, ${parts} with ${events} written, ${counted(rebuilt.length, 'hour')} rebuilt${ofRunning}, ${edits} added`;
}

/** Whether gold lacks any of the hour's replayed parts. */
function hasUncounted({ uncounted }: HourReplay): boolean {
  return uncounted.length > 0;
}

function sum(hours: readonly HourReplay[], what: (hour: HourReplay) => number): number {
  return hours.reduce((total, hour) => total + what(hour), 0);
}
