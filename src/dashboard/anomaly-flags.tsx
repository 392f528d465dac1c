/** Small flags at the top of the chart where something unusual begins. Each says what and why, and selects its minutes. */
import { useMemo, useState } from 'preact/hooks';
import { MAX_ANOMALY_DAYS } from '../contracts/limits.ts';
import { isoSeconds } from '../core/time.ts';
import { anomalyText, factorText, reasonText, spanText } from './anomaly-text.ts';
import { flagMark, flagsOf, spanOfFlag } from './flags.ts';
import type { Flag } from './flags.ts';
import type { AnomaliesQuery } from './insight-client.ts';
import type { Span } from './series.ts';
import type { Selection } from './url-state.ts';
import { useAnomalies } from './use-anomalies.ts';

export interface AnomalyFlagsProps {
  readonly wiki: string;
  /** The axis. */
  readonly span: Span;
  readonly isFrozen: boolean;
  /** Of the chart, about. */
  readonly widthPx: number;
  readonly selected: Selection | undefined;
  /** Undefined: nothing can be selected. */
  readonly select: ((selection: Selection) => void) | undefined;
}

/** As in insight.css. */
const FLAG_PX = 26;
const MOST_SEC = MAX_ANOMALY_DAYS * 86_400;

export function AnomalyFlags({ wiki, span, isFrozen, widthPx, selected, select }: AnomalyFlagsProps) {
  // A range that moves is asked for once, and then every few minutes, not with each of its minutes.
  const length = Math.min(span.to - span.from, MOST_SEC);
  const end = isFrozen ? span.to : undefined;
  const query = useMemo(
    (): AnomaliesQuery =>
      end === undefined
        ? { wiki, minutes: length / 60 }
        : { wiki, from: isoSeconds(end - length), to: isoSeconds(end) },
    [wiki, length, end],
  );
  const state = useAnomalies(query, !isFrozen);
  const anomalies = state.kind === 'idle' ? undefined : state.answer?.value;
  const flags = flagsOf(anomalies ?? [], span, FLAG_PX / Math.max(widthPx, FLAG_PX));
  if (flags.length === 0) return null;
  return (
    <ul class="flags" aria-label="Unusual on this chart">
      {flags.map(flag => (
        <FlagItem
          key={flag.anomalies[0].id}
          flag={flag}
          isSelected={isSame(spanOfFlag(flag), selected)}
          select={select}
        />
      ))}
    </ul>
  );
}

interface FlagProps {
  readonly flag: Flag;
  readonly isSelected: boolean;
  readonly select: AnomalyFlagsProps['select'];
}

function FlagItem({ flag, isSelected, select }: FlagProps) {
  const [isOpen, setOpen] = useState(false);
  const { anomalies, at } = flag;
  return (
    <li style={`--at: ${at}`} data-side={at > 0.5 ? 'left' : 'right'}>
      <button
        type="button"
        data-account={anomalies[0].account}
        aria-label={anomalies.map(anomalyText).join(' ')}
        aria-pressed={isSelected}
        onMouseEnter={() => setOpen(true)}
        onMouseLeave={() => setOpen(false)}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={event => event.key === 'Escape' && setOpen(false)}
        onClick={() => select?.(spanOfFlag(flag))}
      >
        {flagMark(flag)}
      </button>
      {isOpen && (
        <div class="flag-text" aria-hidden="true">
          {anomalies.map(anomaly => (
            <p key={anomaly.id}>
              <strong>{factorText(anomaly)}</strong>, {spanText(anomaly)}. {reasonText(anomaly)}
            </p>
          ))}
        </div>
      )}
    </li>
  );
}

function isSame(a: Selection, b: Selection | undefined): boolean {
  return b !== undefined && a.from === b.from && a.to === b.to;
}
