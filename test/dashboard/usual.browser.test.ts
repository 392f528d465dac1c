/** ⑧⑨ What a person sees of what is usual: a band behind the chart, at the pointer, and in the sentence. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../support/browser/chromium.ts';
import type { OpenPage } from '../support/browser/chromium.ts';
import { PageServer } from '../support/browser/page-server.ts';
import { rememberWeeks } from './history.ts';

const SOON = { timeout: 20_000, interval: 50 };

let browser: Browser;
let server: PageServer;
let opened: OpenPage | undefined;
let began: number;
let asked: string[];

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  asked = [];
  began = Math.floor(Date.now() / 60_000) * 60;
  server = new PageServer();
  server.read([began - 2 * 86_400, began]);
  for (let back = 480; back >= 1; back -= 1) server.gold.put('enwiki', began - back * 60, 50, 20);
  await server.start();
});
afterEach(async () => {
  await opened?.close();
  await server.stop();
});

async function open(path: string): Promise<Page> {
  opened = await openPage(browser, `${server.url}/docs`);
  const { page } = opened;
  page.on('request', request => {
    const { pathname } = new URL(request.url());
    if (pathname === '/api/v1/expectation') asked.push(request.url());
  });
  await page.goto(server.url + path);
  await page.locator('.when time').waitFor();
  return page;
}

const sentence = (page: Page) => page.locator('.sentence').innerText();
const legend = (page: Page) => page.locator('.readout').innerText();

async function pointAtTheMiddle(page: Page): Promise<void> {
  const box = await page.locator('.u-over').boundingBox();
  if (box === null) throw new Error('there is no plot');
  await page.mouse.move(box.x + box.width / 2, box.y + 60);
  await page.locator('.tooltip').waitFor();
}

/** How many pixels at the top of the plot, far above the edits, are drawn on: by the grid, and by the band. */
function greyPixels(page: Page): Promise<number> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector('.canvas canvas');
    const over = document.querySelector('.u-over').getBoundingClientRect();
    const box = canvas.getBoundingClientRect();
    const scale = canvas.width / box.width;
    const image = canvas.getContext('2d').getImageData(
      (over.left - box.left) * scale, (over.top - box.top) * scale, over.width * scale, over.height * scale).data;
    let grey = 0;
    for (let at = 0; at < image.length; at += 4) {
      const [r, , b, alpha] = image.slice(at, at + 4);
      if (alpha > 40 && alpha < 120 && Math.abs(r - b) < 60) grey += 1;
    }
    return grey;
  })()`);
}

describe('with weeks behind it', () => {
  beforeEach(() => rememberWeeks(server, 'enwiki', began, 40, 16));

  test('the chart has a band, and a reader learns how the minute and the last hour compare', async () => {
    const page = await open('/?wiki=enwiki&minutes=180');
    await expect.poll(() => legend(page), SOON).toMatch(/Usual\s+\d+\.\d/);
    await expect.poll(() => greyPixels(page), SOON).toBeGreaterThan(2_000);
    await pointAtTheMiddle(page);
    await expect
      .poll(() => page.locator('.tooltip').innerText(), SOON)
      .toMatch(/Usual\s+\d+\.\d\s+Difference/);
    await expect
      .poll(() => sentence(page), SOON)
      .toMatch(
        /; the last hour (as usual|\d+% (above|below) usual) for a [A-Z][a-z]+day at \d\d:00 UTC; 29% by bots\.$/,
      );
    const chart = page.getByRole('slider');
    await chart.focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => chart.getAttribute('aria-valuetext'), SOON).toMatch(/ usual$/);
    expect(opened?.complaints).toEqual([]);
  });

  test('it is asked for once a view, while counts are polled', async () => {
    const page = await open('/?wiki=enwiki&minutes=180');
    await expect.poll(() => legend(page), SOON).toMatch(/Usual\s+\d+\.\d/);
    // A full minute: later ones are provisional, and not in the last hour.
    server.gold.put('enwiki', began - 900, 9_000, 20);
    await expect.poll(() => sentence(page), SOON).toContain('times the usual');
    expect(asked).toHaveLength(1);
    await page.getByRole('button', { name: '1 h: last hour' }).click();
    await expect
      .poll(() => sentence(page), SOON)
      .toMatch(/over the last hour, .* in all; \d+\.\d times the usual for/);
    expect(asked).toHaveLength(2);
  });

  test('a day in buckets has the band too', async () => {
    const page = await open('/?wiki=enwiki&minutes=1440');
    await page.setViewportSize({ width: 700, height: 800 });
    await expect.poll(() => legend(page), SOON).toMatch(/Usual\s+\d+\.\d/);
    await pointAtTheMiddle(page);
    expect(opened?.complaints).toEqual([]);
  });
});

test('without history nothing is drawn, and the page says so without an error', async () => {
  const page = await open('/?wiki=enwiki&minutes=180');
  await expect.poll(() => legend(page), SOON).toMatch(/Usual\s+not enough history yet/);
  // With a band there are thousands.
  expect(await greyPixels(page)).toBeLessThan(500);
  await pointAtTheMiddle(page);
  await expect.poll(() => page.locator('.tooltip').innerText(), SOON).toContain('not enough history yet');
  expect(await sentence(page)).not.toContain('usual');
  expect(await page.locator('.banner').count()).toBe(0);
  expect(opened?.complaints).toEqual([]);
});
