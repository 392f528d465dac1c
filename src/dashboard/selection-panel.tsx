/** What is known of the selected minutes, or of a frozen range, and why they are as they are. */
import { useMemo } from 'preact/hooks';
import { STEPS, STEP_SECONDS } from '../core/steps.ts';
import { isoSeconds, secondOf } from '../core/time.ts';
import { anomalyText } from './anomaly-text.ts';
import { loadSeries } from './api-client.ts';
import type { Asked, SeriesAnswer } from './api-client.ts';
import type { Step } from '../core/steps.ts';
import { formatAverage, formatCount, formatInterval, formatLocal, formatShare } from './format.ts';
import type { AnomaliesQuery } from './insight-client.ts';
import type { Standing } from './knowledge.ts';
import type { Model } from './model.ts';
import { recentChangesUrl } from './recent-changes.ts';
import { summaryOf } from './selection.ts';
import type { SelectionSummary } from './selection.ts';
import { useAnomalies } from './use-anomalies.ts';
import { useFeed } from './use-feed.ts';
import type { Selection } from './url-state.ts';
import { hasNoHistory } from './usual.ts';
import type { Usual } from './usual.ts';
import { comparisonText } from './usual-text.ts';
import { Why } from './why.tsx';

export interface SelectionPanelProps {
  readonly wiki: string;
  /** Undefined: not known. */
  readonly domain: string | undefined;
  readonly model: Model;
  /** Undefined: not known. */
  readonly usual: Usual | undefined;
  readonly selection: Selection;
  readonly simulated: boolean;
  /** Epoch seconds, by the clock of the server. */
  readonly nowSec: () => number;
  readonly close: () => void;
}

const NAMES: Readonly<Record<Standing['kind'], string>> = {
  full: 'complete',
  provisional: 'provisional, late edits may still be added',
  pending: 'counted and not stored yet',
  counting: 'still being counted',
  gap: 'in a gap',
  unread: 'not read',
};

export function SelectionPanel(props: SelectionPanelProps) {
  const { wiki, model, usual, selection, close } = props;
  const summary = useMemo(() => summaryOf(model, usual, selection), [model, usual, selection]);
  return (
    <section class="card selection" aria-label="Selected minutes">
      <div class="selection-head">
        <h2 aria-live="polite">{title(summary ?? selection)}</h2>
        <button type="button" class="close" aria-label="Close what is selected" onClick={close}>
          ×
        </button>
      </div>
      {summary === undefined ? (
        <p class="aside">The chart does not show these minutes any more.</p>
      ) : (
        <Summary key={`${wiki} ${summary.from} ${summary.to}`} {...props} summary={summary} />
      )}
    </section>
  );
}

function title({ from, to }: Selection): string {
  return formatInterval(from, to);
}

function Summary({
  wiki,
  domain,
  model,
  usual,
  summary,
  simulated,
  nowSec,
}: SelectionPanelProps & { readonly summary: SelectionSummary }) {
  const { from, to, total, human, bot, known, standings, comparison } = summary;
  const changes = domain === undefined ? undefined : recentChangesUrl(domain, from, nowSec());
  const isNew = standings.has('counting') || standings.has('pending');
  return (
    <>
      <p class="aside">{formatLocal(from)} local</p>
      {known === 0 ? (
        <p>Nothing is known of these minutes.</p>
      ) : (
        <dl>
          <dt>Edits</dt>
          <dd>{formatCount(total)}</dd>
          <dt>Human</dt>
          <dd>{withShare(human, total)}</dd>
          <dt>Bot</dt>
          <dd>{withShare(bot, total)}</dd>
          <Bytes wiki={wiki} summary={summary} stepSec={model.series.stepSec} />
          <dt>Usual</dt>
          <dd>
            {comparison === undefined
              ? hasNoHistory(usual)
                ? 'not enough history yet'
                : 'not known'
              : formatAverage(comparison.usual)}
          </dd>
          {comparison !== undefined && (
            <>
              <dt>Difference</dt>
              <dd>{comparisonText(comparison)}</dd>
            </>
          )}
        </dl>
      )}
      <p class="aside">{completeness(summary)}</p>
      <Unusual wiki={wiki} from={from} to={to} />
      <Why wiki={wiki} span={{ from, to: Math.min(to, Math.ceil(nowSec() / 60) * 60) }} isNew={isNew} />
      {changes !== undefined && (
        <p class="aside">
          <a href={changes} rel="noopener noreferrer" target="_blank">
            Changes on the wiki since then
          </a>
          {simulated && ' (the real ones: the edits here are simulated)'}
        </p>
      )}
    </>
  );
}

function withShare(part: number, total: number): string {
  const share = formatShare(part, total);
  return share === undefined ? formatCount(part) : `${formatCount(part)} (${share})`;
}

/** `60 minutes: 55 complete, 5 provisional.` */
function completeness({ minutes, standings }: SelectionSummary): string {
  const each = [...standings].map(([kind, count]) =>
    standings.size === 1 ? NAMES[kind] : `${formatCount(count)} ${NAMES[kind]}`,
  );
  return `${formatCount(minutes)} ${minutes === 1 ? 'minute' : 'minutes'}: ${each.join('; ')}.`;
}

interface BytesQuery {
  readonly asked: Asked;
  readonly step: Step;
  /** Asks again when edits were added. */
  readonly total: number;
}

const BYTES_FEED = {
  load: ({ asked, step }: BytesQuery, signal: AbortSignal) => loadSeries(asked, step, signal),
  intervalMs: () => 3_600_000,
  carriesOver: () => true,
};

/** The chart has no bytes, so they are asked for; what is still being counted would be asked for each second. */
function Bytes({ wiki, summary, stepSec }: { wiki: string; summary: SelectionSummary; stepSec: number }) {
  const { from, to, total, standings } = summary;
  const step = STEPS.find(each => STEP_SECONDS[each] === stepSec) ?? '1m';
  const query = useMemo(
    (): BytesQuery => ({ asked: { wiki, from: isoSeconds(from), to: isoSeconds(to) }, step, total }),
    [wiki, from, to, step, total],
  );
  const { state } = useFeed<BytesQuery, SeriesAnswer>(
    standings.has('counting') ? undefined : query,
    BYTES_FEED,
    false,
  );
  const columns = state.kind === 'idle' ? undefined : state.answer?.value.wikis[0];
  const bytes = columns?.bytes.filter(change => change !== null) ?? [];
  if (bytes.length === 0) return null;
  const sum = bytes.reduce((all, change) => all + change, 0);
  return (
    <>
      <dt>Bytes</dt>
      <dd>{`${sum > 0 ? '+' : ''}${formatCount(sum)}`}</dd>
    </>
  );
}

/** What was recorded as unusual in these minutes. */
function Unusual({ wiki, from, to }: { wiki: string } & Selection) {
  const query = useMemo(
    (): AnomaliesQuery => ({ wiki, from: isoSeconds(from), to: isoSeconds(to) }),
    [wiki, from, to],
  );
  const state = useAnomalies(isShort(from, to) ? query : undefined, false);
  const anomalies = state.kind === 'idle' ? [] : (state.answer?.value ?? []);
  const touching = anomalies.filter(
    anomaly => secondOf(anomaly.from) < to && secondOf(anomaly.to ?? anomaly.countedTo) > from,
  );
  return (
    <>
      {touching.map(anomaly => (
        <p key={anomaly.id} class="unusual-note">
          {anomalyText(anomaly)}
        </p>
      ))}
    </>
  );
}

/** Of more days there would be too many to read, and the flags have them. */
function isShort(from: number, to: number): boolean {
  return to - from <= 86_400;
}
