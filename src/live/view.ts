/**
 * What an API shows: gold, and what the live feed has beyond it. Equals gold as if every pending part were applied. Pure:
 * frames, hours of gold and the time (of a monotonic clock) come in, counts come out.
 */
import { flushOfKey, hourOfPartKey } from '../contracts/storage/object-keys.ts';
import type { MinuteRow } from '../core/minute-counts.ts';
import type { Hour } from '../core/time.ts';
import type { LiveFrame, LivePart } from '../contracts/live-frame.ts';
import type { LiveCounts } from '../contracts/live-source.ts';
import { ALL_WIKIS } from '../core/wiki-name.ts';
import type { HourContents } from '../gold/gold-store.ts';

/** What the key of a part of the stream says: its hour, and which flush of which attempt wrote it. */
interface PartName {
  readonly hour: Hour;
  readonly sequence: number;
  readonly attempt: string;
}

/** An API finds the feed of the next attempt sooner than that. */
const HEAR_MS = 15_000;
/** Counts of uncommitted events are shown this long after the feed was lost. */
const FORGET_MS = 10 * 60_000;

interface Cell {
  edits: number;
  bytesChange: number;
}
type Cells = Map<string, Cell>;

interface Part {
  readonly attempt: string;
  readonly sequence: number;
  kind: LivePart['kind'];
  isInGold: boolean;
  /** By `cellName`; undefined where only the name is known. */
  cells: Cells | undefined;
}

/** A reading of gold that has begun. */
export interface GoldReading {
  /** Attempts whose uncommitted parts go with it. */
  readonly passed: ReadonlySet<string>;
  readonly nowMs: number;
}

type Attempt = Pick<LiveFrame, 'fence' | 'positions'>;

interface Gold {
  readonly cells: Cells;
  readonly ledger: ReadonlySet<string>;
  /** Its parts of the stream. */
  readonly names: readonly (PartName & { readonly key: string })[];
}

const NONE: Cell = { edits: 0, bytesChange: 0 };

export class LiveView {
  /** By hour, then by key. */
  readonly #parts = new Map<Hour, Map<string, Part>>();
  readonly #gold = new Map<Hour, Gold>();
  /** Attempts whose uncommitted events may be shown, by name. */
  readonly #attempts = new Map<string, Attempt>();
  /** Those of them that were listed, and read again as a whole. */
  readonly #passed = new Set<string>();
  #current: LiveFrame | undefined;
  #heardMs = -Infinity;
  #goldChanges = 0;
  /** Whether gold has parts of a later attempt than the one whose frames come. */
  #isFencedOff = false;
  /** Since when gold is known to be ahead of the feed. */
  #aheadSinceMs: number | undefined;

  /** The last frame, without its parts; undefined before the first. */
  get feed(): Omit<LiveFrame, 'parts'> | undefined {
    return this.#current;
  }

  /** When the last frame came. */
  get heardMs(): number {
    return this.#heardMs;
  }

  /** How often the feed has said that a part is in gold now. */
  get goldChanges(): number {
    return this.#goldChanges;
  }

  /** Whether gold was never read for the hour, or is known to have parts by now that it lacked then. */
  isGoldStale(hour: Hour): boolean {
    const ledger = this.#gold.get(hour)?.ledger;
    if (ledger === undefined) return true;
    return [...(this.#parts.get(hour) ?? [])].some(
      ([key, part]) =>
        (part.isInGold && !ledger.has(key)) || (this.#isUncertain(part) && this.#passed.has(part.attempt)),
    );
  }

  /** Takes in a frame; one of an attempt that was fenced off changes nothing. */
  take(frame: LiveFrame, nowMs: number): void {
    if (frame.fence < (this.#current?.fence ?? 0)) return;
    if (frame.attempt !== this.#current?.attempt) this.#aheadSinceMs = undefined;
    this.#current = frame;
    this.#heardMs = nowMs;
    this.#compareFences();
    this.#attempts.set(frame.attempt, { fence: frame.fence, positions: frame.positions });
    for (const part of frame.parts) this.#takePart(part);
    this.#notePassed(frame);
    for (const hour of this.#parts.keys()) this.#retire(hour);
  }

  /** Before gold is read: what the view will be sure of once it has been. */
  readingGold(nowMs: number): GoldReading {
    return { passed: new Set(this.#passed), nowMs };
  }

  /**
   * Takes in an hour of gold. When it has parts of a later attempt than the one that is heard, it waits a while for that
   * one's frames: only they say what of the earlier attempt is in those parts.
   * @returns false while it waits: the hour has to be read again
   */
  takeGold(hour: Hour, { rows, keys }: HourContents, { passed, nowMs }: GoldReading): boolean {
    const ledger = new Set(keys);
    const names = keys.flatMap(key => {
      const name = nameOf(key);
      return name === undefined ? [] : [{ ...name, key }];
    });
    if (this.#gold.has(hour) && names.some(name => this.#isUnheard(name))) {
      this.#aheadSinceMs ??= nowMs;
      if (nowMs - this.#aheadSinceMs < HEAR_MS) return false;
    }
    this.#gold.set(hour, { cells: cellsOf(rows), ledger, names });
    this.#compareFences();
    const parts = this.#parts.get(hour) ?? new Map<string, Part>();
    for (const [key, part] of parts) {
      if (ledger.has(key)) part.kind = 'stored';
      else if (this.#isUncertain(part) && passed.has(part.attempt)) parts.delete(key);
    }
    this.#retire(hour);
    return true;
  }

  /** Forgets hours before this one, and what nobody has confirmed for a long time. */
  forget(before: Hour, nowMs: number): void {
    for (const hour of this.#parts.keys()) if (hour < before) this.#parts.delete(hour);
    for (const hour of this.#gold.keys()) if (hour < before) this.#gold.delete(hour);
    if (nowMs - this.#heardMs <= FORGET_MS) return;
    for (const parts of this.#parts.values())
      for (const [key, { kind }] of parts) if (kind === 'open') parts.delete(key);
  }

  /** Undefined while it is not known: gold of its hour was not read, or rows of a pending part are missing. */
  counts(wiki: string, minute: number, hour: Hour): LiveCounts | undefined {
    const gold = this.#gold.get(hour);
    if (gold === undefined) return undefined;
    const pending = [...(this.#parts.get(hour) ?? [])].filter(([key]) => !gold.ledger.has(key));
    if (pending.some(([, { cells }]) => cells === undefined)) return undefined;
    const of = (isBot: boolean): Cell => this.#cell(cellName(wiki, minute, isBot), hour, gold);
    const [human, bot] = [of(false), of(true)];
    return { human: human.edits, bot: bot.edits, bytes: human.bytesChange + bot.bytesChange };
  }

  #cell(name: string, hour: Hour, gold: Gold): Cell {
    const sum = { ...(gold.cells.get(name) ?? NONE) };
    const parts = [...(this.#parts.get(hour) ?? [])].map(([key, part]) => ({
      ...part,
      key,
      fence: this.#fenceOf(part),
      isUncertain: this.#isUncertain(part),
      cell: part.cells?.get(name) ?? NONE,
    }));
    const pending = parts.filter(({ key }) => !gold.ledger.has(key));
    for (const { isUncertain, cell } of pending) if (!isUncertain) add(sum, cell);
    // What an ended attempt had not committed is being read again: until that is done, the side with more edits counts.
    const uncertain = pending.filter(({ isUncertain }) => isUncertain);
    const missing = { ...NONE };
    for (const fence of [...new Set(uncertain.map(part => part.fence))].sort((a, b) => b - a)) {
      const isAllKnown = gold.names.every(
        ({ key, sequence, attempt }) =>
          sequence <= fence ||
          this.#attempts.get(attempt)?.fence === fence ||
          this.#parts.get(hour)?.has(key),
      );
      if (!isAllKnown) continue;
      const lost = totalOf(uncertain.filter(part => part.fence === fence));
      const again = totalOf(parts.filter(part => part.fence > fence && !part.isUncertain));
      add(again, missing);
      if (lost.edits <= again.edits) continue;
      add(missing, { edits: lost.edits - again.edits, bytesChange: lost.bytesChange - again.bytesChange });
    }
    add(sum, missing);
    return sum;
  }

  /** Whether a part may never be written: a later attempt has begun before it was committed, as far as is known. */
  #isUncertain({ kind, attempt }: Part): boolean {
    return kind === 'open' && (attempt !== this.#current?.attempt || this.#isFencedOff);
  }

  #compareFences(): void {
    this.#isFencedOff = [...this.#gold.values()].some(({ names }) => names.some(name => this.#isLater(name)));
  }

  #isLater({ sequence, attempt }: PartName): boolean {
    return sequence > (this.#current?.fence ?? 0) && attempt !== this.#current?.attempt;
  }

  #isUnheard(name: PartName & { readonly key: string }): boolean {
    return this.#isLater(name) && this.#parts.get(name.hour)?.has(name.key) !== true;
  }

  /** Of an attempt that this API has not heard, the sequence: that is between its fence and the next one. */
  #fenceOf({ attempt, sequence }: Part): number {
    return this.#attempts.get(attempt)?.fence ?? sequence;
  }

  /** Parts that gold contains are of no more use, unless they show what was read again of an attempt that has ended. */
  #retire(hour: Hour): void {
    const [parts, ledger] = [this.#parts.get(hour), this.#gold.get(hour)?.ledger];
    if (parts === undefined || ledger === undefined) return;
    if ([...parts.values()].some(part => this.#isUncertain(part))) return;
    for (const key of parts.keys()) if (ledger.has(key)) parts.delete(key);
    if (parts.size === 0) this.#parts.delete(hour);
  }

  #takePart({ key, kind, rows, isInGold }: LivePart): void {
    const name = nameOf(key);
    if (name === undefined) return;
    const { hour, attempt, sequence } = name;
    const ofHour = this.#parts.get(hour) ?? new Map<string, Part>();
    this.#parts.set(hour, ofHour);
    const part: Part = ofHour.get(key) ?? {
      attempt,
      sequence,
      kind,
      isInGold: false,
      cells: undefined,
    };
    ofHour.set(key, part);
    // A part that is stored stays so: a late frame of its attempt cannot know.
    if (part.kind === 'open') part.kind = kind;
    if (isInGold === true && !part.isInGold) {
      part.isInGold = true;
      this.#goldChanges += 1;
    }
    if (rows === undefined) return;
    part.cells ??= new Map();
    setRows(part.cells, rows);
  }

  /**
   * Notes which earlier attempts have nothing left that is not committed, or was not read again. Their uncommitted parts go
   * with the next reading of gold: until then it may lack what they had committed after all.
   */
  #notePassed({ attempt, isListed, positions }: LiveFrame): void {
    if (!isListed) return;
    for (const [name, ended] of this.#attempts) {
      const isPassed = Object.entries(ended.positions).every(([place, ms]) => (positions[place] ?? 0) > ms);
      if (name !== attempt && isPassed) this.#passed.add(name);
    }
  }
}

/** Undefined for the key of anything but a part of the stream. */
function nameOf(key: string): PartName | undefined {
  const [hour, flush] = [hourOfPartKey(key), flushOfKey(key)];
  return hour === undefined || flush === undefined ? undefined : { hour, ...flush };
}

function cellName(wiki: string, minute: number, isBot: boolean): string {
  return `${minute} ${wiki} ${isBot ? 1 : 0}`;
}

function cellsOf(rows: readonly MinuteRow[]): Cells {
  const cells: Cells = new Map();
  setRows(cells, rows);
  return cells;
}

/** Sets counts of rows, and adds what changes by that to those of all wikis together. */
function setRows(cells: Cells, rows: readonly MinuteRow[]): void {
  for (const { minute, wiki, isBot, edits, bytesChange } of rows) {
    const name = cellName(wiki, minute, isBot);
    const before = cells.get(name) ?? NONE;
    cells.set(name, { edits, bytesChange });
    const ofAll = cellName(ALL_WIKIS, minute, isBot);
    const sum = cells.get(ofAll) ?? NONE;
    cells.set(ofAll, {
      edits: sum.edits + edits - before.edits,
      bytesChange: sum.bytesChange + bytesChange - before.bytesChange,
    });
  }
}

function add(sum: Cell, { edits, bytesChange }: Cell): void {
  sum.edits += edits;
  sum.bytesChange += bytesChange;
}

function totalOf(parts: readonly { readonly cell: Cell }[]): Cell {
  const sum = { ...NONE };
  for (const { cell } of parts) add(sum, cell);
  return sum;
}
