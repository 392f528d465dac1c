/** ⑧ The help: what is counted, where it comes from, what the states mean, and the keys. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../support/browser/chromium.ts';
import type { OpenPage } from '../support/browser/chromium.ts';
import { PageServer } from '../support/browser/page-server.ts';

const SOON = { timeout: 20_000, interval: 50 };

let browser: Browser;
let server: PageServer;
let opened: OpenPage | undefined;

beforeAll(async () => {
  browser = await launchBrowser();
  server = new PageServer();
  const current = Math.floor(Date.now() / 60_000) * 60;
  for (let back = 200; back >= 0; back -= 1) server.gold.put('enwiki', current - back * 60, 50, 20);
  server.gold.setSources({ url: 'http://127.0.0.1:5001/v2/stream/recentchange', simulated: true });
  server.readTo(current);
  await server.start();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});
afterEach(() => opened?.close());

async function open(): Promise<Page> {
  opened = await openPage(browser, `${server.url}/?wiki=enwiki&minutes=60`);
  await opened.page.locator('.when time').waitFor();
  return opened.page;
}

const help = (page: Page) => page.getByRole('dialog', { name: 'What this page shows' });
const focused = (page: Page): Promise<string> =>
  page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent");

describe('the help', () => {
  test('says what counts, where it comes from, what the states mean, how late it can be, and the keys', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Help' }).click();
    await help(page).waitFor();
    expect(await help(page).getByRole('heading', { level: 3 }).allInnerTexts()).toEqual([
      'What counts',
      'Where it comes from',
      'What a minute can be',
      'How late it can be',
      'Keys',
    ]);
    expect(await help(page).innerText()).toMatch(/127\.0\.0\.1:5001\/v2\/stream\/recentchange: SIMULATED/);
    expect(opened?.complaints).toEqual([]);
  });

  test('has the focus while it is open, and gives it back', async () => {
    const page = await open();
    const button = page.getByRole('button', { name: 'Help' });
    await button.press('Enter');
    await help(page).waitFor();
    await expect.poll(() => focused(page), SOON).toBe('Close');
    for (let presses = 0; presses < 6; presses += 1) {
      await page.keyboard.press('Tab');
      // The last stop is the browser's own bar, where the document has no focus.
      expect(await page.evaluate("document.activeElement.closest('dialog, body').localName")).toMatch(
        /^(dialog|body)$/,
      );
      expect(await page.evaluate("document.activeElement.closest('main, footer, .bar > button')")).toBeNull();
    }
    await page.keyboard.press('Escape');
    await help(page).waitFor({ state: 'detached' });
    await expect.poll(() => focused(page), SOON).toBe('Help');
  });

  test('opens by `?`, but not where that is typed into a field', async () => {
    const page = await open();
    const finder = page.getByRole('combobox', { name: 'Wiki' });
    await finder.click();
    await page.keyboard.press('?');
    expect(await finder.inputValue()).toContain('?');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByRole('slider').focus();
    await page.keyboard.press('?');
    await help(page).waitFor();
    await page.keyboard.press('/');
    expect(await page.getByRole('listbox').count()).toBe(0);
    await page.getByRole('button', { name: 'Close' }).click();
    await help(page).waitFor({ state: 'detached' });
    await expect
      .poll(() => page.getByRole('slider').evaluate(slider => slider.matches(':focus')), SOON)
      .toBe(true);
  });

  test('is closed by a click beside it, and its script is loaded only when it opens', async () => {
    const page = await open();
    const scripts = (): Promise<number> =>
      page.evaluate(
        "performance.getEntriesByType('resource').filter(({ name }) => name.includes('help')).length",
      );
    expect(await scripts()).toBe(0);
    await page.keyboard.press('?');
    await help(page).waitFor();
    expect(await scripts()).toBe(1);
    await page.mouse.click(5, 300);
    await help(page).waitFor({ state: 'detached' });
  });
});
