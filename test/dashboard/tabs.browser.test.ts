/** ⑧⑨ The tabs below the chart: which wiki is busy, and every number of the range. `pipeline.browser` has the third. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
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
  for (const [wiki, human, bot] of [
    ['enwiki', 50, 20],
    ['commonswiki', 10, 90],
    ['dewiki', 30, 5],
  ] as const)
    for (let back = 1_500; back >= 0; back -= 1)
      server.gold.put(wiki, began - back * 60, human + (back % 3), bot);
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

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  opened = await openPage(browser, server.url + path, options);
  await opened.page.locator('.when time').waitFor();
  return opened.page;
}

const parameter = (page: Page, name: string): string | null => new URL(page.url()).searchParams.get(name);
const cells = (page: Page, nth: number): Promise<string[]> =>
  page.locator(`tbody tr:not(.spacer) > :nth-child(${nth})`).allInnerTexts();
const count = (text: string): number => Number(text.replaceAll(',', ''));

describe('wikis now', () => {
  test('lists the busiest wikis first, and a row opens its chart', async () => {
    const page = await open('/?wiki=enwiki&minutes=60');
    await page.getByRole('button', { name: 'Wikimedia Commons' }).waitFor();
    expect((await cells(page, 1)).slice(0, 3).map(name => name.split(/\s+/).at(-1))).toEqual([
      'commonswiki',
      'enwiki',
      'dewiki',
    ]);
    expect((await cells(page, 2))[0]).toMatch(/^\d\d\d\.\d$/);
    expect((await cells(page, 6))[0]).toMatch(/^(89|90)%$/);
    await page.getByRole('button', { name: 'German Wikipedia' }).click();
    await expect.poll(() => parameter(page, 'wiki'), SOON).toBe('dewiki');
    await expect.poll(() => page.locator('.headline h2').innerText(), SOON).toContain('German Wikipedia');
    expect(opened?.complaints).toEqual([]);
  });

  test('shows the last hour of each as a line, with a hole where nobody looked', async () => {
    server.read([began - 60 * 86_400, began - 1_800], [began - 1_200, began]);
    try {
      const page = await open('/?wiki=enwiki&minutes=60');
      const row = page.getByRole('row').filter({ hasText: 'enwiki' });
      const line = row.getByRole('img', { name: '70 to 72 a minute' });
      await line.waitFor();
      const path = (await line.locator('path').getAttribute('d')) ?? '';
      expect(path.match(/M/g)).toHaveLength(2);
      const minutes = path.match(/h/g)?.length ?? 0;
      expect(minutes).toBeGreaterThan(30);
      expect(minutes).toBeLessThanOrEqual(50);
    } finally {
      server.read([began - 60 * 86_400, began]);
    }
  });

  test('opens a chart by a click anywhere in its row, and by keys', async () => {
    const page = await open('/?wiki=enwiki&minutes=60');
    await page.getByRole('row').filter({ hasText: 'dewiki' }).getByRole('cell').last().click();
    await expect.poll(() => parameter(page, 'wiki'), SOON).toBe('dewiki');
    await page.getByRole('button', { name: 'Wikimedia Commons' }).press('Enter');
    await expect.poll(() => parameter(page, 'wiki'), SOON).toBe('commonswiki');
  });

  test('is sorted by any column, either way, by keys too', async () => {
    const page = await open('/?wiki=enwiki&minutes=60');
    const byBots = page.getByRole('button', { name: 'By bots' });
    await byBots.press('Enter');
    const bots = async (): Promise<number[]> =>
      (await cells(page, 6)).slice(0, 3).map(share => Number.parseInt(share, 10));
    await expect.poll(bots, SOON).toEqual((await bots()).toSorted((a, b) => b - a));
    const header = page.getByRole('columnheader', { name: 'By bots' });
    expect(await header.getAttribute('aria-sort')).toBe('descending');
    await byBots.press('Enter');
    expect(await header.getAttribute('aria-sort')).toBe('ascending');
  });
});

describe('the table', () => {
  test('has every minute of the range, and its sums are those of the sentence and of the CSV', async () => {
    const page = await open('/?wiki=enwiki&minutes=180&tab=table');
    await page.locator('tbody tr').first().waitFor();
    const totals = (await cells(page, 3)).map(count);
    expect(totals.length).toBeGreaterThanOrEqual(178);
    const sum = count(await page.locator('tfoot tr').last().locator('td').nth(1).innerText());
    expect(totals.reduce((all, edits) => all + edits, 0)).toBe(sum);
    expect(await page.locator('.sentence').innerText()).toContain(`${sum.toLocaleString('en')} in all`);
    const csv = await page.getByRole('link', { name: 'This range as CSV' }).getAttribute('href');
    const lines = (await (await fetch(server.url + (csv ?? ''))).text()).trim().split('\r\n').slice(1);
    const inCsv = lines
      .map(line => line.split(','))
      .reduce((all, line) => all + Number(line[2]) + Number(line[3]), 0);
    expect(inCsv).toBe(sum);
    const card = page.locator('.figure', {
      has: page.getByRole('heading', { name: 'Last hour', exact: true }),
    });
    const hour = await page.locator('tfoot tr').first().locator('td').nth(1).innerText();
    expect(await card.locator('.value').innerText()).toBe(`${hour} edits`);
  });

  test('of a day has few rows in the document, and those that are scrolled to', async () => {
    const page = await open('/?wiki=enwiki&minutes=1440&tab=table', {
      viewport: { width: 1_440, height: 900 },
    });
    await page.locator('tbody tr').first().waitFor();
    expect(await page.locator('.table-head').innerText()).toMatch(/^1,4\d\d rows/);
    expect(await page.locator('tbody tr').count()).toBeLessThan(300);
    const oldest = new Date((began - 1_400 * 60) * 1000).toISOString().slice(11, 16);
    expect(await page.locator('tbody tr', { hasText: `${oldest} UTC` }).count()).toBe(0);
    await page.getByRole('region', { name: 'Counts of the range' }).focus();
    await page.keyboard.press('End');
    await page.locator('tbody tr', { hasText: `${oldest} UTC` }).waitFor();
  });
});

test('the tabs are used by arrow keys', async () => {
  const page = await open('/?wiki=enwiki&minutes=60');
  await page.getByRole('tab', { name: 'Wikis now' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => parameter(page, 'tab'), SOON).toBe('table');
  expect(await page.getByRole('tab', { name: 'Table' }).getAttribute('aria-selected')).toBe('true');
  await page.keyboard.press('ArrowRight');
  await page.getByRole('tabpanel', { name: 'Pipeline' }).waitFor();
});
