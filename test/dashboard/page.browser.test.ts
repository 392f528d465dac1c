/** ⑧⑨ The page end to end: built, served by the API, in a real Chromium. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser, openPage, setHidden } from '../support/browser/chromium.ts';
import type { OpenPage } from '../support/browser/chromium.ts';
import { PageServer } from '../support/browser/page-server.ts';

const SOON = { timeout: 20_000, interval: 50 };

let browser: Browser;
let server: PageServer;
let opened: OpenPage | undefined;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  server = new PageServer();
  server.readTo(minute());
  await server.start();
});
afterEach(async () => {
  await opened?.close();
  await server.stop();
});

async function open(path: string): Promise<Page> {
  opened = await openPage(browser, server.url + path);
  return opened.page;
}

/** The current UTC minute, `back` minutes ago. */
function minute(back = 0): number {
  return (Math.floor(Date.now() / 60_000) - back) * 60;
}

/** Also the minutes to come, so that the current one has a count whenever the test looks at it. */
function fill(wiki: string, minutes: number, human = 5, bot = 2): void {
  for (let back = -2; back < minutes; back++) {
    server.gold.put(wiki, minute(back), human + (Math.abs(back) % 3), bot + (Math.abs(back) % 2));
  }
}

/** The canvas as text: different pictures are different texts. */
function picture(page: Page): Promise<string> {
  return page.locator('.canvas canvas').evaluate(canvas => (canvas as unknown as Canvas).toDataURL());
}
interface Canvas {
  toDataURL(): string;
}

async function drawn(page: Page): Promise<string> {
  await page.locator('.when time').waitFor();
  return picture(page);
}

function parameter(page: Page, name: string): string | null {
  return new URL(page.url()).searchParams.get(name);
}

const headings = (page: Page) => page.locator('.headline h2');
const finder = (page: Page) => page.getByRole('combobox', { name: 'Wiki' });

/** Types into the combobox, and picks what is marked. */
async function find(page: Page, text: string): Promise<void> {
  await finder(page).click();
  await page.keyboard.type(text);
  await page.locator('[role=option][aria-selected=true]', { hasText: text }).waitFor();
  await page.keyboard.press('Enter');
  // It closes once what was typed is answered.
  await page.locator('[role=combobox][aria-expanded=false]').waitFor();
}
const figure = (page: Page, name: string) =>
  page.locator('.figure', { has: page.getByRole('heading', { name, exact: true }) }).locator('.value');

describe('the chart', () => {
  test('redraws when new edits arrive', async () => {
    fill('enwiki', 30);
    const page = await open('/?wiki=enwiki&minutes=60');
    const before = await drawn(page);
    server.gold.put('enwiki', minute(8), 400, 100);
    await expect.poll(() => picture(page), SOON).not.toBe(before);
    expect(opened?.complaints).toEqual([]);
  });

  test('shows the last full minute, the hour and the share of bots', async () => {
    fill('enwiki', 180, 6, 0);
    for (let back = -2; back < 180; back++) server.gold.put('enwiki', minute(back), 6, 2);
    const page = await open('/?wiki=enwiki&minutes=60');
    await drawn(page);
    expect(await figure(page, 'Last full minute').innerText()).toBe('8 edits');
    expect(await figure(page, 'Last hour').innerText()).toBe('480 edits');
    expect(await figure(page, 'Share of bots').innerText()).toBe('25%');
  });

  test('reads a minute under the mouse, in UTC and in local time', async () => {
    fill('enwiki', 180);
    const page = await open('/?wiki=enwiki&minutes=180');
    await drawn(page);
    const resting = await page.locator('.when time').innerText();
    const box = await page.locator('.canvas').boundingBox();
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + 50);
    await expect.poll(() => page.locator('.when time').innerText(), SOON).not.toBe(resting);
    const at = new Date((await page.locator('.when time').getAttribute('datetime')) ?? '');
    expect(await page.locator('.when time').innerText()).toContain(`${at.toISOString().slice(11, 16)} UTC`);
    const inTokyo = new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(11, 16);
    expect(await page.locator('.when .local').innerText()).toContain(`${inTokyo} local`);
    await page.mouse.move(5, 5);
    await expect.poll(() => page.locator('.when .tag').innerText(), SOON).toBe('last full minute');
  });

  test('reads minutes by arrow keys and announces them', async () => {
    fill('enwiki', 30);
    const page = await open('/?wiki=enwiki&minutes=60');
    await drawn(page);
    const chart = page.getByRole('slider');
    await chart.focus();
    const resting = await chart.getAttribute('aria-valuetext');
    expect(resting).toMatch(/UTC: \d+ edits, \d+ by humans, \d+ by bots$/);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => chart.getAttribute('aria-valuetext'), SOON).not.toBe(resting);
    await page.keyboard.press('End');
    await expect.poll(() => chart.getAttribute('aria-valuetext'), SOON).toContain('so far');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.when .tag').innerText(), SOON).toBe('last full minute');
  });

  test('shows seven days without rebuilding the chart', async () => {
    fill('enwiki', 10_100);
    const page = await open('/?wiki=enwiki&minutes=180&ma=15');
    await drawn(page);
    await page.locator('.canvas canvas').evaluate(canvas => canvas.setAttribute('data-same', 'yes'));
    await page.getByRole('button', { name: 'Last 7 days' }).click();
    await expect.poll(() => page.getByRole('slider').getAttribute('aria-valuemax'), SOON).toMatch(/^67\d$/);
    const before = await picture(page);
    await page.getByRole('checkbox', { name: 'Human' }).click();
    await expect.poll(() => picture(page), SOON).not.toBe(before);
    expect(await page.locator('canvas[data-same=yes]').count()).toBe(1);
    expect(opened?.complaints).toEqual([]);
  });

  test('also lists its minutes as a table', async () => {
    fill('enwiki', 90);
    const page = await open('/?wiki=enwiki&minutes=180');
    await drawn(page);
    await page.getByRole('tab', { name: 'Table' }).click();
    await expect.poll(() => page.locator('tbody tr').count(), SOON).toBeGreaterThanOrEqual(60);
  });
});

describe('controls', () => {
  test('a wiki is picked from the busiest ones, or found by typing', async () => {
    fill('enwiki', 30);
    fill('dewiki', 20);
    fill('frwiki', 10);
    const page = await open('/');
    await drawn(page);
    expect(parameter(page, 'wiki')).toBe('enwiki');
    await expect.poll(() => finder(page).inputValue(), SOON).toBe('English Wikipedia');
    await finder(page).click();
    await page.getByRole('option', { name: 'French Wikipedia' }).click();
    await expect.poll(() => headings(page).innerText(), SOON).toContain('French Wikipedia');
    expect(parameter(page, 'wiki')).toBe('frwiki');
    expect(await page.title()).toBe('frwiki · wikigauge');
    await find(page, 'German');
    await expect.poll(() => headings(page).innerText(), SOON).toContain('German Wikipedia');
    await expect.poll(() => finder(page).inputValue(), SOON).toBe('German Wikipedia');
  });

  test('a range is chosen by button, by key, and by number of minutes', async () => {
    fill('enwiki', 2_000);
    const page = await open('/?wiki=enwiki');
    const before = await drawn(page);
    await page.getByRole('button', { name: 'Last 24 hours' }).click();
    await expect.poll(() => parameter(page, 'minutes'), SOON).toBe('1440');
    await expect.poll(() => picture(page), SOON).not.toBe(before);
    await page.getByRole('button', { name: '1 h: last hour' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => parameter(page, 'minutes'), SOON).toBe('60');
    expect(await page.getByRole('button', { name: '1 h: last hour' }).getAttribute('aria-pressed')).toBe(
      'true',
    );
    await page.getByText('From … to').click();
    const field = page.getByRole('spinbutton', { name: 'Minutes to show' });
    await field.fill('95');
    // What is being typed stays while the page refreshes.
    await page.waitForResponse(/\/series\?/);
    await page.waitForResponse(/\/series\?/);
    await page.keyboard.press('Enter');
    await expect.poll(() => parameter(page, 'minutes'), SOON).toBe('95');
    expect(await page.locator('.panel').innerText()).toContain('last 95 minutes');
    await field.fill('');
    await page.keyboard.press('Tab');
    await expect.poll(() => field.inputValue(), SOON).toBe('95');
  });

  test('the moving average is chosen by arrow keys and drawn', async () => {
    fill('enwiki', 200);
    const page = await open('/?wiki=enwiki');
    const before = await drawn(page);
    await page.getByRole('radio', { name: 'Off' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => parameter(page, 'ma'), SOON).toBe('5');
    await expect.poll(() => picture(page), SOON).not.toBe(before);
    expect(await page.locator('.readout').innerText()).toMatch(/5 min average\s+\d+\.\d/);
  });

  test('the human and bot lines are switched, and the address records it', async () => {
    fill('enwiki', 30);
    const page = await open('/?wiki=enwiki&minutes=60');
    const both = await drawn(page);
    await page.getByRole('checkbox', { name: 'Bot' }).press('Space');
    await expect.poll(() => parameter(page, 'bot'), SOON).toBe('0');
    await expect.poll(() => picture(page), SOON).not.toBe(both);
    await page.getByRole('checkbox', { name: 'Human' }).click();
    await expect.poll(() => parameter(page, 'human'), SOON).toBe('0');
  });

  test('back and forward go through the choices, and the address restores them', async () => {
    fill('enwiki', 30);
    fill('dewiki', 30);
    const page = await open('/?wiki=enwiki&minutes=60&ma=3&human=1&bot=0');
    await drawn(page);
    expect(await page.getByRole('checkbox', { name: 'Bot' }).isChecked()).toBe(false);
    expect(await page.getByRole('radio', { name: '3 min' }).isChecked()).toBe(true);
    await find(page, 'dewiki');
    await page.getByRole('button', { name: 'Last 3 hours' }).click();
    await page.goBack();
    await expect.poll(() => parameter(page, 'minutes'), SOON).toBe('60');
    await page.goBack();
    await expect.poll(() => headings(page).innerText(), SOON).toContain('English Wikipedia');
    await page.goForward();
    await expect.poll(() => headings(page).innerText(), SOON).toContain('German Wikipedia');
    expect(await page.getByRole('button', { name: '1 h: last hour' }).getAttribute('aria-pressed')).toBe(
      'true',
    );
  });
});

describe('simulated data', () => {
  const simulated = { url: 'http://127.0.0.1:5001/v2/stream/recentchange', simulated: true };

  test('is labelled on the page, at the chart and in the title; real data is not', async () => {
    fill('enwiki', 30);
    server.gold.setSources({ ...simulated, simulated: false });
    const page = await open('/?wiki=enwiki');
    await drawn(page);
    expect(await page.locator('body').innerText()).not.toContain('SIMULATED');
    server.gold.setSources(simulated);
    await expect.poll(() => page.title(), SOON).toBe('SIMULATED · enwiki · wikigauge');
    expect(await page.getByRole('complementary', { name: 'Simulated data' }).innerText()).toMatch(
      /^SIMULATED\s/,
    );
    expect(await headings(page).innerText()).toContain('SIMULATED');
    expect(await page.locator('footer').innerText()).toContain('(simulated)');
  });

  test('is never drawn before it can be labelled', async () => {
    fill('enwiki', 30);
    server.gold.setSources(simulated);
    let release = (): void => undefined;
    const held = new Promise<void>(resolve => (release = resolve));
    opened = await openPage(browser, `${server.url}/docs`);
    const { page } = opened;
    await page.route('**/api/v1/status', async route => {
      await held;
      await route.continue();
    });
    const edits = page.waitForResponse(response => response.url().includes('/series'));
    await page.goto(`${server.url}/?wiki=enwiki`);
    await (await edits).finished();
    await expect.poll(() => page.locator('.freshness').innerText(), SOON).toContain('Live');
    expect(await page.locator('.message').innerText()).toBe('Loading…');
    release();
    await drawn(page);
    expect(await headings(page).innerText()).toContain('SIMULATED');
  });
});

describe('without data', () => {
  test('the page waits for the first edits and shows them', async () => {
    const page = await open('/');
    await page.getByText('Waiting for the first edits').waitFor();
    fill('dewiki', 1);
    await drawn(page);
    expect(parameter(page, 'wiki')).toBe('dewiki');
  });

  test('a quiet range keeps its chart and offers a longer one', async () => {
    server.gold.put('enwiki', minute(300), 3, 0);
    const page = await open('/?wiki=enwiki&minutes=60');
    await page.getByText('No edits on enwiki in this range.').waitFor();
    expect(await page.getByRole('slider').getAttribute('aria-valuetext')).toContain('UTC: 0 edits');
    await page.getByRole('button', { name: 'Show the last 24 hours' }).click();
    await expect.poll(() => parameter(page, 'minutes'), SOON).toBe('1440');
    await page.locator('.quiet-note').waitFor({ state: 'detached' });
  });

  test('an unknown wiki is reported', async () => {
    fill('enwiki', 3);
    const page = await open('/?wiki=nosuchwiki');
    await page.getByText('Unknown wiki “nosuchwiki”').waitFor();
    await page.goto(`${server.url}/?wiki=English!`);
    await page.getByText('Unknown wiki “English!”').waitFor();
    // The browser reports the answer that no wiki has this name.
    expect(opened?.complaints.filter(complaint => !complaint.includes('404'))).toEqual([]);
  });
});

describe('when the API is unreachable', () => {
  test('the chart stays, the page says since when, and resumes when the API is back', async () => {
    fill('enwiki', 30);
    const page = await open('/docs');
    await page.clock.install();
    await page.goto(`${server.url}/?wiki=enwiki&minutes=60`);
    const before = await drawn(page);
    await server.stop();
    await page.locator('.banner').waitFor();
    await expect
      .poll(() => page.locator('.banner').innerText(), SOON)
      .toMatch(/No update since \d\d:\d\d:\d\d: no connection/);
    expect(await page.locator('.freshness').innerText()).toContain('No answer');
    expect(await picture(page)).toBe(before);
    server.gold.put('enwiki', minute(8), 400, 100);
    // While the clock stands still, only the button can send a request.
    await page.clock.pauseAt((await page.evaluate<number>('Date.now()')) + 1_000);
    await server.start();
    const retried = page.waitForRequest('**/series?*');
    await page.getByRole('button', { name: 'Retry now' }).click();
    await page.clock.runFor(10);
    await retried;
    await page.clock.resume();
    await page.locator('.banner').waitFor({ state: 'detached' });
    await expect.poll(() => picture(page), SOON).not.toBe(before);
    expect(await page.getByText('The page is up to date again').count()).toBe(1);
  });

  test('a page without any response says so, and recovers by itself', async () => {
    fill('enwiki', 30);
    server.gold.failure = new Error('gone');
    const page = await open('/?wiki=enwiki');
    await page.getByText('Cannot reach the API').waitFor();
    server.gold.failure = undefined;
    await drawn(page);
    expect(await page.locator('.freshness').innerText()).toContain('Live');
  });
});

describe('requests', () => {
  test('a late response for another wiki is ignored', async () => {
    fill('enwiki', 180, 50, 50);
    fill('dewiki', 180, 1, 0);
    const page = await open('/docs');
    let release = (): void => undefined;
    const held = new Promise<void>(resolve => (release = resolve));
    await page.route('**/series?wiki=enwiki*', async route => {
      const response = await route.fetch();
      await held;
      // The page has aborted this request by then.
      await route.fulfill({ response }).catch(() => undefined);
    });
    const asked = page.waitForRequest('**/series?wiki=enwiki*');
    await page.goto(`${server.url}/?wiki=enwiki&minutes=60`);
    await asked;
    await find(page, 'dewiki');
    await drawn(page);
    const figures = await page.locator('.figures').innerText();
    release();
    await page.unrouteAll({ behavior: 'wait' });
    expect(await page.locator('.figures').innerText()).toBe(figures);
    expect(await headings(page).innerText()).toContain('German Wikipedia');
  });

  test('pause while the tab is hidden', async () => {
    fill('enwiki', 30);
    opened = await openPage(browser, `${server.url}/docs`);
    const { page } = opened;
    await page.clock.install();
    let requests = 0;
    await page.goto(`${server.url}/?wiki=enwiki&minutes=60`);
    await drawn(page);
    page.on('request', () => (requests += 1));
    await setHidden(page, true);
    await page.clock.runFor(60_000);
    expect(requests).toBe(0);
    await setHidden(page, false);
    await expect.poll(() => requests, SOON).toBeGreaterThan(0);
  });
});
