/**
 * ⑨ The chart as an SVG document: the same title, range, source, address and drawing as the PNG, in shapes that can be made
 * larger or edited. uPlot draws on a canvas only, so the shapes are made from the chart's data again. Pure.
 */
import type { Band } from './bands.ts';
import { formatCompact } from './format.ts';
import type { PictureText } from './picture-text.ts';
import type { ChartData, Span, Values } from './series.ts';
import { offsetAt, tickLabels, timeTicks } from './ticks.ts';
import type { Zone } from './ticks.ts';
import type { UnreadArea } from './unread.ts';

/** Minutes that look different from counted ones. */
type Area = Pick<Band | UnreadArea, 'kind' | 'from' | 'to'>;

export interface SvgChart {
  readonly data: ChartData;
  readonly span: Span;
  /** Where there is no count, or none that is stored. */
  readonly areas: readonly Area[];
  /** Which accounts are drawn. */
  readonly human: boolean;
  readonly bot: boolean;
  readonly zone: Zone;
  /** Of the chart, without title and source, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Of the style sheet, by the name of its property: `chart-total`. */
  readonly colour: (name: string) => string;
}

/** As in the PNG. */
const HEAD_PX = 62;
const FOOT_PX = 48;
const MARGIN_PX = 16;
const AXIS_PX = 50;
const PAD_PX = 8;
const LABEL_PX = 8;
const TICK_WIDTH_PX = 76;
const TICK_HEIGHT_PX = 44;
/** Wider buckets are bars with a gap between them. */
const BAR_PX = 6;

/** Where values and instants are, in pixels. */
interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: (second: number) => number;
  readonly y: (value: number) => number;
  readonly ticks: readonly number[];
}

export function chartSvg(chart: SvgChart, text: PictureText): string {
  const [width, height] = [chart.width + 2 * MARGIN_PX, chart.height + HEAD_PX + FOOT_PX];
  const { colour } = chart;
  const frame = frameOf(chart);
  const foot = HEAD_PX + chart.height + 18;
  const middle = { x: MARGIN_PX + chart.width / 2, y: HEAD_PX + chart.height / 2 };
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escaped(text.title)}</title>`,
    `<desc>${escaped([text.range, text.source, text.link].join('. '))}</desc>`,
    hatching(colour('chart-gap')),
    `<rect width="${width}" height="${height}" fill="${colour('card')}"/>`,
    words(text.title, MARGIN_PX, 26, `font-size="18" font-weight="600" fill="${colour('text')}"`),
    words(text.range, MARGIN_PX, 48, `font-size="13" fill="${colour('muted')}"`),
    ...chart.areas.map(area => areaBox(area, chart.span, frame)),
    ...axes(chart, frame),
    ...drawing(chart, frame),
    words(text.source, MARGIN_PX, foot, `fill="${colour('muted')}"`),
    words(text.link, MARGIN_PX, foot + 18, `fill="${colour('muted')}"`),
    text.simulated
      ? words(
          'SIMULATED',
          middle.x,
          middle.y,
          `text-anchor="middle" font-size="${Math.min(chart.width / 10, 90)}" font-weight="800" fill="${colour('text')}" opacity="0.12"`,
        )
      : '',
    '</svg>',
  ];
  return parts.filter(part => part !== '').join('\n');
}

function frameOf({ data, span, width, height }: SvgChart): Frame {
  const columns = [data.total, data.openTotal, data.soFar, data.average, data.max];
  const highest = columns.flat().reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  const most = Math.max(highest * 1.08, 4);
  const [top, bottom] = [HEAD_PX + PAD_PX, HEAD_PX + height - AXIS_PX];
  const ticks = valueTicks(most, (bottom - top) / TICK_HEIGHT_PX);
  const longest = Math.max(...ticks.map(tick => formatCompact(tick).length), 2);
  const [left, right] = [MARGIN_PX + longest * LABEL_PX + MARGIN_PX, width];
  return {
    left,
    right,
    top,
    bottom,
    ticks,
    x: second => short(left + ((second - span.from) / (span.to - span.from)) * (right - left)),
    y: value => short(bottom - (value / most) * (bottom - top)),
  };
}

/** Whole numbers only: there are no half edits. */
function valueTicks(most: number, count: number): number[] {
  let step = 1;
  for (let at = 1; most / step > count; at += 1) step = ([1, 2, 5][at % 3] ?? 1) * 10 ** Math.floor(at / 3);
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, at) => at * step);
}

function axes({ span, zone, colour }: SvgChart, { left, right, top, bottom, x, y, ticks }: Frame): string[] {
  const grid = `stroke="${colour('chart-grid')}"`;
  const ink = `fill="${colour('chart-label')}"`;
  const times = timeTicks(span.from, span.to, (right - left) / TICK_WIDTH_PX, offsetAt(span.to, zone));
  const labels = tickLabels(times, offsetAt(times.at(-1) ?? 0, zone));
  return [
    ...ticks.map(tick => `<path d="M${left} ${y(tick)}H${right}" ${grid}/>`),
    ...times.map(time => `<path d="M${x(time)} ${top}V${bottom}" ${grid}/>`),
    ...ticks.map(tick =>
      words(formatCompact(tick), left - LABEL_PX, y(tick) + 4, `text-anchor="end" ${ink}`),
    ),
    ...times.flatMap((time, at) =>
      (labels[at] ?? '')
        .split('\n')
        .map((line, row) => words(line, x(time), bottom + 22 + 15 * row, `text-anchor="middle" ${ink}`)),
    ),
  ];
}

/** In the order of the page: what comes later lies on top. */
function drawing({ data, human, bot, colour }: SvgChart, frame: Frame): string[] {
  const stacked = (humans: Values, bots: Values): Values =>
    humans.map((edits, at) => (edits === null ? null : edits + (bot ? (bots[at] ?? 0) : 0)));
  const fill = (name: string, values: Values, colours: string): string =>
    shape(name, boxes(data, values, frame), colours);
  const line = (name: string, path: string, colours: string): string =>
    shape(name, path, `fill="none" ${colours}`);
  const total = `stroke="${colour('chart-total')}" stroke-width="1.5"`;
  const edge = `stroke="${colour('chart-bot')}"`;
  const soFar = `stroke="${colour('chart-open')}" fill="${colour('chart-open-fill')}"`;
  return [
    human ? fill('human', stacked(data.human, data.bot), `fill="${colour('chart-human-fill')}"`) : '',
    bot ? fill('bot', data.bot, `fill="${colour('chart-bot-fill')}" ${edge}`) : '',
    human
      ? fill('human-open', stacked(data.openHuman, data.openBot), `fill="${colour('chart-human-open')}"`)
      : '',
    bot ? fill('bot-open', data.openBot, `fill="${colour('chart-bot-open')}" ${edge}`) : '',
    shape('range', boxes(data, data.max, frame, data.min), `fill="${colour('chart-range')}"`),
    line('total', outline(data, data.total, frame), total),
    line('total-open', outline(data, data.openTotal, frame), `${total} stroke-dasharray="4 3"`),
    fill('so-far', data.soFar, soFar),
    line('average', average(data, frame), `stroke="${colour('chart-average')}" stroke-width="2"`),
  ];
}

function shape(name: string, path: string, attributes: string): string {
  return path === '' ? '' : `<path class="${name}" d="${path}" ${attributes}/>`;
}

/** A box for each bucket with a value, from the axis or from another value. */
function boxes({ x, stepSec }: ChartData, values: Values, frame: Frame, floors?: Values): string {
  const gap = frame.x((x[0] ?? 0) + stepSec) - frame.x(x[0] ?? 0) >= BAR_PX ? 1 : 0;
  return drawn(x, values)
    .map(([at, value, index]) => {
      const right = short(Math.max(frame.x(at + stepSec) - gap, frame.x(at) + 0.5));
      const floor = frame.y(floors?.[index] ?? 0);
      return `M${frame.x(at)} ${floor}V${frame.y(value)}H${right}V${floor}Z`;
    })
    .join('');
}

/** The top of each bucket, and the steps between neighbours. */
function outline({ x, stepSec }: ChartData, values: Values, frame: Frame): string {
  let before = -2;
  return drawn(x, values)
    .map(([at, value, index]) => {
      const start = before === index - 1 ? `V${frame.y(value)}` : `M${frame.x(at)} ${frame.y(value)}`;
      before = index;
      return `${start}H${frame.x(at + stepSec)}`;
    })
    .join('');
}

/** A line through the values; one without a neighbour is a short dash. */
function average({ x, average: values }: ChartData, frame: Frame): string {
  let before = -2;
  return drawn(x, values)
    .map(([at, value, index]) => {
      const isLone = before !== index - 1 && (values[index + 1] ?? null) === null;
      const place = `${frame.x(at)} ${frame.y(value)}`;
      const start = before === index - 1 ? 'L' : 'M';
      before = index;
      return isLone ? `M${place}h2` : `${start}${place}`;
    })
    .join('');
}

function drawn(xs: readonly number[], values: Values): [at: number, value: number, index: number][] {
  return xs.flatMap((at, index): [number, number, number][] => {
    const value = values[index] ?? null;
    return value === null ? [] : [[at, value, index]];
  });
}

const PATTERNS: Readonly<Record<Area['kind'], string>> = {
  'no-data': 'lost',
  incomplete: 'level',
  unread: 'unread',
  awaited: 'dots',
  pending: 'level',
};

function hatching(colour: string): string {
  const pattern = (id: string, size: number, content: string, attributes = ''): string =>
    `<pattern id="${id}" width="${size}" height="${size}" patternUnits="userSpaceOnUse"${attributes}>${content}</pattern>`;
  const line = `<path d="M0 0V12" stroke="${colour}"/>`;
  return [
    '<defs>',
    pattern('lost', 8, line, ' patternTransform="rotate(45)"'),
    pattern('unread', 12, line, ' patternTransform="rotate(-45)"'),
    pattern('level', 8, `<path d="M0 0H8" stroke="${colour}" opacity="0.5"/>`),
    pattern('dots', 12, `<circle cx="6" cy="6" r="1" fill="${colour}"/>`),
    '</defs>',
  ].join('');
}

function areaBox({ kind, from, to }: Area, span: Span, { x, top, bottom }: Frame): string {
  const [start, end] = [Math.max(from, span.from), Math.min(to, span.to)];
  if (start >= end) return '';
  const width = short(Math.max(x(end) - x(start), 1));
  return `<rect class="${kind}" x="${x(start)}" y="${top}" width="${width}" height="${bottom - top}" fill="url(#${PATTERNS[kind]})"/>`;
}

function words(text: string, x: number, y: number, attributes: string): string {
  return `<text x="${short(x)}" y="${short(y)}" ${attributes}>${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A tenth of a pixel is enough. */
function short(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
