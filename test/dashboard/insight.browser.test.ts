/** ⑧⑨ What a person sees of what is unusual, and of the minutes that they select. */
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { explanationOf } from '../api/explained.ts';
import { REASON, anomalyOf } from '../api/recorded.ts';
import { launchBrowser, openPage } from '../support/browser/chromium.ts';
import type { OpenPage } from '../support/browser/chromium.ts';
import { PageServer } from '../support/browser/page-server.ts';
import { rememberWeeks } from './history.ts';

const SOON = { timeout: 20_000, interval: 50 };

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
    server.gold.put('enwiki', began - back * 60, 50, 20, 12);
    server.gold.put('dewiki', began - back * 60, 20, 5);
  }
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
const panel = (page: Page) => page.getByRole('region', { name: 'Selected minutes' });
const flags = (page: Page) => page.getByRole('list', { name: 'Unusual on this chart' }).getByRole('button');
const list = (page: Page) => page.getByRole('region', { name: 'Unusual now' });

/** Clicks a part of the plot, from 0 to 1. */
async function clickAt(page: Page, part: number): Promise<void> {
  const box = await page.locator('.u-over').boundingBox();
  if (box === null) throw new Error('there is no plot');
  await page.mouse.click(box.x + box.width * part, box.y + box.height * 0.7);
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate<string[]>(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 200))))`);
}

describe('what is unusual', () => {
  beforeEach(() => {
    server.gold.setAnomalies(
      anomalyOf({ id: 'people', from: began - 2 * 3_600 }),
      anomalyOf({ id: 'bots', account: 'bot', from: began - 3_600 }),
      anomalyOf({ id: 'german', wiki: 'dewiki', from: began - 1_800, to: null, reason: undefined }),
    );
  });

  test('has a flag where it begins, which is read by keyboard and pointer and selects its minutes', async () => {
    const page = await open('/?wiki=enwiki&minutes=180');
    await expect.poll(() => flags(page).count(), SOON).toBe(2);
    // They differ without colours.
    expect(await flags(page).allInnerTexts()).toEqual(['H', 'B']);
    expect(await flags(page).first().getAttribute('aria-label')).toMatch(
      /^Unusual: 6\.3 times the usual edits by people, .* UTC\. Up to 40 accounts/,
    );
    await page.getByRole('slider').focus();
    await page.keyboard.press('Tab');
    await expect.poll(() => page.locator('.flag-text').innerText(), SOON).toContain(REASON.sentence);
    await page.keyboard.press('Enter');
    await expect.poll(() => panel(page).innerText(), SOON).toContain(REASON.sentence);
    expect(parameter(page, 'for')).toBe('45');
    await flags(page).nth(1).hover();
    await expect
      .poll(() => page.locator('.flag-text').allInnerTexts(), SOON)
      .toContainEqual(expect.stringContaining('edits by bots'));
    expect(opened?.complaints).toEqual([]);
  });

  test('is listed over all wikis, and a row leads to the chart of its wiki at that time', async () => {
    const page = await open('/?wiki=enwiki&minutes=60');
    await expect.poll(() => list(page).innerText(), SOON).toContain('German Wikipedia');
    const rows = list(page).getByRole('listitem');
    expect(await rows.first().innerText()).toMatch(
      /^German Wikipedia dewiki 6\.3 times the usual edits by people, since .* UTC\. No reason was recorded\.$/,
    );
    await rows.first().getByRole('button').click();
    await expect.poll(() => parameter(page, 'wiki'), SOON).toBe('dewiki');
    await expect.poll(() => panel(page).innerText(), SOON).toContain('6.3 times the usual edits by people');
    await expect.poll(() => flags(page).count(), SOON).toBe(1);
    await page.goBack();
    await expect.poll(() => parameter(page, 'wiki'), SOON).toBe('enwiki');
  });

  test.each<[string, BrowserContextOptions]>([
    ['in light colours', { colorScheme: 'light' }],
    ['in dark colours', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
    ['in forced colours', { forcedColors: 'active' }],
  ])('passes axe %s, with flags, list, selection and reason', async (_, options) => {
    server.explain = async () => explanationOf();
    const page = await open('/?wiki=enwiki&minutes=180', options);
    await flags(page).first().click();
    await panel(page).getByRole('button', { name: 'Why?' }).click();
    await panel(page).getByText('Most changed pages').waitFor();
    await list(page).getByRole('listitem').first().waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
  });
});

test('says so when nothing is unusual', async () => {
  const page = await open('/?wiki=enwiki&minutes=60');
  await expect
    .poll(() => list(page).innerText(), SOON)
    .toContain('No wiki has had many more edits than usual');
  expect(await flags(page).count()).toBe(0);
});

describe('selected minutes', () => {
  test('are a click away, with counts, bytes and completeness, and are a part of the address', async () => {
    const page = await open('/?wiki=enwiki&minutes=180');
    await clickAt(page, 0.5);
    await expect
      .poll(() => panel(page).innerText(), SOON)
      .toMatch(
        /Edits\s+70\s+Human\s+50 \(71%\)\s+Bot\s+20 \(29%\)\s+Bytes\s+\+12\s+Usual\s+not enough history yet/,
      );
    expect(await panel(page).innerText()).toContain('1 minute: complete.');
    const at = parameter(page, 'at') ?? '';
    expect(await panel(page).getByRole('heading').innerText()).toContain(`${at.slice(11, 16)} UTC`);
    await page.reload();
    await expect.poll(() => panel(page).innerText(), SOON).toContain(`${at.slice(11, 16)} UTC`);
    // It is marked on the chart, over the plot.
    const [mark, plot] = [
      await page.locator('.selected-span').boundingBox(),
      await page.locator('.u-over').boundingBox(),
    ];
    expect(Math.abs((mark?.height ?? 0) - (plot?.height ?? 100))).toBeLessThan(3);
    expect(Math.abs((mark?.y ?? 0) - (plot?.y ?? 100))).toBeLessThan(3);
    await panel(page).getByRole('button', { name: 'Close what is selected' }).click();
    await expect.poll(() => panel(page).count(), SOON).toBe(0);
    expect(parameter(page, 'at')).toBeNull();
    expect(opened?.complaints).toEqual([]);
  });

  test('are selected by Enter and left by Escape', async () => {
    const page = await open('/?wiki=enwiki&minutes=180');
    await page.getByRole('slider').focus();
    for (const key of ['ArrowLeft', 'ArrowLeft', 'Enter']) await page.keyboard.press(key);
    await panel(page).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect.poll(() => panel(page).count(), SOON).toBe(0);
  });

  test('are compared with what is usual', async () => {
    rememberWeeks(server, 'enwiki', began, 25, 10);
    const page = await open('/?wiki=enwiki&minutes=180');
    await clickAt(page, 0.5);
    await expect.poll(() => panel(page).innerText(), SOON).toMatch(/Usual\s+\d+\.\d\s+Difference\s+.*usual/);
  });

  test('are beside the chart where there is room, and below it where there is none', async () => {
    const page = await open('/?wiki=enwiki&minutes=180', { viewport: { width: 1_440, height: 900 } });
    await clickAt(page, 0.5);
    await panel(page).getByText('1 minute:').waitFor();
    const boxes = async () => {
      const [chart, beside] = [await page.locator('.panel').boundingBox(), await panel(page).boundingBox()];
      if (chart === null || beside === null) throw new Error('one of them cannot be seen');
      return { chart, beside };
    };
    const wide = await boxes();
    expect(wide.beside.x).toBeGreaterThan(wide.chart.x + wide.chart.width);
    expect(Math.abs(wide.beside.y - wide.chart.y)).toBeLessThan(2);
    await page.setViewportSize({ width: 390, height: 844 });
    await expect
      .poll(async () => {
        const { chart, beside } = await boxes();
        return beside.y >= chart.y + chart.height && beside.x < 30;
      }, SOON)
      .toBe(true);
  });

  test('of a zoomed range are all of it', async () => {
    const at = (back: number): string =>
      new Date((began - back * 60) * 1000).toISOString().slice(0, 19) + 'Z';
    const page = await open(`/?wiki=enwiki&from=${at(120)}&to=${at(60)}`);
    await expect
      .poll(() => panel(page).innerText(), SOON)
      .toMatch(/Edits\s+4,200[\s\S]*60 minutes: complete\./);
  });

  test('link to what the wiki itself lists', async () => {
    const page = await open('/?wiki=dewiki&minutes=180');
    await clickAt(page, 0.5);
    const link = panel(page).getByRole('link', { name: 'Changes on the wiki since then' });
    await expect
      .poll(() => link.getAttribute('href'), SOON)
      .toMatch(/^https:\/\/de\.wikipedia\.org\/w\/index\.php\?title=Special%3ARecentChanges&from=\d{14}&/);
  });
});

describe('why', () => {
  async function ask(): Promise<Page> {
    const page = await open('/?wiki=enwiki&minutes=180');
    await clickAt(page, 0.5);
    await panel(page).getByRole('button', { name: 'Why?' }).click();
    return page;
  }

  test('is a sentence, with the pages that changed most', async () => {
    let answer = (): void => undefined;
    const waits = new Promise<void>(resolve => (answer = resolve));
    server.explain = async () => {
      await waits;
      return explanationOf();
    };
    const page = await ask();
    await panel(page).getByText('Reading the events of this time…').waitFor();
    answer();
    await panel(page).getByText('Up to 40 accounts changed the same page').waitFor();
    const moon = panel(page).getByRole('link', { name: 'Moon landing' });
    expect(await moon.getAttribute('href')).toBe('https://en.wikipedia.org/wiki/Moon_landing');
  });

  test('is asked for the minutes that are selected', async () => {
    const asked: object[] = [];
    server.explain = async range => {
      asked.push(range);
      return explanationOf();
    };
    const page = await ask();
    await panel(page).getByText('Up to 40 accounts').waitFor();
    const from = Date.parse(parameter(page, 'at') ?? '') / 1000;
    expect(asked).toEqual([{ wiki: 'enwiki', from, to: from + 60 }]);
  });

  test('says what to do where the API cannot read the events, and can be asked again', async () => {
    const page = await ask();
    await panel(page).getByText('give it BUCKET and keys that may read it').waitFor();
    expect(await panel(page).innerText()).toContain('The counts on this page do not need the events.');
    await panel(page).getByRole('button', { name: 'Try again' }).waitFor();
  });

  test('says when to ask again after too many questions', async () => {
    // An explanation takes 200.
    server.requestsPerMinute = 150;
    server.explain = async () => explanationOf();
    const page = await ask();
    await expect
      .poll(() => panel(page).innerText(), SOON)
      .toMatch(/Try again in \d+ s.*Explanations are rationed/);
  });

  test('says what remains once the events have expired', async () => {
    server.explain = async () => ({ ...explanationOf(), cause: { kind: 'no_parts' } });
    const page = await ask();
    await expect
      .poll(() => panel(page).innerText(), SOON)
      .toMatch(/they have expired, or were never read\. The counts stay/);
  });

  test('is offered for an hour at most', async () => {
    const at = (back: number): string =>
      new Date((began - back * 60) * 1000).toISOString().slice(0, 19) + 'Z';
    const page = await open(`/?wiki=enwiki&from=${at(180)}&to=${at(60)}`);
    await panel(page).getByText('Why? can be answered for an hour or less').waitFor();
    expect(await panel(page).getByRole('button', { name: 'Why?' }).count()).toBe(0);
  });
});
