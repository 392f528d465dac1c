/** ⑧⑨ The page as a person uses it: where things are, what the pointer shows, and how a wiki and a range are found. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../support/browser/chromium.ts';
import type { OpenPage } from '../support/browser/chromium.ts';
import { PageServer } from '../support/browser/page-server.ts';

const SOON = { timeout: 20_000, interval: 50 };
const DESK = { viewport: { width: 1440, height: 900 } };

let browser: Browser;
let server: PageServer;
let opened: OpenPage | undefined;
let began: number;

beforeAll(async () => {
  browser = await launchBrowser();
  began = Math.floor(Date.now() / 60_000) * 60;
  server = new PageServer();
  for (const [wiki, human] of [
    ['enwiki', 50],
    ['dewiki', 30],
    ['alswiki', 1],
  ] as const)
    for (let back = 2_000; back >= -10; back -= 1) server.gold.put(wiki, began - back * 60, human, 20);
  server.gold.setGaps({
    id: 'gap',
    cause: 'retention',
    from: new Date((began - 3_600) * 1000).toISOString(),
    to: new Date((began - 3_000) * 1000).toISOString(),
  });
  server.read([began - 60 * 86_400, began]);
  await server.start();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});
afterEach(() => opened?.close());

async function open(path: string, options: BrowserContextOptions = DESK): Promise<Page> {
  opened = await openPage(browser, server.url + path, options);
  await opened.page.locator('.when time').waitFor();
  return opened.page;
}

const parameter = (page: Page, name: string): string | null => new URL(page.url()).searchParams.get(name);
const heading = (page: Page) => page.locator('.headline h2');
const finder = (page: Page) => page.getByRole('combobox', { name: 'Wiki' });

async function boxOf(page: Page, selector: string) {
  await page.locator(selector).waitFor();
  const box = await page.locator(selector).boundingBox();
  if (box === null) throw new Error(`${selector} has no box`);
  return box;
}

test('the chart needs at most 60 kB of script, compressed', async () => {
  opened = await openPage(browser, `${server.url}/docs`);
  const { page } = opened;
  const html = await (await fetch(`${server.url}/`)).text();
  const first = [...html.matchAll(/(?:src|href)="\.?(\/[^"]+\.js)"/g)].map(([, path]) => server.url + path);
  // Without all that is loaded later, the chart is drawn all the same.
  await page.route('**/*.js', route =>
    first.includes(route.request().url()) ? route.continue() : route.abort(),
  );
  await page.goto(`${server.url}/?wiki=enwiki&minutes=180`);
  await page.locator('.when time').waitFor();
  const sizes = await Promise.all(
    first.map(async url => gzipSync(await (await fetch(url)).text()).byteLength),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  expect(total).toBeGreaterThan(30_000);
  expect(total).toBeLessThanOrEqual(60_000);
});

describe('the layout', () => {
  test.each([
    [1_440, 900],
    [1_680, 1_050],
    [2_560, 1_300],
  ])('gives the chart more than half of the height and up to 1680 px at %d×%d', async (width, height) => {
    const page = await open('/?wiki=enwiki&minutes=180', { viewport: { width, height } });
    const chart = await boxOf(page, '.canvas');
    expect(chart.height / height).toBeGreaterThan(0.55);
    expect(chart.height / height).toBeLessThan(0.6);
    expect(chart.width).toBeGreaterThan(Math.min(width, 1_720) - 100);
    expect(chart.width).toBeLessThanOrEqual(1_680);
    const bar = await boxOf(page, '.bar');
    expect(bar.height).toBeLessThan(52);
  });

  test('keeps the bar in view while the rest is scrolled', async () => {
    const page = await open('/?wiki=enwiki&minutes=180', { viewport: { width: 1_440, height: 500 } });
    await page.mouse.wheel(0, 3_000);
    await expect.poll(() => page.evaluate('scrollY'), SOON).toBeGreaterThan(100);
    expect((await boxOf(page, '.bar')).y).toBe(0);
  });

  test('does not move when a minute is read', async () => {
    const page = await open('/?wiki=enwiki&minutes=180');
    const { x, y, width } = await boxOf(page, '.u-over');
    const before = await boxOf(page, '.overview');
    for (const part of [0.1, 0.4, 0.69, 0.95]) {
      await page.mouse.move(x + width * part, y + 50);
      await page.locator('.tooltip').waitFor();
      expect(await boxOf(page, '.overview')).toEqual(before);
    }
  });
});

describe('on a phone', () => {
  const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

  test('wiki and range are in one row, and the chart begins within 180 px', async () => {
    const page = await open('/?wiki=enwiki&minutes=180', PHONE);
    const [wiki, range] = [await boxOf(page, '[role=combobox]'), await boxOf(page, '.range-select')];
    expect(range.y).toBe(wiki.y);
    expect(wiki.width).toBeGreaterThan(90);
    expect((await boxOf(page, '.canvas')).y).toBeLessThan(180);
    expect((await boxOf(page, '.bar')).height).toBeLessThan(60);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  });

  test('a range is chosen from a list, or by its two times', async () => {
    const page = await open('/?wiki=enwiki&minutes=180', PHONE);
    const list = page.getByRole('combobox', { name: 'Range' });
    await list.selectOption({ label: '24 h' });
    await expect.poll(() => parameter(page, 'minutes'), SOON).toBe('1440');
    await page.getByText('From … to', { exact: true }).tap();
    const sheet = await boxOf(page, 'details[open] .popover');
    expect(sheet.x).toBeGreaterThanOrEqual(0);
    expect(sheet.x + sheet.width).toBeLessThanOrEqual(390);
    await page.getByLabel('Minutes to show').fill('95');
    await page.getByLabel('Minutes to show').press('Enter');
    await expect.poll(() => list.evaluate(field => field.textContent), SOON).toContain('95 minutes');
  });

  test.each(['wikis', 'table', 'pipeline'])(
    'everything in the tab %s is large enough for a finger',
    async tab => {
      const page = await open(`/?wiki=enwiki&minutes=180&tab=${tab}`, PHONE);
      const panel = page.getByRole('tabpanel');
      await panel
        .locator(tab === 'pipeline' ? 'form' : 'tbody tr')
        .first()
        .waitFor();
      expect(await page.evaluate(smallTargets)).toEqual([]);
    },
  );
});

/** Controls lower than 44 px. The label of a box or a button to choose one of several counts as its target. */
const smallTargets = `[...document.querySelectorAll('button, select, input, summary, a, [role=tab]')]
  .map(element => [element, element.matches('[type=checkbox], [type=radio]') ? element.closest('label') : element])
  .filter(([element, target]) => element.checkVisibility() && target.getBoundingClientRect().height < 43.5)
  .map(([element]) => element.outerHTML.slice(0, 90))`;

describe('what is shown', () => {
  test('is said in a sentence', async () => {
    const page = await open('/?wiki=enwiki&minutes=180');
    expect(await page.locator('.sentence').innerText()).toMatch(
      /^\d\d\.\d edits a minute over the last 3 hours, 1\d,\d{3} in all; (the last hour .* usual.*; )?29% by bots/,
    );
  });

  test('is beside the pointer, with its state', async () => {
    const page = await open('/?wiki=enwiki&minutes=180');
    const { x, y, width } = await boxOf(page, '.u-over');
    await page.mouse.move(x + width * 0.25, y + 50);
    const tooltip = page.locator('.tooltip');
    await expect.poll(() => tooltip.innerText(), SOON).toMatch(/UTC\s+Total\s+70\s+Human\s+50\s+Bot\s+20/);
    const left = (await tooltip.boundingBox())?.x ?? 0;
    expect(Math.abs(left - (x + width * 0.25))).toBeLessThan(40);
    await page.mouse.move(x + width * 0.998, y + 50);
    await expect.poll(() => tooltip.innerText(), SOON).toMatch(/still counting|only partly read/);
    expect(((await tooltip.boundingBox())?.x ?? 0) + 100).toBeLessThan(x + width);
  });

  test('has a strip under the axis that says what is known', async () => {
    const page = await open('/?wiki=enwiki&minutes=180');
    const strip = page.getByRole('img', { name: 'What is known of the range' });
    expect(await strip.getAttribute('aria-label')).toMatch(/\d h full, 10 min in a gap/);
    const [plot, box] = [await boxOf(page, '.u-over'), await boxOf(page, '.coverage')];
    expect(Math.abs(box.y - plot.y - plot.height)).toBeLessThan(3);
    expect(Math.abs(box.width - plot.width)).toBeLessThan(2);
    const gap = await boxOf(page, '.coverage [data-kind=gap]');
    expect(Math.abs(gap.width - (plot.width * 10) / 180)).toBeLessThan(3);
  });

  test('has an axis in UTC or in local time, which the address keeps', async () => {
    const page = await open('/?wiki=enwiki&minutes=180');
    const picture = (): Promise<string> =>
      page.evaluate("document.querySelector('.canvas canvas').toDataURL()");
    const before = await picture();
    await page.getByRole('button', { name: 'Local' }).click();
    await expect.poll(() => parameter(page, 'tz'), SOON).toBe('local');
    await expect.poll(picture, SOON).not.toBe(before);
    const { x, y } = await boxOf(page, '.u-over');
    await page.mouse.move(x + 200, y + 50);
    await expect.poll(() => page.locator('.tooltip').innerText(), SOON).toContain('local');
  });
});

describe('another range', () => {
  test('is selected in the overview', async () => {
    const page = await open('/?wiki=enwiki&minutes=60');
    const { x, y, width } = await boxOf(page, '.overview svg');
    await page.mouse.move(x + width * 0.5, y + 20);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.6, y + 20);
    await page.mouse.move(x + width * 0.75, y + 20);
    await page.mouse.up();
    await expect.poll(() => parameter(page, 'from'), SOON).not.toBeNull();
    const minutes =
      (Date.parse(parameter(page, 'to') ?? '') - Date.parse(parameter(page, 'from') ?? '')) / 60_000;
    expect(Math.abs(minutes - 360)).toBeLessThan(15);
  });

  test('is reached by the keys alone: earlier, and later again', async () => {
    const page = await open('/?wiki=enwiki&minutes=60');
    await page.getByRole('button', { name: 'Earlier' }).press('Enter');
    await expect.poll(() => parameter(page, 'to'), SOON).not.toBeNull();
    await page.getByRole('button', { name: 'Later' }).press('Enter');
    await expect.poll(() => parameter(page, 'minutes'), SOON).toBe('60');
  });
});

describe('the combobox of wikis', () => {
  test('opens by `/`, finds a wiki by a pasted address, and shows its chart', async () => {
    const page = await open('/?wiki=enwiki&minutes=60');
    await page.keyboard.press('/');
    await page.getByRole('option', { name: 'English Wikipedia' }).waitFor();
    expect(await finder(page).getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.insertText('https://de.m.wikipedia.org/wiki/Banane');
    await page.locator('[role=option][aria-selected=true]', { hasText: 'dewiki' }).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => heading(page).innerText(), SOON).toContain('German Wikipedia');
    expect(parameter(page, 'wiki')).toBe('dewiki');
    expect(opened?.complaints).toEqual([]);
  });

  test('keeps the chart when nothing is found, and says what to try', async () => {
    const page = await open('/?wiki=enwiki&minutes=60');
    await finder(page).click();
    await page.keyboard.type('banana');
    await page.getByText('No wiki matches “banana”.').waitFor();
    await page.keyboard.press('Enter');
    expect(await page.locator('.message').count()).toBe(0);
    expect(parameter(page, 'wiki')).toBe('enwiki');
    await page.keyboard.press('Escape');
    await expect.poll(() => finder(page).inputValue(), SOON).toBe('English Wikipedia');
  });

  test('names a wiki as the site matrix does, and is used by arrow keys', async () => {
    const page = await open('/?wiki=alswiki&minutes=60');
    await expect.poll(() => heading(page).innerText(), SOON).toContain('Alemannic Wikipedia');
    await finder(page).click();
    await page.getByRole('option').nth(1).waitFor();
    const first = await finder(page).getAttribute('aria-activedescendant');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => finder(page).getAttribute('aria-activedescendant'), SOON).not.toBe(first);
  });
});

test('another site can show the chart in a frame, and nothing else of the page', async () => {
  const frames = [`${server.url}/embed?wiki=dewiki&minutes=60`, `${server.url}/?wiki=dewiki&minutes=60`];
  const site = createServer((_, response) =>
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(frames.map(url => `<iframe src="${url}" width="800" height="420"></iframe>`).join('')),
  );
  await once(site.listen(0, '127.0.0.1'), 'listening');
  try {
    opened = await openPage(browser, `http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
    const { page } = opened;
    const embedded = page.frameLocator('iframe').first();
    await embedded.locator('.when time').waitFor();
    expect(await embedded.locator('.headline h2').innerText()).toContain('German Wikipedia');
    for (const part of ['.bar', '[role="tablist"]', 'footer'])
      expect(await embedded.locator(part).count()).toBe(0);
    expect(await embedded.locator('html').evaluate(html => html.scrollHeight)).toBeLessThanOrEqual(420);
    expect(await embedded.getByRole('link', { name: 'Open in wikigauge' }).getAttribute('href')).toBe(
      '/?wiki=dewiki&minutes=60&ma=0&human=1&bot=1',
    );
    expect(await page.frameLocator('iframe').nth(1).locator('.headline').count()).toBe(0);
  } finally {
    site.closeAllConnections();
    site.close();
  }
});
