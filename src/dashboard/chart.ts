/**
 * ⑨ The chart, a thin layer over uPlot with a separate method for each kind of change: data (often), size, colours and
 * the cursor. New data redraws without rebuilding the plot.
 */
import uPlot from 'uplot';
import { createBandLayer } from './band-layer.ts';
import type { Area } from './band-layer.ts';
import { formatCompact } from './format.ts';
import { COLOURS, createLayers } from './chart-layers.ts';
import type { Drawing, Palette, Shown } from './chart-layers.ts';
import { NO_DATA } from './series.ts';
import type { Span } from './series.ts';
import { NOTHING_USUAL } from './usual.ts';
import { offsetAt, tickLabels, timeTicks } from './ticks.ts';
import type { Zone } from './ticks.ts';

export interface ChartOptions {
  /** Called with the index of the bucket under the pointer; undefined when the pointer leaves. */
  readonly onRead: (index: number | undefined) => void;
  /** A range was selected by dragging, epoch seconds. */
  readonly onZoom: (span: Span) => void;
  /** A bucket was clicked or tapped. */
  readonly onClick: (index: number | undefined) => void;
  /** Called after each draw: where the plot is, in pixels from the left edge of the host. */
  readonly onPlace: (plot: { readonly left: number; readonly width: number }) => void;
}

export interface Chart {
  readonly setData: (drawn: Drawn, span: Span, areas: readonly Area[]) => void;
  /** Shows or hides the human and bot edits. */
  readonly setShown: (shown: Shown) => void;
  readonly setZone: (zone: Zone) => void;
  readonly setSize: (width: number, height: number) => void;
  /** Reads the colours from the style sheet again. */
  readonly recolour: () => void;
  /** Moves the cursor line to a bucket, or removes it. */
  readonly readAt: (index: number | undefined) => void;
  readonly destroy: () => void;
}

/** What is drawn, besides which edits are shown. */
type Drawn = Omit<Drawing, 'shown'>;

const NOTHING_DRAWN: Drawn = { data: NO_DATA, usual: NOTHING_USUAL, ghost: [], lines: [] };

const FONT = '12px system-ui, sans-serif';
/** Whole numbers only: there are no half edits. */
const EDIT_STEPS = Array.from({ length: 27 }, (_, i) => ([1, 2, 5][i % 3] ?? 1) * 10 ** Math.floor(i / 3));
/** Shorter drags are clicks. */
const LEAST_DRAG_PX = 6;
const LEAST_ZOOM_SEC = 300;

/** Draws into `host`, whose custom properties `--chart-…` set the colours. */
export function createChart(host: HTMLElement, { onRead, onZoom, onClick, onPlace }: ChartOptions): Chart {
  let palette = readPalette(host);
  let span: Span = { from: 0, to: 60 };
  let drawing: Drawing = { ...NOTHING_DRAWN, shown: { human: true, bot: true } };
  let zone: Zone = 'utc';
  const layer = createBandLayer();
  const layers = createLayers(
    () => palette,
    () => drawing,
  );
  const plot = new uPlot(
    {
      width: host.clientWidth,
      height: host.clientHeight,
      padding: [8, 16, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false, dist: LEAST_DRAG_PX },
        // The page has a meaning of its own for it.
        bind: { dblclick: () => null },
        points: { show: false },
      },
      scales: {
        x: { time: false, range: () => [span.from, span.to] },
        y: { range: (_plot, _min, max) => [0, Math.max((max ?? 0) * 1.08, 4)] },
      },
      axes: [
        {
          ...axisStyle(() => palette),
          // As in style.css.
          size: 50,
          gap: 11,
          splits: (plot, _axis, min, max) => timeTicks(min, max, plot.width / 76, offsetAt(max, zone)),
          values: (_plot, splits) => tickLabels(splits, offsetAt(splits.at(-1) ?? 0, zone)),
        },
        {
          ...axisStyle(() => palette),
          incrs: EDIT_STEPS,
          space: 44,
          size: (_plot, values) => Math.max(...(values ?? []).map(text => text.length), 2) * 8 + 16,
          values: (_plot, splits) => splits.map(formatCompact),
        },
      ],
      series: [{}, ...layers.styles],
      hooks: {
        setCursor: [plot => onRead(indexAt(plot, drawing.data.stepSec))],
        setSelect: [
          plot => {
            const { left, width } = plot.select;
            if (width < LEAST_DRAG_PX) return;
            const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            onZoom(zoomedTo(from, to, drawing.data.stepSec));
          },
        ],
        draw: [
          plot => {
            layer.place(plot, span);
            onPlace({ left: plot.bbox.left / devicePixelRatio, width: plot.bbox.width / devicePixelRatio });
          },
        ],
      },
    },
    layers.columns(),
    host,
  );
  followTouch(plot);
  followClicks(plot, () => onClick(indexAt(plot, drawing.data.stepSec)));

  return {
    setData(drawn, newSpan, areas) {
      span = newSpan;
      drawing = { ...drawing, ...drawn };
      layer.show(areas);
      plot.setData(layers.columns());
    },
    setZone(wanted) {
      zone = wanted;
      plot.redraw(false, true);
    },
    setShown({ human, bot }) {
      drawing = { ...drawing, shown: { human, bot } };
      plot.setData(layers.columns());
    },
    setSize(width, height) {
      plot.setSize({ width, height });
    },
    recolour() {
      palette = readPalette(host);
      plot.redraw(false, true);
    },
    readAt(index) {
      const at = index === undefined ? undefined : plot.data[0][index];
      const left = at === undefined ? -10 : plot.valToPos(at + drawing.data.stepSec / 2, 'x');
      plot.setCursor({ left, top: at === undefined ? -10 : 0 });
    },
    destroy() {
      plot.destroy();
    },
  };
}

/** The bucket under the cursor, also in its right half, where the next one is nearer. */
function indexAt(plot: uPlot, stepSec: number): number | undefined {
  const { left = -1 } = plot.cursor;
  const [xs] = plot.data;
  const [first] = xs;
  if (left < 0 || first === undefined) return undefined;
  const at = Math.floor((plot.posToVal(left, 'x') - first) / stepSec);
  return Math.min(Math.max(at, 0), xs.length - 1);
}

/** Whole buckets, and at least five minutes: with fewer there is nothing to see. */
function zoomedTo(from: number, to: number, stepSec: number): Span {
  const start = Math.floor(from / stepSec) * stepSec;
  return { from: start, to: Math.max(Math.ceil(to / stepSec) * stepSec, start + LEAST_ZOOM_SEC) };
}

function axisStyle(palette: () => Palette): uPlot.Axis {
  return {
    font: FONT,
    stroke: () => palette().label,
    grid: { stroke: () => palette().grid, width: 1 },
    ticks: { show: false },
  };
}

function readPalette(host: HTMLElement): Palette {
  const style = getComputedStyle(host);
  const entries = COLOURS.map(name => [name, style.getPropertyValue(`--chart-${name}`).trim()]);
  return Object.fromEntries(entries) as Palette;
}

/** uPlot handles mice only. Moving a finger sideways reads the chart; up and down scrolls the page (see style.css). */
function followTouch(plot: uPlot): void {
  const read = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse') return;
    const { left, top } = plot.over.getBoundingClientRect();
    plot.setCursor({ left: event.clientX - left, top: event.clientY - top });
  };
  plot.over.addEventListener('pointerdown', read);
  plot.over.addEventListener('pointermove', read);
}

/** A drag ends with a click too. */
function followClicks(plot: uPlot, onClick: () => void): void {
  let pressedAt = 0;
  plot.over.addEventListener('pointerdown', ({ clientX }) => (pressedAt = clientX));
  plot.over.addEventListener('click', ({ clientX }) => {
    if (Math.abs(clientX - pressedAt) < LEAST_DRAG_PX) onClick();
  });
}
