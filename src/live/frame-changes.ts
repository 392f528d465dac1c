/** What changed from one whole frame to the next, so that a tick costs as much as was edited in it. */
import { rowIdentity } from '../core/minute-counts.ts';
import type { MinuteRow } from '../core/minute-counts.ts';
import type { LiveFrame, LivePart } from '../contracts/live-frame.ts';

/** Remembers what was published last. */
export class FrameChanges {
  #attempt: string | undefined;
  #parts = new Map<string, KnownPart>();

  /** The frame to publish after the one before: whole for a new attempt. @param next whole */
  to(next: LiveFrame): LiveFrame {
    const isSame = next.attempt === this.#attempt;
    this.#attempt = next.attempt;
    const before = isSame ? this.#parts : new Map<string, KnownPart>();
    this.#parts = new Map(next.parts.map(part => [part.key, known(part)]));
    if (!isSame) return next;
    return {
      ...next,
      isWhole: false,
      parts: next.parts.flatMap(part => changed(before.get(part.key), part)),
    };
  }
}

interface KnownPart {
  readonly kind: LivePart['kind'];
  readonly isInGold: boolean;
  readonly rows: ReadonlyMap<string, MinuteRow> | undefined;
}

function known({ kind, rows, isInGold }: LivePart): KnownPart {
  return {
    kind,
    isInGold: isInGold === true,
    rows: rows && new Map(rows.map(row => [rowIdentity(row), row])),
  };
}

function changed(before: KnownPart | undefined, part: LivePart): LivePart[] {
  if (before === undefined || part.rows === undefined || before.rows === undefined) {
    const hasRows = part.rows !== undefined;
    return before !== undefined && isAlike(before, part) && (before.rows !== undefined) === hasRows
      ? []
      : [part];
  }
  const earlier = before.rows;
  const rows = part.rows.filter(row => {
    const same = earlier.get(rowIdentity(row));
    return same?.edits !== row.edits || same.bytesChange !== row.bytesChange;
  });
  return rows.length === 0 && isAlike(before, part) ? [] : [{ ...part, rows }];
}

function isAlike(before: KnownPart, { kind, isInGold }: LivePart): boolean {
  return before.kind === kind && before.isInGold === (isInGold === true);
}
