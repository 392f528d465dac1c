/**
 * Everything about dead letters but storing them: judging them again, replaying them and showing them. This file replays
 * letters that today's reader can use: they become parts of their hours, once per `meta.id`, even after a replay that
 * stopped halfway. It takes two passes, so that only one object and the identities of one hour are in memory at a time.
 */
import { createHash } from 'node:crypto';
import type { StreamDefinition } from '../contracts/stream-definition.ts';
import { isReplayPart, replayPartKey } from '../contracts/storage/object-keys.ts';
import { PartBuffer } from '../bronze/part-buffer.ts';
import type { HourLines } from '../bronze/part-buffer.ts';
import type { Judge } from '../core/reading.ts';
import { shownUrl } from '../core/shown-url.ts';
import type { Hour } from '../core/time.ts';
import { linesIn, sourceOf, writePartAs } from '../bronze/parts.ts';
import { readLetters, selectLetters } from '../bronze/dead-letters.ts';
import type { LetterObject, LetterSelection } from '../bronze/dead-letters.ts';
import type { GoldSource } from '../contracts/storage/gold-source.ts';
import type { GoldStore } from '../gold/gold-store.ts';
import { partsOfHour } from '../bronze/hour-parts.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Persistence } from '../store/persistently.ts';
import { judge } from './judge.ts';
import type { LeftReason } from './judge.ts';

export interface ReplayDeps {
  readonly store: ObjectStore;
  readonly gold: Pick<GoldStore, 'unapplied' | 'sources'>;
  readonly definition: Pick<StreamDefinition, 'logKeys' | 'judge'>;
  /** Wikis to keep; empty keeps all. */
  readonly wikis: ReadonlySet<string>;
  /** The source of letters whose flush has no part left to read it from. */
  readonly streamUrl: string;
  readonly persistence: Persistence;
}

/** What to replay, and when. */
export interface ReplayRun {
  readonly selection: LetterSelection;
  /** Timestamps more than a day later are unusable, as at the intake. */
  readonly nowMs: number;
  /** Writes nothing. */
  readonly isDry: boolean;
}

/** Letters by what today's reader makes of them. */
interface Judgement {
  readonly letters: number;
  readonly usable: number;
  /** Letters that are not replayed. */
  readonly left: ReadonlyMap<LeftReason, number>;
}

export interface Replay extends Judgement {
  /** Hours of usable letters, ascending. */
  readonly hours: readonly HourReplay[];
}

/** Outcome for the usable letters of one hour. */
export interface HourReplay {
  readonly hour: Hour;
  /** Events that bronze already had. */
  readonly known: number;
  /** Parts written now; in a dry run, parts that would be written. */
  readonly written: number;
  readonly events: number;
  /** Keys that gold has not counted: those written now, and those of an earlier replay that stopped before gold. */
  readonly uncounted: readonly string[];
  /** Edits in these parts whose revision no counted part of the hour has. */
  readonly edits: number;
}

/**
 * Writes usable letters that bronze lacks. Run one replay at a time: two of them would write the same events, because
 * neither sees what the other is about to write.
 */
export async function replayLetters(run: ReplayRun, deps: ReplayDeps): Promise<Replay> {
  const { objects, ...judgement } = await judgeLetters(run, deps);
  const hours: HourReplay[] = [];
  for (const [hour, ofHour] of [...objects].sort(([a], [b]) => (a < b ? -1 : 1)))
    hours.push(await replayHour(hour, ofHour, run, deps));
  return { ...judgement, hours };
}

/** First pass: judges every selected letter. `objects` lists, by hour, the objects that have usable letters. */
async function judgeLetters(
  { selection, nowMs }: ReplayRun,
  { store, definition, wikis }: ReplayDeps,
): Promise<Judgement & { objects: Map<Hour, LetterObject[]> }> {
  const left = new Map<LeftReason, number>();
  const objects = new Map<Hour, LetterObject[]>();
  let count = 0;
  let usable = 0;
  for await (const { letters, ...object } of selectLetters(store, definition.logKeys, selection)) {
    const hours = new Set<Hour>();
    for (const letter of letters) {
      count += 1;
      const verdict = judge(letter, { judge: definition.judge, wikis }, nowMs);
      if (verdict.kind === 'left') {
        left.set(verdict.why, (left.get(verdict.why) ?? 0) + 1);
        continue;
      }
      usable += 1;
      hours.add(verdict.hour);
    }
    for (const hour of hours) objects.set(hour, [...(objects.get(hour) ?? []), object]);
  }
  return { letters: count, usable, left, objects };
}

/** Second pass, one hour: writes the events that its parts lack. */
async function replayHour(
  hour: Hour,
  objects: readonly LetterObject[],
  run: ReplayRun,
  deps: ReplayDeps,
): Promise<HourReplay> {
  const { store, gold, definition, wikis, persistence } = deps;
  const { keys } = await partsOfHour(store, definition.logKeys, hour);
  const uncounted = await gold.unapplied(keys.filter(isReplayPart));
  const contents = new HourContents(definition.judge);
  for (const key of keys) contents.add(await linesIn(store, key), !uncounted.includes(key));
  const sums = { known: 0, written: 0, events: 0 };
  for (const { key, flush, partKeys } of objects) {
    const buffer = new PartBuffer();
    for (const letter of await readLetters(store, key, run.selection)) {
      const verdict = judge(letter, { judge: definition.judge, wikis }, run.nowMs);
      if (verdict.kind === 'left' || verdict.hour !== hour) continue;
      const { event } = verdict;
      if (contents.has(event.id)) {
        sums.known += 1;
        continue;
      }
      contents.add([Buffer.from(event.line).toString('utf8')], false);
      buffer.add(event, run.nowMs);
    }
    const [lines] = buffer.hours();
    if (lines === undefined) continue;
    const partKey = replayPartKey(hour, flush, digestOf(lines));
    if (!run.isDry) {
      persistence.signal.throwIfAborted();
      await writePartAs(partKey, store, lines, await streamOf(partKeys, deps), persistence);
    }
    sums.written += 1;
    sums.events += lines.lines.length;
    uncounted.push(partKey);
  }
  return { hour, ...sums, uncounted, edits: contents.uncountedEdits };
}

/** The ids and revisions that the parts of an hour hold, which decide what a replay adds. */
class HourContents {
  readonly #judge: Judge;
  readonly #ids = new Set<string>();
  readonly #counted = new Set<string>();
  readonly #uncounted = new Set<string>();

  constructor(judgeEvent: Judge) {
    this.#judge = judgeEvent;
  }

  /** Adds events. @param isCounted whether gold has them, or will get them without this replay */
  add(lines: readonly string[], isCounted: boolean): void {
    const revisions = isCounted ? this.#counted : this.#uncounted;
    for (const line of lines) {
      // Rows of the Action API and the dumps have revisions but no ids.
      const reading = this.#judge(line, { nowMs: Number.POSITIVE_INFINITY, needsId: false });
      if (reading.kind !== 'event') continue;
      if (reading.id !== undefined) this.#ids.add(reading.id);
      if (reading.edit !== undefined) revisions.add(`${reading.wiki} ${reading.edit.revision}`);
    }
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Revisions that only uncounted parts have. */
  get uncountedEdits(): number {
    return [...this.#uncounted].filter(revision => !this.#counted.has(revision)).length;
  }
}

function digestOf({ lines }: HourLines): string {
  const hash = createHash('sha256');
  for (const line of lines) hash.update(line).update('\n');
  return hash.digest('hex').slice(0, 16);
}

/** The stream that a letter came from: that of the parts of its flush. */
async function streamOf(
  partKeys: readonly string[],
  { store, gold, streamUrl }: ReplayDeps,
): Promise<GoldSource> {
  for (const key of partKeys) {
    const part = await store.get(key);
    if (part !== undefined) return sourceOf(part);
  }
  // Gold never mixes simulated and real rows, so one simulated source means that this one is simulated too.
  const sources = await gold.sources();
  return { url: shownUrl(streamUrl), simulated: sources.some(({ simulated }) => simulated) };
}
