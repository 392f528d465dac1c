/** ⑧⑨ What a person sees of what is known: what was read, up to where, how old it is, and what is still growing. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../support/browser/chromium.ts';
import type { OpenPage } from '../support/browser/chromium.ts';
import { PageServer } from '../support/browser/page-server.ts';
import { streaming } from '../support/browser/pipeline-reading.ts';
import { colouredPixels } from './coloured-pixels.ts';

const SOON = { timeout: 20_000, interval: 50 };
/** Of the API in these tests: LATENESS_SEC by default, in minutes. */
const LATENESS = 5;

let browser: Browser;
let server: PageServer;
let opened: OpenPage | undefined;
/** The minute in which the test began, so that counts stay in place while time passes. */
let began: number;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  began = Math.floor(Date.now() / 60_000) * 60;
  server = new PageServer();
  await server.start();
});
afterEach(async () => {
  await opened?.close();
  await server.stop();
});

async function open(path: string): Promise<Page> {
  opened = await openPage(browser, server.url + path);
  await opened.page.locator('.when time').waitFor();
  return opened.page;
}

/** The minute of an age in minutes. */
const minute = (back: number): number => began - back * 60;
/** `10:05`, of an age in minutes. */
const clock = (back: number): string => new Date(minute(back) * 1000).toISOString().slice(11, 16);

/** Edits of the minutes between two ages, the older one first. */
function fill(from: number, to: number, human = 50, bot = 20): void {
  for (let back = from; back >= to; back--) server.gold.put('enwiki', minute(back), human, bot);
}

const figure = (page: Page, name: string): Locator =>
  page.locator('.figure', { has: page.getByRole('heading', { name, exact: true }) });
const band = (page: Page, kind: string): Locator => page.locator(`.band[data-kind=${kind}]:not([hidden])`);

async function boxOf(locator: Locator) {
  await locator.waitFor();
  const box = await locator.boundingBox();
  if (box === null) throw new Error('it has no box');
  return box;
}

async function openTable(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Table' }).click();
  await page.locator('tbody tr').first().waitFor();
}

describe('minutes that nobody read', () => {
  beforeEach(() => {
    fill(170, 120);
    fill(40, 0);
    server.read([minute(171), minute(119)], [minute(40), minute(0)]);
  });

  test('are a band that says so, and never a line of zeros', async () => {
    const page = await open('/?wiki=enwiki&minutes=180&ma=15');
    const box = await boxOf(band(page, 'unread').last());
    expect(await page.locator('.band-label:visible').allInnerTexts()).toContain('not read');
    expect(await page.locator('.readout').innerText()).toContain('Not read');
    expect(await colouredPixels(page, box)).toBe(0);
    expect(await page.locator('.unread-note').innerText()).toMatch(
      new RegExp(
        `^Not read: .*, ${clock(119)}.* to .*${clock(40)} UTC \\(nobody read the stream then\\)\\.$`,
      ),
    );
    expect(opened?.complaints).toEqual([]);
  });

  test('read as not read under the mouse, without a count or an average', async () => {
    const page = await open('/?wiki=enwiki&minutes=180&ma=15');
    const { x, y, width } = await boxOf(band(page, 'unread').last());
    await page.mouse.move(x + width / 2, y + 60);
    const readout = (): Promise<string> => page.locator('.readout').innerText();
    await expect.poll(readout, SOON).toContain('not read (nobody read the stream then)');
    expect(await readout()).toMatch(/Total\s+–[^]*Human\s+–[^]*Bot\s+–[^]*15 min average\s+–/);
  });

  test('are announced by the slider and left out of the figures', async () => {
    const page = await open('/?wiki=enwiki&minutes=180');
    await page.getByRole('slider').focus();
    await page.keyboard.press('PageDown');
    const said = (): Promise<string | null> => page.getByRole('slider').getAttribute('aria-valuetext');
    await expect.poll(said, SOON).toMatch(/UTC: not read \(nobody read the stream then\)$/);
    expect(await figure(page, 'Last hour').innerText()).toMatch(/70\.0 per minute, 2\d min without data/);
  });

  test('keep the axis as long as it was asked for', async () => {
    server.read([minute(40), minute(0)]);
    const page = await open('/?wiki=enwiki&minutes=60');
    await page.getByRole('button', { name: 'Last 7 days' }).click();
    await expect.poll(() => page.getByRole('slider').getAttribute('aria-valuemax'), SOON).toMatch(/^67\d$/);
    const [plot, unread] = [await boxOf(page.locator('.u-over')), await boxOf(band(page, 'unread').first())];
    expect(Math.abs(unread.x - plot.x)).toBeLessThan(2);
    // Before the first minute that was read lie days, so its time is not enough.
    expect(await page.locator('.unread-note').innerText()).toMatch(
      /^Not read: .*\d{1,2} \w{3}, \d\d:\d\d UTC to /,
    );
  });

  test('are not made up while the API cannot say what was read', async () => {
    opened = await openPage(browser, `${server.url}/docs`);
    const { page } = opened;
    await page.route('**/api/v1/coverage*', route =>
      route.fulfill({ status: 503, json: { detail: 'Busy.' } }),
    );
    await page.goto(`${server.url}/?wiki=enwiki&minutes=180`);
    await page.getByText('Unknown which minutes were read: the API responded with 503: Busy.').waitFor();
    expect(await figure(page, 'Last full minute').innerText()).toContain('–');
    await page.unrouteAll({ behavior: 'wait' });
    await expect.poll(() => figure(page, 'Last full minute').innerText(), SOON).toContain('70 edits');
  });
});

test('figures of another day have that day', async () => {
  fill(1_700, 1_600);
  server.readTo(minute(1_595));
  const page = await open('/?wiki=enwiki&minutes=2880');
  const day = new Date(minute(1_600) * 1000).toLocaleDateString('en-GB', {
    weekday: 'short',
    timeZone: 'UTC',
  });
  expect(await figure(page, 'Last full minute').innerText()).toMatch(
    new RegExp(`${day} \\d{1,2} \\w{3}, ${clock(1_601)} UTC`),
  );
});

describe('a quiet wiki', () => {
  beforeEach(() => {
    server.readTo(minute(0));
    for (const [back, edits] of [
      [90, 1],
      [50, 2],
      [33, 3],
      [7, 4],
      [2, 5],
    ] as const)
      server.gold.put('enwiki', minute(back), edits, 0);
  });

  test('keeps its chart in a short range, and runs on to the last minute that was counted', async () => {
    const page = await open('/?wiki=enwiki&minutes=10');
    expect(await page.getByRole('slider').getAttribute('aria-valuemax')).toBe('9');
    await page.getByRole('slider').focus();
    const said = (): Promise<string | null> => page.getByRole('slider').getAttribute('aria-valuetext');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(said, SOON).toMatch(/UTC: 0 edits|not read yet/);
    expect(await colouredPixels(page, await boxOf(page.locator('.u-over')))).toBeGreaterThan(100);
  });

  test('has a table that adds up to the hour of its card', async () => {
    const page = await open('/?wiki=enwiki&minutes=10');
    const card = await figure(page, 'Last hour').locator('.value').innerText();
    await openTable(page);
    const total = page.locator('tfoot tr');
    expect(`${await total.locator('td').nth(1).innerText()} edits`).toBe(card);
    const listed = await page
      .locator('tbody tr')
      .evaluateAll(rows =>
        rows.map(row => (row as unknown as { innerText: string }).innerText.split(/\s*\t\s*/)),
      );
    const inHour = listed.slice(-60).map(cells => Number(cells.at(-3)));
    expect(inHour).toHaveLength(60);
    expect(`${inHour.reduce((sum, edits) => sum + edits, 0)} edits`).toBe(card);
  });
});

describe('a minute is full', () => {
  test('once the watermark has passed it; until then it is provisional', async () => {
    // Each minute has another count, so that the count tells which one it is.
    for (let back = 100; back >= 0; back--) server.gold.put('enwiki', minute(back), 1_000 + back, 0);
    server.readTo(minute(2));
    const page = await open('/?wiki=enwiki&minutes=60');
    const full = figure(page, 'Last full minute');
    const last = 2 + LATENESS + 1;
    expect(await full.innerText()).toContain(`1,00${last} edits`);
    expect(await full.innerText()).toContain(`${clock(last)} UTC`);
    await openTable(page);
    const row = page.locator('tbody tr', { hasText: `${clock(last - 1)} UTC` });
    expect(await row.innerText()).toContain('provisional');
    // A late edit changes the provisional minute, and not the figure.
    server.gold.put('enwiki', minute(last - 1), 5_555, 0);
    await expect.poll(() => row.innerText(), SOON).toContain('5,555');
    expect(await full.innerText()).toContain(`1,00${last} edits`);
    server.readTo(minute(1));
    await expect.poll(() => full.innerText(), SOON).toContain('5,555 edits');
    await expect.poll(() => row.innerText(), SOON).not.toContain('provisional');
  });
});

describe('freshness', () => {
  const STREAMING = streaming();
  const pill = (page: Page): Locator => page.locator('.freshness');

  test('is the age of the data, not of the answer: no green dot over old data', async () => {
    fill(170, 45);
    server.readTo(minute(45));
    const page = await open('/?wiki=enwiki');
    await expect
      .poll(() => pill(page).innerText(), SOON)
      .toMatch(new RegExp(`^Delayed: counted up to .*${clock(44)} UTC, 4\\d min ago$`));
    expect(await pill(page).getAttribute('data-state')).toBe('delayed');
    expect(await pill(page).innerText()).not.toContain('Updated');
    expect(await page.locator('.banner.delay').innerText()).toContain(`No new counts since`);
    server.readTo(minute(0));
    await expect.poll(() => pill(page).getAttribute('data-state'), SOON).toBe('live');
    expect(await page.locator('.banner.delay').count()).toBe(0);
    expect(opened?.complaints).toEqual([]);
  });

  test('says why, and since when', async () => {
    fill(170, 45);
    server.readTo(minute(45));
    const since = new Date(minute(43) * 1000).toISOString();
    const trouble = { kind: 'storage', what: 'S3 is away.', since, tries: 9, nextTry: since } as const;
    server.pipeline = {
      ...STREAMING,
      ingest: { ...STREAMING.ingest, stage: 'troubled', troubles: [trouble] },
    };
    const page = await open('/?wiki=enwiki');
    await expect
      .poll(() => page.locator('.banner.delay').innerText(), SOON)
      .toMatch(new RegExp(`S3 is away \\(since .*${clock(43)} UTC\\)\\.`));
  });

  test('tells paused from stopped', async () => {
    fill(170, 12);
    server.readTo(minute(12));
    server.pipeline = { ...STREAMING, ingest: { ...STREAMING.ingest, stage: 'paused' } };
    const page = await open('/?wiki=enwiki');
    await expect
      .poll(() => pill(page).innerText(), SOON)
      .toMatch(/^Paused: counted up to .* UTC, 1\d min ago$/);
    const failed = { status: 'failed', stage: 'failed', failure: 'The bucket is gone.' };
    server.pipeline = { ...STREAMING, ingest: { ...STREAMING.ingest, ...failed } };
    await expect.poll(() => pill(page).innerText(), SOON).toMatch(/^Stopped: /);
    expect(await page.locator('.banner.delay').innerText()).toBe(
      'Ingest has stopped. The run of ingest is failed: The bucket is gone.',
    );
  });
});

describe('the current minute', () => {
  test('is a hollow bar that says how far it is, not a crash of the line', async () => {
    // The minutes to come too, because one may begin while the test runs.
    fill(100, 1, 500, 200);
    fill(0, -2, 12, 10);
    server.readTo(minute(0));
    const page = await open('/?wiki=enwiki&minutes=60');
    await page.getByRole('slider').focus();
    await page.keyboard.press('End');
    const tag = (): Promise<string> => page.locator('.when .tag').innerText();
    await expect.poll(tag, SOON).toMatch(/^22 so far, \d+ s in$/);
    const plot = await boxOf(page.locator('.u-over'));
    // Beside the bar of the minute before. Without the margin that is left out of what is looked at.
    const width = plot.width / 60 - 4;
    const last = { ...plot, x: plot.x + plot.width - width - 12, width: width + 24 };
    expect(await colouredPixels(page, last)).toBe(0);
    expect(await colouredPixels(page, { ...last, x: last.x - 3 * width })).toBeGreaterThan(100);
  });

  test('and those since the last flush are awaited, not a cliff', async () => {
    fill(100, 6, 500, 200);
    fill(5, 5, 12, 10);
    server.readTo(minute(5));
    const page = await open('/?wiki=enwiki&minutes=60');
    await band(page, 'awaited').waitFor();
    await page.getByRole('slider').focus();
    await page.keyboard.press('End');
    await expect
      .poll(() => page.getByRole('slider').getAttribute('aria-valuetext'), SOON)
      .toMatch(/UTC: not read yet$/);
    expect(await colouredPixels(page, await boxOf(band(page, 'awaited')))).toBe(0);
    expect(await page.locator('.freshness').getAttribute('data-state')).toBe('live');
  });
});

describe('the hint how to fill gaps', () => {
  const gap = (from: number, to: number) => ({
    id: `gap-${from}`,
    cause: 'retention' as const,
    from: new Date(minute(from) * 1000).toISOString(),
    to: new Date(minute(to) * 1000).toISOString(),
  });

  test('offers gaps of the visible range only', async () => {
    fill(170, 0);
    server.readTo(minute(0));
    // 75 minutes are requested for 60 that are shown.
    server.gold.setGaps(gap(73, 70), gap(30, 20));
    const page = await open('/?wiki=enwiki&minutes=60');
    const hour = new Date(Math.floor(minute(30) / 3_600) * 3_600_000).toISOString().replace('.000', '');
    const note = page.locator('.gap-note', { hasText: 'gap' });
    expect(await note.innerText()).toContain(`Fill it with: npm run backfill -- --from ${hour}`);
    expect(await note.innerText()).toMatch(/^1 gap: /);
    server.gold.setGaps(gap(73, 70));
    await page.reload();
    await page.locator('.when time').waitFor();
    expect(await page.locator('.panel').innerText()).not.toContain('backfill');
  });
});
