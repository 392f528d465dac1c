/** Compares the list of the page's requests with the real page, on a clock that the test controls. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PAGE } from '../../../dev/costs/page.ts';
import { launchBrowser, openPage } from '../../support/browser/chromium.ts';
import { PageServer } from '../../support/browser/page-server.ts';

const MINUTES = 4;
const TURN_MS = 500;

let browser: Browser;
let server: PageServer;

beforeAll(async () => {
  browser = await launchBrowser();
  server = new PageServer();
  const current = Math.floor(Date.now() / 60_000) * 60;
  server.readTo(current);
  for (let back = 0; back < 200; back += 1) server.gold.put('enwiki', current - back * 60, 5, 3);
  await server.start();
});
afterAll(async () => {
  await server.stop();
  await browser.close();
});

test('the page sends exactly these requests, at these intervals', async () => {
  const { page, close } = await openPage(browser, `${server.url}/docs`);
  await page.clock.install();
  await page.goto(server.url);
  await page.locator('.when time').waitFor();
  // Otherwise the clock also runs by itself, further on a busy machine.
  await page.clock.pauseAt((await page.evaluate<number>('Date.now()')) + 1_000);
  const asked = new Map<string, number>();
  let open = 0;
  page.on('requestfinished', () => (open -= 1));
  page.on('request', request => {
    open += 1;
    const path = request.url().slice(server.url.length);
    asked.set(path, (asked.get(path) ?? 0) + 1);
  });
  for (let turn = 0; turn < (MINUTES * 60_000) / TURN_MS; turn += 1) {
    await page.clock.runFor(TURN_MS);
    // Requests that started before the listeners were attached only count down.
    await expect.poll(() => open).toBeLessThanOrEqual(0);
  }
  await close();
  expect([...asked.keys()].sort()).toEqual(PAGE.map(({ path }) => path).sort());
  for (const { path, everyMs, isAskedForNewMinutes } of PAGE) {
    // The interval starts after a response, which can arrive a turn or two later on the controlled clock.
    const most = (MINUTES * 60_000) / everyMs;
    // The first edits may have come just before the listeners.
    const forNewMinutes = isAskedForNewMinutes === true ? 1 : 0;
    expect(asked.get(path)).toBeLessThanOrEqual(Math.ceil(most) + forNewMinutes);
    expect(asked.get(path)).toBeGreaterThanOrEqual(Math.floor(most * 0.6));
  }
});
