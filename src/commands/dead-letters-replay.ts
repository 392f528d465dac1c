/**
 * `wikigauge dead-letters replay`: brings what the reader can use by now into bronze and gold, once. It may be ended
 * at any instant and run again: what is left to do is found in bronze and in gold.
 */
import { mapBounded } from '../core/map-bounded.ts';
import { countHour } from '../temporal/count-hour.ts';
import type { CountOutcome } from '../temporal/count-hour.ts';
import { replayLetters } from '../dead-letters/replay.ts';
import type { HourReplay, Replay } from '../dead-letters/replay.ts';
import { counted } from '../dead-letters/show.ts';
import { s3Settings } from '../config/places.ts';
import { withReplayLock } from '../gold/replay-lock.ts';
import { openS3 } from '../store/s3.ts';
import { openGold } from '../gold/open-gold.ts';
import { connectClient } from '../temporal/client.ts';
import { readConfigWithGold, stopSignal } from './environment.ts';
import { described, readLetterFlags } from './letter-flags.ts';
import type { LetterFlags } from './letter-flags.ts';

export interface ReplayFlags extends LetterFlags {
  readonly dryRun?: boolean;
}

const PARALLEL_HOURS = 4;

/** Exit code 1 when an hour could not be counted. */
export async function replayCommand(flags: ReplayFlags): Promise<void> {
  const nowMs = Date.now();
  const selection = readLetterFlags(flags, nowMs);
  const isDry = flags.dryRun === true;
  const config = readConfigWithGold();
  const store = openS3(s3Settings(config));
  const gold = openGold(config.gold, store, {
    maxConnections: PARALLEL_HOURS,
    applicationName: 'wikigauge replay',
    statementTimeoutMs: 60_000,
  });
  const closers: (() => unknown)[] = [() => gold.close(), () => store.close()];
  try {
    // Before anything is written: parts that nobody counts would wait for the next replay.
    const client = await connectClient(process.env);
    closers.unshift(() => client.connection.close());
    const rules = { editTypes: new Set(config.EDIT_TYPES), wikis: new Set(config.FILTER_WIKI) };
    const work = (signal: AbortSignal): Promise<Replay> =>
      replayLetters(
        { selection, nowMs, isDry },
        { store, gold, rules, streamUrl: config.EVENTSTREAMS_URL, persistence: { signal } },
      );
    const onWait = (): void => console.log('another replay is under way; waits for its end');
    const replay = isDry
      ? await work(new AbortController().signal)
      : await withReplayLock({ places: config.gold, store, onWait }, work);
    if (replay.letters === 0) return console.log(`No dead letters${described(selection)}.`);

    const reasons = [...replay.left].map(([why, count]) => `${count} ${why}`);
    if (reasons.length > 0) console.log(`left as they are: ${reasons.join(', ')}`);
    const lacking = replay.hours.filter(lacksCount);
    if (isDry) {
      for (const hour of lacking) console.log(`${hour.hour}  ${whatIsNew(hour)}`);
      return console.log(`a dry run, nothing was written: ${sumLine(replay)}`);
    }
    const left = stopSignal();
    if (lacking.length > 0) console.log(`waits for ${counted(lacking.length, 'hour')} to be counted anew`);
    const outcomes = await mapBounded(lacking, PARALLEL_HOURS, async hour => {
      const outcome = await countHour(hour.hour, hour.uncounted, { client, gold, left });
      console.log(`${hour.hour}  ${whatIsNew(hour)}: ${whatCame(outcome)}`);
      if (outcome.kind === 'failed') process.exitCode = 1;
      return outcome;
    });
    console.log(sumLine(replay, outcomes));
  } finally {
    for (const close of closers) await close();
  }
}

function whatIsNew({ uncounted, edits }: HourReplay): string {
  return `${counted(uncounted.length, 'part')} that gold lacked, ${counted(edits, 'edit')}`;
}

function whatCame(outcome: CountOutcome): string {
  switch (outcome.kind) {
    case 'rebuilt':
      return `rebuilt, ${counted(outcome.changedRows, 'row')} changed`;
    case 'added':
      return 'added by its own run, whose end rebuilds it';
    case 'failed':
      return `failed: ${outcome.reason}`;
    case 'left':
      return 'left; to see what came of it, replay again';
    default:
      return outcome satisfies never;
  }
}

/** What came of it all; without outcomes, what would. */
function sumLine({ letters, usable, hours }: Replay, outcomes?: readonly CountOutcome[]): string {
  const lacking = hours.filter(lacksCount);
  const ofKind = (kind: CountOutcome['kind']): HourReplay[] =>
    lacking.filter((_, at) => outcomes?.[at]?.kind === kind);
  const [rebuilt, added] = [ofKind('rebuilt'), ofKind('added')];
  const done = outcomes === undefined ? lacking : [...rebuilt, ...added];
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
  const judged = `${counted(letters, 'dead letter')} read, ${usable} usable now (${known} in bronze already)`;
  if (outcomes === undefined)
    return `${judged}, ${parts} of ${events} to write, ${counted(done.length, 'hour')} to count anew, ${edits} to add`;
  const ofRunning = added.length === 0 ? '' : `, ${counted(added.length, 'running hour')} added to`;
  return `${judged}, ${parts} of ${events} written, ${counted(rebuilt.length, 'hour')} rebuilt${ofRunning}, ${edits} added`;
}

/** Whether gold lacks any of the hour's replayed parts. */
function lacksCount({ uncounted }: HourReplay): boolean {
  return uncounted.length > 0;
}

function sum(hours: readonly HourReplay[], what: (hour: HourReplay) => number): number {
  return hours.reduce((total, hour) => total + what(hour), 0);
}
