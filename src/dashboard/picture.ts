/** ⑨ The chart as a picture that can be cited: with its title, range, source and address, as PNG or SVG. */
import { chartSvg } from './chart-svg.ts';
import type { Model } from './model.ts';
import type { PictureText } from './picture-text.ts';
import type { View } from './url-state.ts';

const FONT = 'system-ui, sans-serif';
const HEAD_PX = 62;
const FOOT_PX = 48;
const MARGIN_PX = 16;

/** Draws what is seen of the chart, and has the browser save it. @throws Error without a chart */
export async function savePng(text: PictureText): Promise<void> {
  const picture = draw(chartOnPage(), text);
  const blob = await new Promise<Blob | null>(resolve => picture.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('The browser made no picture.');
  save(blob, `${text.name}.png`);
}

/** The same in shapes, of the size and the colours that it has on the page. @throws Error without a chart */
export function saveSvg(
  { data, span, bands, unread }: Model,
  { human, bot, zone }: View,
  text: PictureText,
): void {
  const chart = chartOnPage();
  const { width, height } = chart.getBoundingClientRect();
  const style = getComputedStyle(chart);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const areas = [...unread, ...bands];
  const svg = chartSvg({ data, span, areas, human, bot, zone, width, height, colour }, text);
  save(new Blob([svg], { type: 'image/svg+xml' }), `${text.name}.svg`);
}

function chartOnPage(): HTMLCanvasElement {
  const chart = document.querySelector<HTMLCanvasElement>('.canvas canvas');
  if (chart === null) throw new Error('There is no chart.');
  return chart;
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function draw(chart: HTMLCanvasElement, text: PictureText): HTMLCanvasElement {
  const box = chart.getBoundingClientRect();
  const ratio = chart.width / box.width;
  const picture = document.createElement('canvas');
  picture.width = chart.width + 2 * MARGIN_PX * ratio;
  picture.height = chart.height + (HEAD_PX + FOOT_PX) * ratio;
  const pen = picture.getContext('2d');
  if (pen === null) throw new Error('The browser cannot draw.');
  const style = getComputedStyle(chart);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  pen.fillStyle = colour('--card');
  pen.fillRect(0, 0, picture.width, picture.height);
  pen.scale(ratio, ratio);
  const write = (words: string, x: number, y: number, font: string, ink: string): void => {
    pen.font = `${font} ${FONT}`;
    pen.fillStyle = ink;
    pen.fillText(words, x, y);
  };
  write(text.title, MARGIN_PX, 26, '600 18px', colour('--text'));
  write(text.range, MARGIN_PX, 48, '13px', colour('--muted'));
  for (const band of document.querySelectorAll<HTMLElement>('.canvas .band:not([hidden])')) {
    hatch(pen, band.getBoundingClientRect(), box, colour('--chart-gap'));
  }
  pen.drawImage(chart, MARGIN_PX, HEAD_PX, box.width, box.height);
  const foot = HEAD_PX + box.height + 18;
  write(text.source, MARGIN_PX, foot, '12px', colour('--muted'));
  write(text.link, MARGIN_PX, foot + 18, '12px', colour('--muted'));
  if (text.simulated) {
    pen.textAlign = 'center';
    pen.globalAlpha = 0.12;
    const size = Math.min(box.width / 10, 90);
    write(
      'SIMULATED',
      MARGIN_PX + box.width / 2,
      HEAD_PX + box.height / 2,
      `800 ${size}px`,
      colour('--text'),
    );
  }
  return picture;
}

/** Where there is no count, in whichever way the page shows it. */
function hatch(pen: CanvasRenderingContext2D, band: DOMRect, chart: DOMRect, colour: string): void {
  const [left, top] = [band.left - chart.left + MARGIN_PX, band.top - chart.top + HEAD_PX];
  pen.save();
  pen.beginPath();
  pen.rect(left, top, band.width, band.height);
  pen.clip();
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.beginPath();
  for (let x = left - band.height; x < left + band.width; x += 8) {
    pen.moveTo(x, top + band.height);
    pen.lineTo(x + band.height, top);
  }
  pen.stroke();
  pen.restore();
}
