/**
 * The chart as a component: follows its size and the colours of the page, and can be read by mouse, finger and arrow
 * keys. To assistive technology it is a slider over the minutes, whose value is a sentence about one minute.
 */
import { useEffect, useRef } from 'preact/hooks';
import { createChart } from './chart.ts';
import type { Chart } from './chart.ts';
import { formatCount, formatInterval } from './format.ts';
import type { Model, Reading } from './model.ts';
import { restingIndex } from './model.ts';
import { overlayTexts } from './overlay-text.ts';
import type { Overlay } from './overlay.ts';
import { standingText } from './standing-text.ts';
import { NO_DATA } from './series.ts';
import type { Span } from './series.ts';
import { onRecolour } from './theme.ts';
import type { Selection, View } from './url-state.ts';
import { comparisonOf, usualColumns } from './usual.ts';
import type { Usual } from './usual.ts';
import { comparisonText } from './usual-text.ts';

interface Props {
  /** Undefined: nothing to draw. */
  readonly model: Model | undefined;
  /** Undefined: not known. */
  readonly usual: Usual | undefined;
  /** Undefined: nothing. */
  readonly overlay: Overlay | undefined;
  readonly view: View;
  /** The minute that the legend shows. */
  readonly reading: Reading | undefined;
  /** Its index if the reader selected it. */
  readonly index: number | undefined;
  readonly onRead: (minute: number | undefined) => void;
  readonly onZoom: (span: Span) => void;
  readonly onZoomOut: () => void;
  /** Undefined: nothing can be selected. */
  readonly onSelect: ((selection: Selection | undefined) => void) | undefined;
}

const NOTHING = { data: NO_DATA, span: { from: 0, to: 60 }, bands: [], unread: [] };

export function ChartCanvas({
  model,
  usual,
  overlay,
  view,
  reading,
  index,
  onRead,
  onZoom,
  onZoomOut,
  onSelect,
}: Props) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart>(null);
  const xs = useRef<readonly number[]>([]);
  const byKeyboard = useRef(false);
  const zoom = useRef(onZoom);
  zoom.current = onZoom;
  const stepSec = model?.data.stepSec ?? 60;
  const selectAt = (at: number | undefined): void => {
    const from = at === undefined ? undefined : xs.current[at];
    if (from !== undefined) onSelect?.({ from, to: from + stepSec });
  };
  const click = useRef(selectAt);
  click.current = selectAt;

  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const created = createChart(element, {
      onRead: at => {
        if (!byKeyboard.current) onRead(at === undefined ? undefined : xs.current[at]);
      },
      onZoom: span => zoom.current(span),
      onClick: at => click.current(at),
      onPlace: ({ left, width }) => {
        const { style } = element.parentElement ?? element;
        style.setProperty('--plot-left', `${left}px`);
        style.setProperty('--plot-width', `${width}px`);
      },
    });
    chart.current = created;
    const sizes = new ResizeObserver(() => created.setSize(element.clientWidth, element.clientHeight));
    sizes.observe(element);
    const ignore = onRecolour(created.recolour);
    return () => {
      ignore();
      sizes.disconnect();
      created.destroy();
    };
  }, []);

  useEffect(() => {
    const { data, span, bands, unread } = model ?? NOTHING;
    xs.current = data.x;
    const drawn = {
      data,
      usual: usualColumns(usual, data.x),
      ghost: overlay?.kind === 'week-ago' ? overlay.values : [],
      lines: overlay?.kind === 'compare' ? overlay.lines.map(({ values }) => values) : [],
    };
    chart.current?.setData(drawn, span, [...unread, ...bands]);
    // The selected minute moves left as time passes; the cursor line follows it.
    if (byKeyboard.current) chart.current?.readAt(index);
  }, [model, usual, overlay]);
  useEffect(() => chart.current?.setShown(view), [view.human, view.bot]);
  useEffect(() => chart.current?.setZone(view.zone), [view.zone]);

  const readAt = (at: number | undefined): void => {
    byKeyboard.current = at !== undefined;
    chart.current?.readAt(at);
    onRead(at === undefined ? undefined : xs.current[at]);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (model === undefined) return;
    const last = model.data.x.length - 1;
    if (event.key === 'Escape' && index === undefined) {
      return view.selected === undefined ? onZoomOut() : onSelect?.(undefined);
    }
    if (event.key === 'Enter') return selectAt(index ?? restingIndex(model));
    const target = keyTarget(event.key, index ?? restingIndex(model), last, pageOf(model.data.stepSec));
    if (target === undefined) return;
    event.preventDefault();
    readAt(target === 'rest' ? undefined : Math.min(Math.max(target, 0), last));
  };
  return (
    <div
      class="canvas"
      role="slider"
      tabIndex={model === undefined ? -1 : 0}
      aria-label="Edits per minute; use the arrow keys to read each minute"
      aria-disabled={model === undefined}
      aria-valuemin={0}
      aria-valuemax={Math.max((model?.data.x.length ?? 1) - 1, 0)}
      aria-valuenow={index ?? (model === undefined ? 0 : Math.max(restingIndex(model), 0))}
      aria-valuetext={reading === undefined ? 'No data' : sentence(reading, usual, overlay)}
      onKeyDown={onKeyDown}
      onDblClick={onZoomOut}
      onBlur={() => byKeyboard.current && readAt(undefined)}
      onPointerMove={() => (byKeyboard.current = false)}
      ref={host}
    />
  );
}

/** How many buckets the page keys move by: an hour of minutes, a day of hours. */
function pageOf(stepSec: number): number {
  return stepSec < 3_600 ? 3_600 / stepSec : Math.max(86_400 / stepSec, 7);
}

/** The index that a key moves to; undefined for keys that the chart does not handle. */
function keyTarget(key: string, from: number, last: number, page: number): number | 'rest' | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return from - 1;
    case 'ArrowRight':
    case 'ArrowUp':
      return from + 1;
    case 'PageDown':
      return from - page;
    case 'PageUp':
      return from + page;
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'Escape':
      return 'rest';
    default:
      return undefined;
  }
}

function sentence(reading: Reading, usual: Usual | undefined, overlay: Overlay | undefined): string {
  const { minute, stepSec, total, human = 0, bot = 0, standing } = reading;
  const when = formatInterval(minute, minute + stepSec);
  const special = standingText(reading);
  if (total === undefined) return `${when}: ${special}`;
  const counts = `${formatCount(total)} edits, ${formatCount(human)} by humans, ${formatCount(bot)} by bots`;
  if (standing === 'counting') return `${when}: ${counts} so far`;
  const comparison = comparisonOf(reading, usual);
  return [
    `${when}: ${counts}`,
    special,
    comparison === undefined ? '' : comparisonText(comparison),
    ...overlayTexts(overlay, reading.minute),
  ]
    .filter(part => part !== '')
    .join(', ');
}
