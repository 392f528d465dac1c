/** ⑧⑨ What a person sees of several wikis on one chart, and of the same wiki a week ago. */
import { readFile } from 'node:fs/promises';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../support/browser/chromium.ts';
import type { OpenPage } from '../support/browser/chromium.ts';
import { MadeUpSource } from '../support/made-up-source.ts';
import { PageServer } from '../support/browser/page-server.ts';

const SOON = { timeout: 20_000, interval: 50 };
const WEEK_SEC = 7 * 86_400;

let browser: Browser;
let server: PageServer;
let opened: OpenPage | undefined;
let began: number;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(() => {
  began = Math.floor(Date.now() / 60_000) * 60;
  server = new PageServer();
  server.read([began - 14 * 86_400, began]);
  for (let back = 500; back >= 1; back -= 1) {
    server.gold.put('enwiki', began - back * 60, 60, 20);
    server.gold.put('dewiki', began - back * 60, 20, 5);
    server.gold.put('frwiki', began - back * 60, 9, 4);
  }
  for (let minute = -500; minute < 100; minute += 1)
    server.gold.put('enwiki', began - WEEK_SEC + minute * 60, 33, 11);
});
afterEach(async () => {
  await opened?.close();
  await server.stop();
});

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  await server.start();
  opened = await openPage(browser, server.url + path, options);
  await opened.page.locator('.when time').waitFor();
  return opened.page;
}

const parameter = (page: Page, name: string): string | null => new URL(page.url()).searchParams.get(name);
const chips = (page: Page) => page.getByRole('group', { name: 'Compared with' });
const legend = (page: Page) => page.locator('.readout');
const said = (page: Page) => page.getByRole('slider').getAttribute('aria-valuetext');
const picture = (page: Page): Promise<string> =>
  page.evaluate("document.querySelector('.canvas canvas').toDataURL()");

async function pointAtTheMiddle(page: Page): Promise<void> {
  const box = await page.locator('.u-over').boundingBox();
  if (box === null) throw new Error('there is no plot');
  await page.mouse.move(box.x + box.width / 2, box.y + 60);
  await page.locator('.tooltip').waitFor();
}

async function add(page: Page, text: string): Promise<void> {
  await page.getByRole('button', { name: 'Compare with another wiki' }).click();
  await page.keyboard.type(text);
  await page.locator('[role=option][aria-selected=true]', { hasText: text }).waitFor();
  await page.keyboard.press('Enter');
}

describe('other wikis', () => {
  test('are added from the combobox, read at the pointer, and removed by their chips', async () => {
    const page = await open('/?wiki=enwiki&minutes=180');
    const alone = await picture(page);
    await add(page, 'German Wikipedia');
    await expect.poll(() => chips(page).innerText(), SOON).toContain('German Wikipedia');
    expect(parameter(page, 'wiki')).toBe('enwiki');
    expect(parameter(page, 'compare')).toBe('dewiki');
    await add(page, 'French Wikipedia');
    await expect
      .poll(() => legend(page).innerText(), SOON)
      .toMatch(/English Wikipedia\s+80\s+German Wikipedia\s+25\s+French Wikipedia\s+13/);
    await expect.poll(() => picture(page), SOON).not.toBe(alone);
    await pointAtTheMiddle(page);
    await expect
      .poll(() => page.locator('.tooltip').innerText(), SOON)
      .toMatch(/English Wikipedia\s+80\s+German Wikipedia\s+25\s+French Wikipedia\s+13/);
    await page.mouse.move(5, 5);
    await page.getByRole('slider').focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => said(page), SOON).toMatch(/, 25 on German Wikipedia, 13 on French Wikipedia$/);
    await page.getByRole('button', { name: 'Remove German Wikipedia' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => parameter(page, 'compare'), SOON).toBe('frwiki');
    await page.getByRole('button', { name: 'Remove French Wikipedia' }).click();
    await expect.poll(() => chips(page).count(), SOON).toBe(0);
    await expect.poll(() => legend(page).innerText(), SOON).toMatch(/Human\s+60/);
    expect(opened?.complaints).toEqual([]);
  });

  test('differ in how their lines are broken, not only in colour', async () => {
    const page = await open('/?wiki=enwiki&minutes=180&compare=dewiki,frwiki');
    await expect.poll(() => legend(page).locator('.line-swatch').count(), SOON).toBe(3);
    const dashes = await legend(page)
      .locator('.line-swatch path')
      .evaluateAll(paths => paths.map(path => path.getAttribute('stroke-dasharray')));
    expect(new Set(dashes).size).toBe(3);
  });

  test('are drawn relative to their averages when they are indexed', async () => {
    const page = await open('/?wiki=enwiki&minutes=180&compare=dewiki');
    await expect.poll(() => legend(page).innerText(), SOON).toMatch(/German Wikipedia\s+25/);
    const before = await picture(page);
    await chips(page).getByRole('checkbox', { name: 'Indexed to 100' }).check();
    await expect
      .poll(() => page.locator('.panel').innerText(), SOON)
      .toContain('100 is the average of each wiki');
    await expect.poll(() => picture(page), SOON).not.toBe(before);
    expect(parameter(page, 'index')).toBe('1');
    // Counts stay counts.
    expect(await legend(page).innerText()).toMatch(/German Wikipedia\s+25/);
  });

  test('have columns in the table and in the CSV', async () => {
    const page = await open('/?wiki=enwiki&minutes=60&compare=dewiki&tab=table');
    const heads = page.getByRole('columnheader');
    await expect
      .poll(() => heads.allInnerTexts(), SOON)
      .toEqual(['Minute', 'Local time', 'English Wikipedia', 'German Wikipedia']);
    await expect
      .poll(() => page.locator('tfoot tr').first().innerText(), SOON)
      .toMatch(/Last hour.*\s4,800\s+1,500$/);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'This range as CSV' }).click();
    const csv = await readFile((await (await download).path()) ?? '', 'utf8');
    expect(csv).toMatch(/,enwiki,/);
    expect(csv).toMatch(/,dewiki,/);
  });

  test('that do not exist are said so, and the others stay', async () => {
    const page = await open('/?wiki=enwiki&minutes=180&compare=nosuchwiki,dewiki');
    await expect.poll(() => chips(page).innerText(), SOON).toMatch(/nosuchwiki\s+unknown wiki/);
    await expect.poll(() => legend(page).innerText(), SOON).toMatch(/nosuchwiki\s+–\s+German Wikipedia\s+25/);
  });

  test('are four at most', async () => {
    const page = await open('/?wiki=enwiki&minutes=60&compare=dewiki,frwiki,itwiki,jawiki,ruwiki');
    await expect.poll(() => chips(page).getByRole('button').count(), SOON).toBe(4);
    expect(await page.getByRole('button', { name: 'Compare with another wiki' }).isDisabled()).toBe(true);
  });

  test('follow their edits over the connection that the page has anyway', async () => {
    const source = new MadeUpSource(undefined);
    server.live = source;
    server.read([began - 14 * 86_400, began - 240]);
    source.feed = {
      kind: 'live',
      newestMs: began * 1000 + 59_000,
      read: [{ fromMs: (began - 240) * 1000, toMs: began * 1000 + 59_000 }],
    };
    for (let back = 240; back >= 0; back -= 1) {
      source.set('enwiki', began - back * 60, 60, 20);
      source.set('dewiki', began - back * 60, 20, 5);
    }
    const page = await open('/?wiki=enwiki&minutes=60&compare=dewiki&tab=table');
    await expect.poll(() => source.watchers, SOON).toBe(1);
    const clock = new Date((began - 120) * 1000).toISOString().slice(11, 16);
    const row = page.locator('tbody tr', { hasText: `${clock} UTC` });
    await expect
      .poll(async () => {
        source.tick();
        return row.innerText();
      }, SOON)
      .toMatch(/80\s+25$/);
    source.set('dewiki', began - 120, 4_000, 5);
    source.set('enwiki', began - 120, 61, 20);
    await expect
      .poll(async () => {
        source.tick();
        return row.innerText();
      }, SOON)
      .toMatch(/81\s+4,005$/);
  });

  test.each<[string, BrowserContextOptions]>([
    ['in light colours', { colorScheme: 'light' }],
    ['in dark colours', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
    ['in forced colours', { forcedColors: 'active' }],
  ])('pass axe %s', async (_, options) => {
    const page = await open('/?wiki=enwiki&minutes=180&compare=dewiki,frwiki&tab=table', options);
    await expect.poll(() => legend(page).innerText(), SOON).toMatch(/French Wikipedia\s+13/);
    await page.locator('tbody tr').first().waitFor();
    await page.evaluate(axe.source);
    const violations =
      await page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 200))))`);
    expect(violations).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  });
});

describe('a week ago', () => {
  test('is a line of its own, said at the pointer, and a part of the address', async () => {
    const page = await open('/?wiki=enwiki&minutes=180');
    const before = await picture(page);
    await legend(page).getByRole('checkbox', { name: 'Week ago' }).check();
    await expect.poll(() => legend(page).innerText(), SOON).toMatch(/Week ago\s+44/);
    await expect.poll(() => picture(page), SOON).not.toBe(before);
    expect(parameter(page, 'week')).toBe('1');
    await pointAtTheMiddle(page);
    await expect.poll(() => page.locator('.tooltip').innerText(), SOON).toMatch(/Week ago\s+44/);
    await page.mouse.move(5, 5);
    await expect.poll(() => said(page), SOON).toContain('44 a week ago');
    await page.reload();
    await expect.poll(() => legend(page).innerText(), SOON).toMatch(/Week ago\s+44/);
    await legend(page).getByRole('checkbox', { name: 'Week ago' }).uncheck();
    await expect.poll(() => said(page), SOON).not.toContain('a week ago');
    expect(opened?.complaints).toEqual([]);
  });
});
