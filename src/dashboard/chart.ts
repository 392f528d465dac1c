/**
 * ⑨ The chart, a thin layer over uPlot with a separate method for each kind of change: data (often), size, colours and
 * the cursor. New data redraws 10,080 minutes without rebuilding the plot.
 */
import uPlot from 'uplot';
import { createBandLayer } from './band-layer.ts';
import type { Area } from './band-layer.ts';
import { formatCompact } from './format.ts';
import type { ChartData, Span } from './series.ts';
import { tickLabels, timeTicks } from './ticks.ts';

export interface ChartOptions {
  /** Called with the index of the minute under the pointer; undefined when the pointer leaves. */
  readonly onRead: (index: number | undefined) => void;
}

export interface Chart {
  readonly setData: (data: ChartData, span: Span, areas: readonly Area[]) => void;
  /** Shows or hides the human and bot lines. */
  readonly setShown: (lines: { readonly human: boolean; readonly bot: boolean }) => void;
  readonly setSize: (width: number, height: number) => void;
  /** Reads the colours from the style sheet again. */
  readonly recolour: () => void;
  /** Moves the cursor line to a minute, or removes it. */
  readonly readAt: (index: number | undefined) => void;
  readonly destroy: () => void;
}

const COLOURS = ['total', 'total-fill', 'open-fill', 'human', 'bot', 'average', 'grid', 'label'] as const;
type Palette = Readonly<Record<(typeof COLOURS)[number], string>>;

const FONT = '12px system-ui, sans-serif';
/** Whole numbers only: there are no half edits. */
const EDIT_STEPS = Array.from({ length: 27 }, (_, i) => ([1, 2, 5][i % 3] ?? 1) * 10 ** Math.floor(i / 3));
const HUMAN_LINES = [2, 6];
const BOT_LINES = [3, 7];
/** Lines and their width while a minute is at least a pixel wide; a week is drawn thinner. */
const THIN_LINES = [
  [1, 1.25],
  [2, 1.5],
  [3, 1.5],
] as const;
const DASH = [4, 4];
/** As wide as the minute, and never too narrow to see. */
const hollowBars = uPlot.paths.bars?.({ size: [0.9, 40, 3], align: 1 }) ?? (() => null);

/** Draws into `host`, whose custom properties `--chart-…` set the colours. */
export function createChart(host: HTMLElement, { onRead }: ChartOptions): Chart {
  let palette = readPalette(host);
  let span: Span = { from: 0, to: 60 };
  const layer = createBandLayer();
  const line = (colour: keyof Palette, width: number): uPlot.Series => ({
    stroke: () => palette[colour],
    width,
    points: { show: false, filter: lonePoints },
  });
  const growing = (colour: keyof Palette): uPlot.Series => ({
    stroke: () => palette[colour],
    width: 1.5,
    dash: DASH,
    points: { show: false, filter: lonePoints },
  });
  const plot = new uPlot(
    {
      width: host.clientWidth,
      height: host.clientHeight,
      padding: [8, 20, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      scales: {
        x: { time: false, range: () => [span.from, span.to] },
        y: { range: (_plot, _min, max) => [0, Math.max((max ?? 0) * 1.08, 4)] },
      },
      axes: [
        {
          ...axisStyle(() => palette),
          size: 46,
          splits: (plot, _axis, min, max) => timeTicks(min, max, plot.width / 76),
          values: (_plot, splits) => tickLabels(splits),
        },
        {
          ...axisStyle(() => palette),
          incrs: EDIT_STEPS,
          space: 44,
          size: (_plot, values) => Math.max(...(values ?? []).map(text => text.length), 2) * 8 + 16,
          values: (_plot, splits) => splits.map(formatCompact),
        },
      ],
      series: [
        {},
        { ...line('total', 1.25), fill: () => palette['total-fill'] },
        line('human', 1.5),
        line('bot', 1.5),
        line('average', 2.25),
        { ...growing('total'), fill: () => palette['open-fill'] },
        growing('human'),
        growing('bot'),
        // Hollow bars, apart from the line: a minute that is being counted is no fall of it.
        {
          stroke: () => palette.total,
          width: 1.25,
          fill: () => palette['open-fill'],
          paths: hollowBars,
          points: { show: false },
        },
      ],
      hooks: {
        setCursor: [plot => onRead(plot.cursor.idx ?? undefined)],
        draw: [plot => layer.place(plot, span)],
      },
    },
    [[], [], [], [], [], [], [], [], []],
    host,
  );
  followTouch(plot);

  return {
    setData(data, newSpan, areas) {
      span = newSpan;
      layer.show(areas);
      const { x, total, human, bot, average, openTotal, openHuman, openBot, soFar } = data;
      const dense = x.length > plot.width;
      for (const [index, width] of THIN_LINES) thin(plot, index, dense ? 0.75 : width);
      plot.setData([x, total, human, bot, average, openTotal, openHuman, openBot, soFar]);
    },
    setShown({ human, bot }) {
      plot.batch(() => {
        for (const index of HUMAN_LINES) plot.setSeries(index, { show: human });
        for (const index of BOT_LINES) plot.setSeries(index, { show: bot });
      });
    },
    setSize(width, height) {
      plot.setSize({ width, height });
    },
    recolour() {
      palette = readPalette(host);
      plot.redraw(false, true);
    },
    readAt(index) {
      const at = index === undefined ? undefined : plot.data[0]?.[index];
      plot.setCursor(at === undefined ? { left: -10, top: -10 } : { left: plot.valToPos(at, 'x'), top: 0 });
    },
    destroy() {
      plot.destroy();
    },
  };
}

/** uPlot has no setter for the width of a line, but reads it at every draw. */
function thin(plot: uPlot, index: number, width: number): void {
  const series = plot.series[index];
  if (series !== undefined) series.width = width;
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

/** Minutes without a neighbour, which no line would show. */
function lonePoints(plot: uPlot, series: number): number[] | null {
  const values = Array.from(plot.data[series] ?? []);
  const drawn = (at: number): boolean => typeof values[at] === 'number';
  const lone = [...values.keys()].filter(at => drawn(at) && !drawn(at - 1) && !drawn(at + 1));
  return lone.length > 0 ? lone : null;
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
