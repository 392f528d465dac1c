/**
 * What a verification finds: errors, which fail it, and notes, which do not. Memory is bounded: the first findings of
 * each kind keep their text, the rest are only counted.
 */
export const CHECKS = ['log', 'bronze', 'offsets', 'gold', 'sums'] as const;
export type Check = (typeof CHECKS)[number];

export type ErrorKind =
  | 'record_missing'
  | 'record_unreadable'
  | 'record_inconsistent'
  | 'object_missing'
  | 'object_unreadable'
  | 'object_differs'
  | 'digest_differs'
  | 'line_unusable'
  | 'line_misplaced'
  | 'event_twice'
  | 'record_lost'
  | 'offsets_missing'
  | 'rows_differ'
  | 'part_not_counted'
  | 'counted_part_missing'
  | 'older_rows_missing'
  | 'audit_differs'
  | 'certificate_differs'
  | 'roll_up_differs'
  | 'day_differs';

export type NoteKind =
  | 'log_empty'
  | 'foreign_object'
  | 'older_rows'
  | 'unnamed_object'
  | 'edits_differ'
  | 'compressed_again'
  | 'bronze_expired'
  | 'rows_expired'
  | 'holes_unclear'
  | 'gaps_known'
  | 'part_waits'
  | 'rebuild_waits'
  | 'not_compared';

interface FindingBase {
  readonly check: Check;
  /** The key, row, hour or record it is about. */
  readonly subject: string;
  readonly message: string;
}

export interface ErrorFinding extends FindingBase {
  readonly severity: 'error';
  readonly kind: ErrorKind;
  /** What to do about it. */
  readonly advice: string;
}

export interface NoteFinding extends FindingBase {
  readonly severity: 'note';
  readonly kind: NoteKind;
}

export type Finding = ErrorFinding | NoteFinding;

/** Findings of each kind that keep their text. */
const KEPT_PER_KIND = 20;

/** Findings of one kind in one check. */
export interface FindingGroup {
  readonly check: Check;
  readonly severity: Finding['severity'];
  readonly kind: Finding['kind'];
  readonly kept: readonly Finding[];
  readonly count: number;
}

export class Findings {
  readonly #groups = new Map<string, FindingGroup & { readonly kept: Finding[]; count: number }>();

  add(...findings: readonly Finding[]): void {
    for (const finding of findings) {
      const { check, severity, kind } = finding;
      const name = `${check} ${kind}`;
      const group = this.#groups.get(name) ?? { check, severity, kind, kept: [], count: 0 };
      if (group.kept.length < KEPT_PER_KIND) group.kept.push(finding);
      group.count += 1;
      this.#groups.set(name, group);
    }
  }

  /** Groups of a check: errors first, then in order of first appearance. */
  of(check: Check): FindingGroup[] {
    const groups = [...this.#groups.values()].filter(group => group.check === check);
    return groups.sort((a, b) => Number(a.severity === 'note') - Number(b.severity === 'note'));
  }

  /** Number of errors, including those whose text was dropped. */
  get errors(): number {
    return [...this.#groups.values()]
      .filter(group => group.severity === 'error')
      .reduce((sum, { count }) => sum + count, 0);
  }
}

export function errorOf(
  [check, kind]: readonly [Check, ErrorKind],
  subject: string,
  message: string,
  advice: string,
): ErrorFinding {
  return { severity: 'error', check, kind, subject, message, advice };
}

export function noteOf(
  [check, kind]: readonly [Check, NoteKind],
  subject: string,
  message: string,
): NoteFinding {
  return { severity: 'note', check, kind, subject, message };
}
