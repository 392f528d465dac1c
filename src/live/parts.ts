/**
 * What an attempt publishes of its parts: those that are being filled or flushed, and committed ones until gold has had
 * them for a while. Pure: gold's answers and the time come in.
 */
import type { LiveFrame, LivePart } from '../contracts/live-frame.ts';
import type { MinuteRow } from '../core/minute-counts.ts';

/** A reader of gold may be this late, so long is a part repeated that gold has. */
const REPEATED_MS = 60_000;
/** Beyond this many parts that wait for gold, only their names are kept: rows of hours of edits would fill the memory. */
const MOST_PARTS = 50;
/** Rows of one frame. While a backlog is read, parts are large and nobody looks at their minutes. */
const MOST_ROWS = 40_000;

/** Where the attempt is. */
export type LivePosition = Pick<LiveFrame, 'positions' | 'readFromMs' | 'readToMs' | 'wikis'>;

export interface StoredRows {
  readonly key: string;
  /** Absent: only the name is known. */
  readonly rows?: readonly MinuteRow[];
}

interface Stored {
  rows: readonly MinuteRow[] | undefined;
  /** When gold was first seen to have it, in ms of a monotonic clock. */
  inGoldMs: number | undefined;
}

export class LiveParts {
  readonly #attempt: string;
  readonly #fence: number;
  readonly #stored = new Map<string, Stored>();
  #isListed = false;

  constructor(attempt: string, fence: number) {
    this.#attempt = attempt;
    this.#fence = fence;
  }

  /** Parts of a commit of this attempt. */
  stored(parts: readonly StoredRows[]): void {
    for (const { key, rows } of parts) this.#stored.set(key, { rows, inGoldMs: undefined });
    const kept = [...this.#stored.values()].filter(part => part.rows !== undefined);
    for (const part of kept.slice(0, Math.max(0, kept.length - MOST_PARTS))) part.rows = undefined;
  }

  /** Parts of earlier attempts that gold lacks: what they have left behind is known from now on. */
  listed(parts: readonly StoredRows[]): void {
    this.stored(parts);
    this.#isListed = true;
  }

  /** Parts that gold is not known to have. */
  get waiting(): string[] {
    return [...this.#stored].filter(([, { inGoldMs }]) => inGoldMs === undefined).map(([key]) => key);
  }

  /** What gold answered: of the parts `asked`, it has all but `lacking`. */
  answered(asked: readonly string[], lacking: readonly string[], uptimeMs: number): void {
    const missing = new Set(lacking);
    for (const key of asked) {
      const part = this.#stored.get(key);
      if (part !== undefined && !missing.has(key)) part.inGoldMs ??= uptimeMs;
    }
    for (const [key, { inGoldMs }] of this.#stored)
      if (inGoldMs !== undefined && uptimeMs - inGoldMs > REPEATED_MS) this.#stored.delete(key);
  }

  /** A whole frame. @param open parts that are not committed yet, by their future keys */
  frame(open: readonly LivePart[], position: LivePosition): LiveFrame {
    const stored = [...this.#stored].map(([key, { rows, inGoldMs }]): LivePart => ({
      key,
      kind: 'stored',
      ...(inGoldMs !== undefined && { isInGold: true }),
      ...(rows !== undefined && { rows }),
    }));
    let left = MOST_ROWS;
    const parts = [...open, ...stored].map((part): LivePart => {
      left -= part.rows?.length ?? 0;
      if (left >= 0) return part;
      const { key, kind, isInGold } = part;
      return { key, kind, ...(isInGold === true && { isInGold }) };
    });
    return {
      attempt: this.#attempt,
      fence: this.#fence,
      isListed: this.#isListed,
      ...position,
      parts,
      isWhole: true,
    };
  }
}
