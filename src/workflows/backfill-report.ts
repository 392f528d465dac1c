/** What a backfill reports: the answer to `progress`, the current details in the Web UI, and its result. Pure. */
import { msLeft } from '../core/backfill.ts';
import type { BackfillSource, MissingStretch, PlannedStretch, Stretch } from '../core/backfill.ts';
import { isoSeconds } from '../core/time.ts';
import type { BackfillState, FailedWindow, Rebuilt, SourceTotals } from './backfill-state.ts';
import { sentenceOf } from './waiting-for.ts';
import type { WaitingFor } from './waiting-for.ts';

/** The result of a backfill; also part of the answer to `progress` while it runs. */
export interface BackfillReport extends Stretch {
  /** Which part of the range is read from which source. */
  readonly stretches: readonly PlannedStretch[];
  /** Why `auto` reads these sources; absent when one was asked for. */
  readonly why?: string;
  /** What no source has. */
  readonly missing: readonly MissingStretch[];
  readonly failed: readonly FailedWindow[];
  readonly perSource: Readonly<Partial<Record<BackfillSource, SourceTotals>>>;
  readonly rows: number;
  readonly bytes: number;
  readonly requests: number;
  readonly rebuilt: Rebuilt;
}

/** What a backfill is doing, and what it waits for meanwhile. */
const PHASES = {
  paused: 'resume',
  planning: 'plan',
  reading: 'windows',
  rebuilding: 'rebuilds',
  done: 'nothing',
} as const satisfies Record<string, WaitingFor>;
export type BackfillPhase = keyof typeof PHASES;

/** The answer to `progress` before there is a plan. */
export interface UnplannedBackfill extends Stretch {
  readonly state: BackfillPhase;
  /** For people: compare `state`. */
  readonly waitingFor: string;
}

/** A window that is being read. */
export interface RunningWindow extends Stretch {
  readonly source: BackfillSource;
  /** Absent for the stream. */
  readonly wiki?: string;
  /** How much of it is read, 0 to 1: known to whoever sees the heartbeat of its activity. */
  readonly share?: number;
}

export interface BackfillProgress extends BackfillReport, UnplannedBackfill {
  /** ISO 8601. */
  readonly startedAt: string;
  /** Hours of all wikis: read so far, and in total. */
  readonly done: number;
  readonly total: number;
  /** Hours that wait to be rebuilt. */
  readonly toRebuild: number;
  /** Rows per minute since the start. */
  readonly rate: number;
  /** ISO 8601; absent until there is something to estimate it from. */
  readonly eta?: string;
  /** Windows that failed and are retried at the end. */
  readonly troubled: readonly FailedWindow[];
  /** What is read at the moment; `done` counts these windows only once they are complete. */
  readonly running: readonly RunningWindow[];
}

export function unplanned({ from, to }: Stretch, phase: BackfillPhase): UnplannedBackfill {
  return { from, to, state: phase, waitingFor: sentenceOf(PHASES[phase]) };
}

export function reportOf({ from, to }: Stretch, state: BackfillState): BackfillReport {
  return {
    from,
    to,
    stretches: state.stretches,
    ...(state.plan.why !== undefined && { why: state.plan.why }),
    missing: state.missing,
    failed: state.failed,
    perSource: state.totals,
    rows: sum(state, totals => totals.rows),
    bytes: sum(state, totals => totals.bytes),
    requests: sum(state, totals => totals.requests),
    rebuilt: state.rebuilt,
  };
}

/** @param nowMs epoch ms */
export function progressOf(
  range: Stretch,
  state: BackfillState,
  phase: BackfillPhase,
  nowMs: number,
  running: readonly RunningWindow[] = [],
): BackfillProgress {
  const report = reportOf(range, state);
  const elapsedMs = nowMs - Date.parse(state.startedAt);
  const leftMs = msLeft(Object.values(state.totals), elapsedMs);
  return {
    ...report,
    startedAt: state.startedAt,
    done: round(sum(state, totals => totals.done)),
    total: round(sum(state, totals => totals.total)),
    toRebuild:
      state.toRebuild.length + Object.values(state.touched).reduce((n, hours) => n + hours.length, 0),
    rate: elapsedMs > 0 ? Math.round((report.rows * 60_000) / elapsedMs) : 0,
    ...(Number.isFinite(leftMs) && { eta: isoSeconds(Math.ceil((nowMs + leftMs) / 1000)) }),
    troubled: state.lanes.flatMap(({ source, site, at, to, trouble }) =>
      trouble === undefined
        ? []
        : [{ source, ...(site !== undefined && { wiki: site.wiki }), from: at, to, reason: trouble }],
    ),
    running,
    state: phase,
    waitingFor: sentenceOf(PHASES[phase]),
  };
}

/** Markdown for the Web UI, while it runs. */
export function detailsOf(progress: BackfillProgress): string {
  const { rate, eta, waitingFor } = progress;
  const estimate = `, ${rate} a minute${eta === undefined ? '' : `, done about ${eta}`}`;
  return textOf(progress, { waiting: `, waits for ${waitingFor}`, estimate });
}

/** The same once it has ended. */
export function summaryOf(progress: BackfillProgress): string {
  return textOf(progress, { waiting: '', estimate: '' });
}

function textOf(
  progress: BackfillProgress,
  { waiting, estimate }: { waiting: string; estimate: string },
): string {
  const { from, to, done, total, rows, rebuilt, toRebuild, why } = progress;
  const share = total === 0 ? 0 : Math.floor((100 * done) / total);
  const lines = Object.entries(progress.perSource).map(
    ([source, { done, total, rows, requests, known }]) =>
      `| ${source} | ${round(done)} / ${round(total)} | ${rows} | ${known} | ${requests} |`,
  );
  return [
    `**${share} %** of ${from} to ${to}${waiting}`,
    `${rows} rows${estimate} · ${rebuilt.hours} hours rebuilt (${rebuilt.changedRows} rows changed), ${toRebuild} to come`,
    ['| source | hours of wikis | rows | known before | requests |', '|---|---|---|---|---|', ...lines].join(
      '\n',
    ),
    ...(why === undefined ? [] : [`Sources: ${why}`]),
    ...listed(
      'being read',
      progress.running.map(
        ({ source, wiki, from, to }) => `${source} ${wiki ?? 'all wikis'} ${from} to ${to}`,
      ),
    ),
    ...listed('retried at the end', progress.troubled.map(textOfFailed)),
    ...listed('failed', progress.failed.map(textOfFailed)),
    ...listed(
      'unavailable',
      progress.missing.map(({ from, to, wiki, why }) => `${wiki ?? 'all wikis'} ${from} to ${to}: ${why}`),
    ),
  ].join('\n\n');
}

function textOfFailed({ source, wiki, from, to, reason }: FailedWindow): string {
  return `${source} ${wiki ?? 'all wikis'} ${from} to ${to}: ${reason}`;
}

/** Only the first few, so that a thousand failures do not fill the page. */
function listed(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const more = items.length > 10 ? [`- … and ${items.length - 10} more`] : [];
  return [[`${title}:`, ...items.slice(0, 10).map(item => `- ${item}`), ...more].join('\n')];
}

function sum({ totals }: BackfillState, of: (totals: SourceTotals) => number): number {
  return Object.values(totals).reduce((all, totals) => all + of(totals), 0);
}

function round(hours: number): number {
  return Math.round(hours * 10) / 10;
}
