/** ⑨ The SVG says and draws what the page does. */
import { describe, expect, test } from 'vitest';
import { chartSvg } from '../../src/dashboard/chart-svg.ts';
import type { SvgChart } from '../../src/dashboard/chart-svg.ts';
import { NO_DATA } from '../../src/dashboard/series.ts';
import type { ChartData } from '../../src/dashboard/series.ts';

const FROM = Date.UTC(2026, 10, 20, 10) / 1000;
const TEXT = {
  name: 'enwiki',
  title: 'Q&A <wiki>: edits per minute',
  range: 'Fri 20 Nov, 10:00 to 10:05 UTC',
  source: 'Source: http://127.0.0.1/stream (SIMULATED)',
  link: 'http://127.0.0.1/?wiki=enwiki&from=2026-11-20T10:00:00Z',
  simulated: true,
};

/** Five minutes: two solid, one without a count, one pending, one that is being counted. */
const DATA: ChartData = {
  ...NO_DATA,
  x: [0, 1, 2, 3, 4].map(at => FROM + at * 60),
  total: [30, 60, null, null, null],
  human: [20, 40, null, null, null],
  bot: [10, 20, null, null, null],
  openTotal: [null, null, null, 45, null],
  openHuman: [null, null, null, 15, null],
  openBot: [null, null, null, 30, null],
  soFar: [null, null, null, null, 12],
  average: [null, 45, null, null, null],
  min: [null, null, null, null, null],
  max: [null, null, null, null, null],
};

function draw(change: Partial<SvgChart> = {}, text: Partial<typeof TEXT> = {}): string {
  const chart: SvgChart = {
    data: DATA,
    span: { from: FROM, to: FROM + 300 },
    areas: [{ kind: 'unread', from: FROM + 120, to: FROM + 180 }],
    human: true,
    bot: true,
    zone: 'utc',
    width: 600,
    height: 300,
    colour: name => `of-${name}`,
    ...change,
  };
  return chartSvg(chart, { ...TEXT, ...text });
}

const path = (svg: string, name: string): string =>
  new RegExp(`<path class="${name}" d="([^"]*)"`).exec(svg)?.[1] ?? '';
/** Heights of the boxes of a path, by their floor and top. */
const heights = (svg: string, name: string): number[] =>
  [...path(svg, name).matchAll(/M[\d.]+ ([\d.]+)V([\d.]+)/g)].map(
    ([, floor, top]) => Number(floor) - Number(top),
  );

describe('the SVG', () => {
  test('has title, range, source and address, as text and as its description', () => {
    const svg = draw();
    for (const words of [
      'Q&amp;A &lt;wiki&gt;: edits per minute',
      TEXT.range,
      TEXT.source,
      'http://127.0.0.1/?wiki=enwiki&amp;from=2026-11-20T10:00:00Z',
    ]) {
      expect(svg).toContain(`>${words}</text>`);
    }
    expect(svg).toContain('<title>Q&amp;A &lt;wiki&gt;: edits per minute</title>');
    expect(svg).toMatch(/<desc>[^<]*10:00 to 10:05 UTC[^<]*<\/desc>/);
  });

  test('says SIMULATED across the chart, and only where that is so', () => {
    expect(draw()).toContain('>SIMULATED</text>');
    expect(draw({}, { simulated: false, source: 'Source: stream' })).not.toContain('SIMULATED');
  });

  test('stacks human edits on those of bots, to scale', () => {
    const svg = draw();
    const [first = 0, second = 0] = heights(svg, 'human');
    expect(second / first).toBeCloseTo(2, 1);
    const [bots = 0] = heights(svg, 'bot');
    expect(first / bots).toBeCloseTo(3, 1);
    const [open = 0] = heights(svg, 'human-open');
    expect(open / first).toBeCloseTo(1.5, 1);
    expect(heights(svg, 'so-far')).toHaveLength(1);
  });

  test('leaves out a series that is hidden, and its room', () => {
    const svg = draw({ bot: false });
    expect(path(svg, 'bot')).toBe('');
    const [human = 0] = heights(svg, 'human');
    const [bot = 0] = heights(draw({ human: false }), 'bot');
    expect(human / bot).toBeCloseTo(2, 1);
    expect(path(draw({ human: false }), 'human')).toBe('');
  });

  test('breaks the outline where nothing is known, and hatches that', () => {
    const svg = draw();
    expect(path(svg, 'total').match(/M/g)).toHaveLength(1);
    expect(path(svg, 'total').match(/H/g)).toHaveLength(2);
    expect(path(svg, 'total-open').match(/M/g)).toHaveLength(1);
    const width = Number(/<rect class="unread"[^>]* width="([\d.]+)"/.exec(svg)?.[1]);
    expect(width).toBeGreaterThan(90);
    expect(width).toBeLessThan(120);
  });

  test('draws the range of long buckets from the quietest to the busiest minute', () => {
    const long: ChartData = {
      ...NO_DATA,
      x: [FROM],
      stepSec: 3_600,
      total: [60],
      human: [40],
      bot: [20],
      min: [30],
      max: [90],
      average: [null],
      openTotal: [null],
      openHuman: [null],
      openBot: [null],
      soFar: [null],
    };
    const svg = draw({ data: long, span: { from: FROM, to: FROM + 3_600 } });
    const [range = 0] = heights(svg, 'range');
    const [total = 0] = heights(svg, 'human');
    expect(range / total).toBeCloseTo(1, 1);
  });

  test('of a chart without data is a chart without shapes', () => {
    const svg = draw({ data: NO_DATA, areas: [] });
    expect(svg).not.toMatch(/class="/);
    expect(svg).toContain('</svg>');
    expect(svg).not.toContain('NaN');
  });
});
