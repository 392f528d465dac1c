/** Compares the list of the page's requests with the real page, on a clock that the test controls. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { LIVE, PAGE } from '../../../dev/costs/page.ts';
import { launchBrowser, openPage } from '../../support/browser/chromium.ts';
import { PageServer } from '../../support/browser/page-server.ts';
import { MadeUpSource } from '../../support/made-up-source.ts';

const MINUTES = 4;
const TURN_MS = 500;
/** Asked once, and again each hour: a full hour may come while the test runs. */
const HOURLY = /^\/api\/v1\/(?:expectation|coverage\?wiki=enwiki&from)/;

let browser: Browser;
let server: PageServer;
let source: MadeUpSource | undefined;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
afterEach(() => server.stop());

async function serve(): Promise<void> {
  server = new PageServer();
  server.live = source;
  const current = Math.floor(Date.now() / 60_000) * 60;
  server.readTo(current);
  server.gold.setSources({ url: 'https://stream.wikimedia.org/v2/stream/recentchange', simulated: false });
  for (let back = 0; back < 200; back += 1) server.gold.put('enwiki', current - back * 60, 5, 3);
  await server.start();
}

/** Something is told in each turn: by the clock of the page, silence would be over soon. */
function hear(turn: number): void {
  if (source === undefined) return;
  source.feed = { kind: 'live', newestMs: Date.now() + turn * 1_000, read: [] };
  source.tick();
}

/** Requests of some minutes, by their path. */
async function requestsOf(): Promise<Map<string, number>> {
  const { page, close } = await openPage(browser, `${server.url}/docs`);
  await page.clock.install();
  await page.goto(server.url);
  await page.locator('.wikis tbody tr').first().scrollIntoViewIfNeeded();
  await page.locator('.when time').waitFor();
  // Otherwise the clock also runs by itself, further on a busy machine.
  await page.clock.pauseAt((await page.evaluate<number>('Date.now()')) + 1_000);
  const asked = new Map<string, number>();
  let open = 0;
  page.on('requestfinished', () => (open -= 1));
  page.on('request', request => {
    const path = request.url().slice(server.url.length);
    if (path !== LIVE) open += 1;
    if (HOURLY.test(path)) return;
    asked.set(path, (asked.get(path) ?? 0) + 1);
  });
  for (let turn = 0; turn < (MINUTES * 60_000) / TURN_MS; turn += 1) {
    await page.clock.runFor(TURN_MS);
    hear(turn);
    // Requests that started before the listeners were attached only count down.
    await expect.poll(() => open).toBeLessThanOrEqual(0);
  }
  await close();
  return asked;
}

test('while it cannot listen, the page sends exactly these requests, at these intervals', async () => {
  source = undefined;
  await serve();
  const asked = await requestsOf();
  asked.delete(LIVE);
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

test('while it listens, it asks once for what it is told of', async () => {
  source = new MadeUpSource(Date.now());
  await serve();
  const asked = await requestsOf();
  for (const { path, everyMs, told } of PAGE) {
    // Once more at most for the minute that has ended meanwhile.
    const most = told === 'all' ? 0 : told === 'changes' ? 2 : Math.ceil((MINUTES * 60_000) / everyMs) + 1;
    expect([path, asked.get(path) ?? 0]).toEqual([path, expect.toSatisfy((count: number) => count <= most)]);
  }
  expect([...asked.keys()].filter(path => !PAGE.some(each => each.path === path))).toEqual([]);
});
