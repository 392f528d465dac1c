/** ⑧⑨ Invariant 8 on the page: missing data reads as "no data" everywhere, never as 0. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Gap } from '../../src/core/gaps.ts';
import { launchBrowser, openPage } from '../support/browser/chromium.ts';
import type { OpenPage } from '../support/browser/chromium.ts';
import { PageServer } from '../support/browser/page-server.ts';
import { colouredPixels } from './coloured-pixels.ts';
import type { Box } from './coloured-pixels.ts';

const SOON = { timeout: 20_000, interval: 50 };

let browser: Browser;
let server: PageServer;
let opened: OpenPage | undefined;
/** The minute in which the test began, so that counts and gaps stay in place while time passes. */
let began: number;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  began = Math.floor(Date.now() / 60_000) * 60;
  server = new PageServer();
  server.readTo(began);
  await server.start();
});
afterEach(async () => {
  await opened?.close();
  await server.stop();
});

async function open(path = '/?wiki=enwiki&minutes=180&ma=3'): Promise<Page> {
  opened = await openPage(browser, server.url + path);
  await opened.page.locator('.when time').waitFor();
  return opened.page;
}

/** Edits of the minutes between two ages, the older one first. */
function fill(from: number, to: number): void {
  for (let back = from; back >= to; back--) server.gold.put('enwiki', began - back * 60, 50, 20);
}

/** A gap between two ages in minutes. */
function gap(cause: Gap['cause'], from: number, to: number): Gap {
  const at = (back: number): string => new Date((began - back * 60) * 1000).toISOString();
  return { id: `${cause}-${from}`, cause, from: at(from), to: at(to) };
}

/** `10:05`, of an age in minutes. */
function clock(back: number): string {
  return new Date((began - back * 60) * 1000).toISOString().slice(11, 16);
}

const bands = (page: Page, kind: string) => page.locator(`.band[data-kind=${kind}]:not([hidden])`);
const boxOf = async (page: Page, kind: string): Promise<Box> => {
  await bands(page, kind).waitFor();
  const box = await bands(page, kind).boundingBox();
  if (box === null) throw new Error(`no band of ${kind} is shown`);
  return box;
};

describe('an outage', () => {
  const reason = 'no data (no longer available from the source)';
  beforeEach(() => {
    fill(170, 90);
    fill(40, 0);
    server.gold.setGaps(gap('retention', 89.5, 40));
  });

  test('is a labelled band, with a legend entry and a note', async () => {
    const page = await open();
    await bands(page, 'no-data').waitFor();
    expect(await page.locator('.band-label:visible').innerText()).toBe('no data');
    expect(await page.locator('.readout').innerText()).toContain('No data');
    expect(await page.locator('.gap-note').innerText()).toMatch(
      new RegExp(
        `^1 gap: .*${clock(90)}.* to .*${clock(40)} UTC, no data \\(no longer available from the source\\)\\.`,
      ),
    );
    expect(await page.locator('.panel p[role=status]').innerText()).toMatch(/, with 1 gap\.$/);
    const asJson = await page.getByRole('link', { name: 'Gaps as JSON' }).getAttribute('href');
    const answered = (await (await fetch(server.url + (asJson ?? ''))).json()) as unknown[];
    expect(answered).toMatchObject([{ cause: 'retention' }]);
    expect(opened?.complaints).toEqual([]);
  });

  test('covers its minutes, and reads as no data under the mouse', async () => {
    const page = await open();
    const { x, y, width } = await boxOf(page, 'no-data');
    const under = async (left: number): Promise<{ at: string | null; text: string }> => {
      await page.mouse.move(left, y + 60);
      return {
        at: await page.locator('.when time').getAttribute('datetime'),
        text: await page.locator('.readout').innerText(),
      };
    };
    const within = async (left: number): Promise<boolean> => (await under(left)).text.includes(reason);
    await expect.poll(() => within(x + width / 2), SOON).toBe(true);
    const middle = await under(x + width / 2);
    expect(Math.abs(Date.parse(middle.at ?? '') / 1000 - (began - 65 * 60))).toBeLessThanOrEqual(60);
    expect(middle.text).toMatch(/Total\s+–[^]*Human\s+–[^]*Bot\s+–[^]*3 min average\s+–/);
    await expect.poll(() => within(x - 12), SOON).toBe(false);
    // The first minute has a count: it was read in part.
    await expect.poll(() => within(x + 10), SOON).toBe(true);
    await expect.poll(() => within(x + width + 4), SOON).toBe(false);
    expect(opened?.complaints).toEqual([]);
  });

  test('has no line of zeros, unlike a range without a known gap', async () => {
    const page = await open('/?wiki=enwiki&minutes=180&ma=0');
    const box = await boxOf(page, 'no-data');
    expect(await colouredPixels(page, box)).toBe(0);
    server.gold.setGaps();
    await page.reload();
    await page.locator('.when time').waitFor();
    expect(await bands(page, 'no-data').count()).toBe(0);
    expect(await colouredPixels(page, box)).toBeGreaterThan(100);
    expect(await page.locator('.panel').innerText()).not.toMatch(/no data|gap/i);
  });

  test('is announced by the slider and listed in the table', async () => {
    const page = await open();
    const chart = page.getByRole('slider');
    await chart.focus();
    await page.keyboard.press('PageDown');
    await expect.poll(() => chart.getAttribute('aria-valuetext'), SOON).toMatch(/UTC: no data \(no longer/);
    await page.getByRole('tab', { name: 'Table' }).click();
    const row = (back: number) => page.locator('tbody tr', { hasText: `${clock(back)} UTC` });
    await row(41).waitFor();
    expect(await row(41).locator('td').last().innerText()).toBe(reason);
    expect(await row(39).locator('td').allInnerTexts()).toEqual([expect.any(String), '70', '50', '20']);
  });

  test('is left out of the figures', async () => {
    const page = await open();
    const hour = page.locator('.figure', {
      has: page.getByRole('heading', { name: 'Last hour', exact: true }),
    });
    expect(await hour.innerText()).toMatch(/70\.0 per minute, 2[3-5] min without data/);
  });

  test('fits a narrow screen and a week, without a label when there is no room', async () => {
    const page = await open('/?wiki=enwiki&minutes=180');
    await page.locator('.band-label:not([hidden])').waitFor();
    const before = await boxOf(page, 'no-data');
    await page.setViewportSize({ width: 360, height: 740 });
    await expect.poll(async () => (await boxOf(page, 'no-data')).width, SOON).toBeLessThan(before.width / 2);
    const canvas = await page.locator('.canvas canvas').boundingBox();
    const after = await boxOf(page, 'no-data');
    expect(after.x).toBeGreaterThan(canvas?.x ?? Infinity);
    expect(after.x + after.width).toBeLessThan((canvas?.x ?? 0) + (canvas?.width ?? 0));
    server.gold.put('enwiki', began - 9_000 * 60, 1, 0);
    await page.getByRole('combobox', { name: 'Range' }).selectOption({ label: '7 d' });
    await expect.poll(async () => (await boxOf(page, 'no-data')).width, SOON).toBe(4);
    expect(await page.locator('.band-label:not([hidden])').count()).toBe(0);
    expect(opened?.complaints).toEqual([]);
  });
});

test('a few skipped messages are marked, and their minute keeps its counts', async () => {
  fill(170, 0);
  server.gold.setGaps(gap('offsets', 30.5, 30.4));
  const page = await open();
  const { width } = await boxOf(page, 'incomplete');
  expect(width).toBeGreaterThanOrEqual(4);
  expect(width).toBeLessThan(12);
  expect(await bands(page, 'no-data').count()).toBe(0);
  expect(await page.locator('.readout').innerText()).toContain('Incomplete');
  expect(await page.locator('.gap-note').innerText()).toContain(
    `${clock(31)} UTC, incomplete (the stream skipped messages)`,
  );
  await page.getByRole('tab', { name: 'Table' }).click();
  const row = page.locator('tbody tr', { hasText: `${clock(31)} UTC` });
  expect(await row.innerText()).toContain('incomplete (the stream skipped messages)');
  expect((await row.locator('td').allInnerTexts()).slice(1)).toEqual(['70', '50', '20']);
  expect(opened?.complaints).toEqual([]);
});

test('a single minute between two gaps is visible', async () => {
  fill(170, 91);
  fill(60, 60);
  fill(40, 0);
  server.gold.setGaps(gap('retention', 89.5, 60), gap('log_lost', 59, 40));
  const page = await open('/?wiki=enwiki&minutes=180&ma=0');
  await bands(page, 'no-data').nth(1).waitFor();
  const [left, right] = await Promise.all([0, 1].map(at => bands(page, 'no-data').nth(at).boundingBox()));
  if (!left || !right) throw new Error('two bands should be shown');
  const middle = (left.x + left.width + right.x) / 2;
  const around = { x: middle - 22, y: left.y, width: 44, height: left.height };
  expect(await colouredPixels(page, around)).toBeGreaterThan(10);
});

describe('requests for gaps', () => {
  test('follow the first edits after a gap', async () => {
    fill(120, 60);
    const page = await open();
    expect(await bands(page, 'no-data').count()).toBe(0);
    server.gold.setGaps(gap('log_lost', 59, 1));
    fill(1, 0);
    // Sooner than the next regular request for gaps.
    await bands(page, 'no-data').waitFor({ timeout: 20_000 });
    expect(await page.locator('.gap-note').innerText()).toContain('no data (the commit log was lost)');
    expect(opened?.complaints).toEqual([]);
  });

  test('are rarer than those for edits while nothing new arrives', async () => {
    fill(120, 0);
    opened = await openPage(browser, `${server.url}/docs`);
    const { page } = opened;
    await page.clock.install();
    await page.goto(`${server.url}/?wiki=enwiki&minutes=60`);
    await page.locator('.when time').waitFor();
    const asked = { edits: 0, gaps: 0 };
    page.on('request', request => {
      if (request.url().includes('/series?')) asked.edits += 1;
      if (request.url().includes('/gaps?')) asked.gaps += 1;
    });
    // The first edits trigger one more request for gaps, now or a moment ago.
    await page.clock.runFor(2_000);
    await expect.poll(() => asked.edits, SOON).toBeGreaterThan(0);
    asked.gaps = 0;
    asked.edits = 0;
    for (let turn = 0; turn < 30 && asked.gaps === 0; turn++) {
      const before = asked.edits;
      await page.clock.runFor(2_000);
      await expect.poll(() => asked.edits, SOON).toBeGreaterThan(before);
    }
    expect(asked.gaps).toBe(1);
    expect(asked.edits).toBeGreaterThanOrEqual(8);
  });

  test('block the chart until the gaps are known', async () => {
    fill(120, 60);
    fill(20, 0);
    server.gold.setGaps(gap('retention', 59, 21));
    let release = (): void => undefined;
    const held = new Promise<void>(resolve => (release = resolve));
    opened = await openPage(browser, `${server.url}/docs`);
    const { page } = opened;
    await page.route('**/api/v1/gaps*', async route => {
      await held;
      await route.continue();
    });
    await page.goto(`${server.url}/?wiki=enwiki`);
    await expect.poll(() => page.locator('.freshness').innerText(), SOON).toContain('Live');
    expect(await page.locator('.message').innerText()).toBe('Loading…');
    release();
    await bands(page, 'no-data').waitFor();
    expect(opened.complaints).toEqual([]);
  });

  test('that fail leave a note that gaps are unknown', async () => {
    fill(120, 0);
    opened = await openPage(browser, `${server.url}/docs`);
    const { page } = opened;
    await page.route('**/api/v1/gaps*', route => route.abort());
    await page.goto(`${server.url}/?wiki=enwiki`);
    await page.locator('.when time').waitFor();
    expect(await page.locator('.gap-note').innerText()).toContain('Unknown whether data is missing');
    await page.unrouteAll({ behavior: 'wait' });
    await page.locator('.gap-note').waitFor({ state: 'detached' });
  });
});
