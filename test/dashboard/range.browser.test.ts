/** ⑧⑨ What a person sees of long ranges and of ranges that do not move: drawn, zoomed, chosen, and shared. */
import { readFile } from 'node:fs/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../support/browser/chromium.ts';
import type { OpenPage } from '../support/browser/chromium.ts';
import { PageServer } from '../support/browser/page-server.ts';

const SOON = { timeout: 20_000, interval: 50 };

let browser: Browser;
let server: PageServer;
let opened: OpenPage | undefined;
let began: number;

beforeAll(async () => {
  browser = await launchBrowser();
  began = Math.floor(Date.now() / 60_000) * 60;
  server = new PageServer();
  for (let back = 12_000; back >= -10; back -= 1) server.gold.put('enwiki', began - back * 60, 50, 20);
  server.read([began - 60 * 86_400, began]);
  await server.start();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});
beforeEach(() => {
  opened = undefined;
});
afterEach(() => opened?.close());

async function open(path: string): Promise<Page> {
  opened = await openPage(browser, server.url + path);
  await opened.page.locator('.when time').waitFor();
  return opened.page;
}

const parameter = (page: Page, name: string): string | null => new URL(page.url()).searchParams.get(name);
const slider = (page: Page): Locator => page.getByRole('slider');
const said = (page: Page): Promise<string | null> => slider(page).getAttribute('aria-valuetext');

/** Drags over parts of the plot, from 0 to 1. */
async function drag(page: Page, from: number, to: number): Promise<void> {
  const box = await page.locator('.u-over').boundingBox();
  if (box === null) throw new Error('there is no plot');
  await page.mouse.move(box.x + box.width * from, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * ((from + to) / 2), box.y + 40);
  await page.mouse.move(box.x + box.width * to, box.y + 40);
  await page.mouse.up();
}

describe('a week', () => {
  test('is drawn in buckets whose sums and averages are announced, with few requests', async () => {
    opened = await openPage(browser, `${server.url}/docs`);
    const { page } = opened;
    const asked: string[] = [];
    page.on('request', request => asked.push(new URL(request.url()).pathname));
    await page.goto(`${server.url}/?wiki=enwiki&minutes=10080`);
    await page.locator('.when time').waitFor();
    expect(await page.locator('.panel').innerText()).toContain(
      'averages of 15 minutes, with the quietest and the busiest minute',
    );
    await slider(page).focus();
    await page.keyboard.press('PageUp');
    await page.keyboard.press('PageDown');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => said(page), SOON).toMatch(/UTC: 1,050 edits, 750 by humans, 300 by bots/);
    // The range, its newest minutes, and the overview.
    expect(asked.filter(path => path === '/api/v1/series')).toHaveLength(3);
    expect(asked.filter(path => path === '/api/v1/coverage')).toHaveLength(1);
    expect(opened.complaints).toEqual([]);
  });

  test('has the cards of a shorter range, because they are of the same minutes', async () => {
    const page = await open('/?wiki=enwiki&minutes=180');
    const hour = page.locator('.figure', {
      has: page.getByRole('heading', { name: 'Last hour', exact: true }),
    });
    const before = await hour.innerText();
    await page.getByRole('button', { name: 'Last 7 days' }).click();
    await expect.poll(() => page.locator('.panel').innerText(), SOON).toContain('averages of 15 minutes');
    expect(await hour.innerText()).toBe(before);
    expect(before).toContain('4,200 edits');
  });
});

describe('a range is zoomed', () => {
  test('by dragging, and Escape or a double click lead back to a live chart', async () => {
    const page = await open('/?wiki=enwiki&minutes=180');
    await drag(page, 0.25, 0.5);
    await expect.poll(() => parameter(page, 'from'), SOON).not.toBeNull();
    const [from, to] = [parameter(page, 'from') ?? '', parameter(page, 'to') ?? ''];
    const minutes = (Date.parse(to) - Date.parse(from)) / 60_000;
    expect(minutes).toBeGreaterThanOrEqual(44);
    expect(minutes).toBeLessThanOrEqual(47);
    await expect.poll(() => page.locator('.freshness').innerText(), SOON).toContain('Frozen range');
    await expect.poll(() => slider(page).getAttribute('aria-valuemax'), SOON).toBe(String(minutes - 1));
    await page.mouse.move(5, 5);
    await slider(page).focus();
    await page.keyboard.press('Escape');
    await expect.poll(() => parameter(page, 'minutes'), SOON).toBe('180');
    await drag(page, 0.5, 0.75);
    await expect.poll(() => parameter(page, 'from'), SOON).not.toBeNull();
    await page.locator('.u-over').dblclick({ position: { x: 200, y: 60 } });
    await expect.poll(() => parameter(page, 'minutes'), SOON).toBe('180');
    expect(opened?.complaints).toEqual([]);
  });

  test('twice, and is left as often', async () => {
    const page = await open('/?wiki=enwiki&minutes=10080');
    const buckets = (): Promise<string | null> => slider(page).getAttribute('aria-valuemax');
    const ofWeek = await buckets();
    await drag(page, 0.2, 0.6);
    await expect.poll(() => parameter(page, 'from'), SOON).not.toBeNull();
    const first = page.url();
    // The chart of the week stays until that of the range is there, and would end the next drag when it goes.
    await expect.poll(buckets, SOON).not.toBe(ofWeek);
    await drag(page, 0.2, 0.4);
    await expect.poll(() => page.url(), SOON).not.toBe(first);
    // While a minute is read, Escape ends that first.
    await page.mouse.move(5, 5);
    await expect.poll(() => page.locator('.tooltip').count(), SOON).toBe(0);
    await slider(page).focus();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.url(), SOON).toBe(first);
    await page.keyboard.press('Escape');
    await expect.poll(() => parameter(page, 'minutes'), SOON).toBe('10080');
  });
});

describe('a frozen range', () => {
  const iso = (back: number): string =>
    new Date((began - back * 60) * 1000).toISOString().replace('.000', '');

  test('shows exactly what its address says, asks nothing more, and goes live by a button', async () => {
    const page = await open(`/?wiki=enwiki&from=${iso(3_120)}&to=${iso(3_000)}`);
    await expect.poll(() => slider(page).getAttribute('aria-valuemax'), SOON).toBe('119');
    await slider(page).focus();
    await page.keyboard.press('Home');
    await expect.poll(() => said(page), SOON).toContain(`${iso(3_120).slice(11, 16)} UTC: 70 edits`);
    expect(await page.locator('.banner.delay').count()).toBe(0);
    const live: string[] = [];
    page.on('request', request => live.push(request.url()));
    await page.getByRole('button', { name: 'Go live' }).click();
    await expect.poll(() => parameter(page, 'minutes'), SOON).toBe('120');
    await expect.poll(() => live.some(url => url.includes('/live')), SOON).toBe(true);
    expect(opened?.complaints).toEqual([]);
  });

  test('is chosen by two times in UTC, wherever the reader is', async () => {
    const page = await open('/?wiki=enwiki&minutes=60');
    await page.getByText('From … to').click();
    await page.getByLabel('From (UTC)').fill(iso(240).slice(0, 16));
    await page.getByLabel('To (UTC)').fill(iso(300).slice(0, 16));
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByRole('alert').getByText('The end must be after the start.').waitFor();
    await page.getByLabel('To (UTC)').fill(iso(120).slice(0, 16));
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await expect.poll(() => parameter(page, 'from'), SOON).toBe(iso(240));
    expect(parameter(page, 'to')).toBe(iso(120));
    await expect.poll(() => slider(page).getAttribute('aria-valuemax'), SOON).toBe('119');
  });
});

describe('what is shown is shared', () => {
  test('as a link to these very minutes, also from a live chart', async () => {
    opened = await openPage(browser, `${server.url}/?wiki=enwiki&minutes=60&ma=5`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const { page } = opened;
    await page.locator('.when time').waitFor();
    await page.getByText('Share', { exact: true }).click();
    await page.getByRole('button', { name: 'Copy link to this range' }).click();
    await page.getByText('Copied: the link shows these minutes, also later.').waitFor();
    const link = new URL(await page.evaluate<string>('navigator.clipboard.readText()'));
    const [from, to] = [link.searchParams.get('from') ?? '', link.searchParams.get('to') ?? ''];
    expect(Date.parse(to) - Date.parse(from)).toBe(3_600_000);
    expect(link.searchParams.get('ma')).toBe('5');
    await page.goto(link.href);
    await expect.poll(() => page.locator('.freshness').innerText(), SOON).toContain('Frozen range');
    await expect.poll(() => slider(page).getAttribute('aria-valuemax'), SOON).toBe('59');
    expect(opened.complaints).toEqual([]);
  });

  test('by hand where the browser does not let the page copy', async () => {
    opened = await openPage(browser, `${server.url}/docs`);
    const { page } = opened;
    await page.addInitScript("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
    await page.goto(`${server.url}/?wiki=enwiki&minutes=60`);
    await page.locator('.when time').waitFor();
    await page.getByText('Share', { exact: true }).click();
    await page.getByRole('button', { name: 'Copy link to this range' }).click();
    expect(await page.getByLabel('Text to copy').inputValue()).toContain('&from=2');
  });

  test('as a picture that is larger than the chart by its title, source and address', async () => {
    const page = await open('/?wiki=enwiki&minutes=60');
    await page.getByText('Share', { exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as PNG' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('enwiki.png');
    const png = await readFile(await download.path());
    const canvas = await page.evaluate<number>("document.querySelector('.canvas canvas').height");
    // Width and height are in the header.
    expect(png.readUInt32BE(20)).toBe(canvas + 110);
    expect(opened?.complaints).toEqual([]);
  });

  test('as an SVG with the same words as the page, which browsers can read', async () => {
    server.gold.setSources({ url: 'http://127.0.0.1:5001/v2/stream/recentchange', simulated: true });
    try {
      const page = await open('/?wiki=enwiki&minutes=60');
      await page.locator('.watermark').waitFor();
      await page.getByText('Share', { exact: true }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save as SVG' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('enwiki.svg');
      const svg = await readFile(await download.path(), 'utf8');
      const texts = await page.evaluate<string[]>(`(() => {
        const svg = new DOMParser().parseFromString(${JSON.stringify(svg)}, 'image/svg+xml');
        if (svg.querySelector('parsererror') !== null) throw new Error(svg.documentElement.textContent);
        return [...svg.querySelectorAll('text')].map(({ textContent }) => textContent);
      })()`);
      expect(texts).toContain('English Wikipedia: edits per minute');
      expect(texts).toContain('SIMULATED');
      expect(texts.filter(text => text.endsWith('UTC'))).toHaveLength(1);
      expect(texts.filter(text => text.startsWith('Source: http://127.0.0.1:5001'))).toHaveLength(1);
      expect(texts.filter(text => text.startsWith(`${server.url}/?wiki=enwiki&from=2`))).toHaveLength(1);
      // The minutes before the current one, in solid and in pale colours.
      const bars = [...svg.matchAll(/class="(?:human|human-open)" d="([^"]*)"/g)]
        .map(([, path = '']) => path)
        .join('')
        .match(/Z/g);
      expect(bars?.length).toBeGreaterThan(50);
      expect(opened?.complaints).toEqual([]);
    } finally {
      server.gold.setSources();
    }
  });

  test('as the numbers of the range', async () => {
    const page = await open('/?wiki=enwiki&minutes=60');
    await page.getByText('Share', { exact: true }).click();
    const href = await page.getByRole('link', { name: 'Save as CSV' }).getAttribute('href');
    const csv = await (await fetch(server.url + (href ?? ''))).text();
    expect(csv.trim().split('\r\n')).toHaveLength(61);
  });
});
