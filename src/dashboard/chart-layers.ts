/**
 * ⑨ What the chart draws, from back to front: each layer has its style in uPlot's terms and the column that it draws.
 *
 * Human and bot edits are stacked, and their sum is the outline. Where buckets are longer than a minute, a grey range shows
 * the quietest and the busiest minute of each. Behind them lies the band of what is usual; its edges are in front, because
 * the areas hide most of it. Wikis that are compared are lines alone.
 */
import type uPlot from 'uplot';
import { LINE_DASHES } from './line-styles.ts';
import type { ChartData, Values } from './series.ts';
import { stepPaths } from './step-paths.ts';
import type { UsualColumns } from './usual.ts';

export const COLOURS = [
  'total',
  'open',
  'open-fill',
  'human-fill',
  'human-open',
  'bot',
  'bot-fill',
  'bot-open',
  'average',
  'range',
  'usual-fill',
  'usual',
  'ghost',
  'line-0',
  'line-1',
  'line-2',
  'line-3',
  'line-4',
  'grid',
  'label',
] as const;
export type Palette = Readonly<Record<(typeof COLOURS)[number], string>>;

/** All that is drawn. */
export interface Drawing {
  readonly data: ChartData;
  readonly usual: UsualColumns;
  readonly shown: Shown;
  /** The same time a week ago. */
  readonly ghost: Values;
  /** Of compared wikis. They are drawn in place of everything else. */
  readonly lines: readonly Values[];
}

/** Which edits are drawn as areas. */
export interface Shown {
  readonly human: boolean;
  readonly bot: boolean;
}

interface Layer {
  readonly style: uPlot.Series;
  readonly column: (drawing: Drawing) => Values;
  /** Drawn while wikis are compared, and only then. */
  readonly isCompared?: true;
}

const DASH = [4, 3];
const DOTS = [2, 3];
const LONG_DASH = [7, 5];
const COMPARED = ['line-0', 'line-1', 'line-2', 'line-3', 'line-4'] as const;

/** @param palette and drawing: as they are when something is drawn */
export function createLayers(palette: () => Palette, drawing: () => Drawing) {
  const stepSec = (): number => drawing().data.stepSec;
  const points = { show: false };
  const area = (fill: keyof Palette): uPlot.Series => ({
    fill: () => palette()[fill],
    paths: stepPaths({ stepSec }),
    points,
  });
  const bots = (fill: keyof Palette): uPlot.Series => ({
    ...area(fill),
    // The edge tells the two apart without colours.
    stroke: () => palette().bot,
    width: 1,
  });
  const line = (stroke: keyof Palette, width: number, dash: number[]): uPlot.Series => ({
    stroke: () => palette()[stroke],
    width,
    dash,
    paths: stepPaths({ stepSec, isOutline: true }),
    points,
  });
  const layers: readonly Layer[] = [
    {
      style: {
        fill: () => palette()['usual-fill'],
        paths: stepPaths({ stepSec, floorAt: at => drawing().usual.low[at], isSolid: true }),
        points,
      },
      column: ({ usual, data }) => filled(usual.high, data),
    },
    { style: area('human-fill'), column: ({ data, shown }) => stacked(data.human, data.bot, shown) },
    { style: bots('bot-fill'), column: ({ data, shown }) => (shown.bot ? data.bot : hidden(data)) },
    { style: area('human-open'), column: ({ data, shown }) => stacked(data.openHuman, data.openBot, shown) },
    { style: bots('bot-open'), column: ({ data, shown }) => (shown.bot ? data.openBot : hidden(data)) },
    {
      style: {
        fill: () => palette().range,
        paths: stepPaths({ stepSec, floorAt: at => drawing().data.min[at] }),
        points,
      },
      column: ({ data }) => data.max,
    },
    { style: line('usual', 1, DOTS), column: ({ usual, data }) => filled(usual.low, data) },
    { style: line('usual', 1, DOTS), column: ({ usual, data }) => filled(usual.high, data) },
    { style: line('total', 1.5, []), column: ({ data }) => data.total },
    { style: line('total', 1.5, DASH), column: ({ data }) => data.openTotal },
    {
      // Hollow bars, apart from the outline: a minute that is being counted is no fall of it.
      style: {
        stroke: () => palette().open,
        width: 1.25,
        fill: () => palette()['open-fill'],
        paths: stepPaths({ stepSec, isBars: true }),
        points,
      },
      column: ({ data }) => data.soFar,
    },
    { style: line('ghost', 1.25, LONG_DASH), column: ({ ghost, data }) => filled(ghost, data) },
    {
      style: { stroke: () => palette().average, width: 2, points: { show: false, filter: lonePoints } },
      column: ({ data }) => data.average,
    },
    ...COMPARED.map((name, at): Layer => ({
      style: line(name, at === 0 ? 2 : 1.75, [...(LINE_DASHES[at] ?? [])]),
      column: ({ lines, data }) => filled(lines[at] ?? [], data),
      isCompared: true,
    })),
  ];
  return {
    styles: layers.map(({ style }) => style),
    /** In the order of the styles, after the times. */
    columns: (): uPlot.AlignedData => {
      const all = drawing();
      const compares = all.lines.length > 0;
      return [
        all.data.x,
        ...layers.map(({ column, isCompared = false }) =>
          isCompared === compares ? column(all) : hidden(all.data),
        ),
      ];
    },
  };
}

/** What is hidden leaves no room in the stack. */
function stacked(humans: Values, bots: Values, { human, bot }: Shown): Values {
  if (!human) return humans.map(() => null);
  return humans.map((edits, at) => (edits === null ? null : edits + (bot ? (bots[at] ?? 0) : 0)));
}

function hidden({ x }: ChartData): Values {
  return x.map(() => null);
}

/** As long as the times, also while nothing is known. */
function filled(values: Values, data: ChartData): Values {
  return values.length === data.x.length ? values : hidden(data);
}

/** Averages without a neighbour, which no line would show. */
function lonePoints(plot: uPlot, series: number): number[] | null {
  const values = Array.from(plot.data[series] ?? []);
  const drawn = (at: number): boolean => typeof values[at] === 'number';
  const lone = [...values.keys()].filter(at => drawn(at) && !drawn(at - 1) && !drawn(at + 1));
  return lone.length > 0 ? lone : null;
}
