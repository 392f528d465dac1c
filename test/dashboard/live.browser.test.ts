/** ⑧⑨ The page listens instead of asking: what a person sees of it, and what the API is asked meanwhile. */
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser, openPage, setHidden } from '../support/browser/chromium.ts';
import type { OpenPage } from '../support/browser/chromium.ts';
import { MadeUpSource } from '../support/made-up-source.ts';
import { PageServer } from '../support/browser/page-server.ts';
import { streaming } from '../support/browser/pipeline-reading.ts';

const SOON = { timeout: 60_000, interval: 50 };
/** Minutes up to this age are in gold. */
const STORED = 5;
const HUMAN = 50;

let browser: Browser;
let server: PageServer;
let source: MadeUpSource;
let opened: OpenPage | undefined;
let ticking: NodeJS.Timeout;
/** Gold has everything up to this epoch second. */
let storedTo: number;
/** The minute in which the test began, so that counts stay in place while time passes. */
let began: number;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  source = new MadeUpSource(undefined);
  server = new PageServer();
  server.live = source;
  server.gold.setSources({ url: 'https://stream.wikimedia.org/v2/stream/recentchange', simulated: false });
  begin();
  ticking = setInterval(() => {
    hearUpTo(Date.now() + server.aheadMs);
    source.tick();
  }, 200);
  await server.start();
});
afterEach(async () => {
  clearInterval(ticking);
  await opened?.close();
  await server.stop();
});

/** The minute of an age in minutes. */
const minute = (back: number): number => began - back * 60;
/** `10:05`, of an age in minutes. */
const clock = (back: number): string => new Date(minute(back) * 1000).toISOString().slice(11, 16);

/** The clock of the API decides what is now: gold has all but the last minutes, and the feed has them too. */
function begin(): void {
  began = Math.floor((Date.now() + server.aheadMs) / 60_000) * 60;
  store(minute(STORED - 1));
  for (let back = 240; back >= STORED; back -= 1) server.gold.put('enwiki', minute(back), HUMAN, 20);
  for (let back = 240; back >= 0; back -= 1) source.set('enwiki', minute(back), HUMAN, 20);
}

function store(to: number): void {
  storedTo = to;
  server.readTo(to);
}

/** The feed reads beyond what gold has. */
function hearUpTo(ms: number): void {
  if (source.feed.kind === 'lost') return;
  source.feed = { kind: 'live', newestMs: ms, read: [{ fromMs: storedTo * 1000, toMs: ms }] };
}

async function open(path = '/?wiki=enwiki&minutes=60'): Promise<Page> {
  opened = await openPage(browser, server.url + path);
  await opened.page.locator('.when time').waitFor();
  return opened.page;
}

/** Whoever asks for a path of the API, from any tab. */
function asked(context: BrowserContext, path: string): () => number {
  let count = 0;
  context.on('request', request => {
    const { pathname, searchParams } = new URL(request.url());
    // The overview asks for longer steps, once.
    const isOverview = searchParams.get('step') === '5m';
    if (pathname === path && !isOverview) count += 1;
  });
  return () => count;
}

/** A page that is loaded with its requests counted and its clock in the hands of the test. */
async function openCounted(path = '/?wiki=enwiki&minutes=60') {
  opened = await openPage(browser, `${server.url}/docs`);
  const { page } = opened;
  const [edits, live] = [asked(page.context(), '/api/v1/series'), asked(page.context(), '/api/v1/live')];
  await page.clock.install();
  await page.goto(server.url + path);
  await page.locator('.when time').waitFor();
  return { page, edits, live };
}

/** Time passes in the page, with an answer to whatever it asks. */
async function passSeconds(page: Page, seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 3) {
    await page.clock.runFor(3_000);
    await page.evaluate("fetch('/healthz').then(answer => answer.text())");
  }
}

/** A row of the table. */
function row(page: Page, back: number): Locator {
  return page.locator('tbody tr', { hasText: `${clock(back)} UTC` });
}
async function openTable(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Table' }).click();
  await page.locator('tbody tr').first().waitFor();
}

const card = (page: Page, name: string): Locator =>
  page.locator('.figure', { has: page.getByRole('heading', { name, exact: true }) });

/** The page shows a count that only the feed has. */
async function showsEdits(page: Page, back: number, total: number): Promise<void> {
  await expect.poll(() => row(page, back).innerText(), SOON).toContain(total.toLocaleString('en'));
}

describe('an edit that is not in gold yet', () => {
  test('is shown by chart, cards and table alike, and nothing is polled for it', async () => {
    const { page, edits, live } = await openCounted();
    await openTable(page);
    await page.getByRole('slider').focus();
    await page.keyboard.press('End');
    // The newest minute, whichever it is by now.
    for (let ahead = 0; ahead < 5; ahead += 1) source.set('enwiki', minute(-ahead), 7_000, 77);
    await expect.poll(() => card(page, 'Newest minute').innerText(), SOON).toContain('7,077 edits');
    await expect
      .poll(() => page.getByRole('slider').getAttribute('aria-valuetext'), SOON)
      .toContain('7,077 edits, 7,000 by humans, 77 by bots so far');
    expect(await page.locator('tbody tr').first().innerText()).toContain('7,077');
    // Polling would ask every two seconds. An hour that passes is asked about once.
    await passSeconds(page, 30);
    source.set('enwiki', minute(3), 8_000);
    await showsEdits(page, 3, 8_000);
    expect(edits()).toBeLessThanOrEqual(2);
    expect(live()).toBe(1);
    expect(opened?.complaints).toEqual([]);
  });

  test('is drawn as pending once its minute is over, and named so in readout, slider and table', async () => {
    const page = await open();
    await openTable(page);
    await expect.poll(() => row(page, 2).innerText(), SOON).toMatch(/pending\s+.*\s70\s+50\s+20/s);
    expect(await row(page, STORED + 1).innerText()).not.toContain('pending');
    const area = page.locator('.band[data-kind=pending]:not([hidden])');
    await area.waitFor();
    expect(await page.locator('.readout').innerText()).toContain('Pending');
    // The area moves as minutes come.
    const tagUnderMouse = async (): Promise<string> => {
      // The table is below the fold.
      await page.evaluate('scrollTo(0, 0)');
      const box = await area.boundingBox();
      await page.mouse.move((box?.x ?? 0) + 4, (box?.y ?? 0) + 40);
      return page.locator('.when .tag').innerText();
    };
    await expect.poll(tagUnderMouse, SOON).toBe('pending');
    await page.mouse.move(5, 5);
    await page.getByRole('slider').focus();
    for (const key of ['End', 'ArrowLeft']) await page.keyboard.press(key);
    await expect
      .poll(() => page.getByRole('slider').getAttribute('aria-valuetext'), SOON)
      .toMatch(/70 edits, 50 by humans, 20 by bots, pending$/);
    // It becomes provisional with its part, without a fall.
    for (let back = STORED; back >= 0; back -= 1) server.gold.put('enwiki', minute(back), HUMAN, 20);
    store(minute(0));
    await expect.poll(() => row(page, 2).innerText(), SOON).toMatch(/provisional\s+.*\s70\s+50\s+20/s);
  });
});

describe('a page that listens', () => {
  /** How often each path of the API was asked for, without the probe by which the test lets time pass. */
  function countedPaths(context: BrowserContext): Map<string, number> {
    const counts = new Map<string, number>();
    context.on('request', request => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/api/') || pathname === '/wikis')
        counts.set(pathname, (counts.get(pathname) ?? 0) + 1);
    });
    return counts;
  }

  test('polls nothing, and asks for what a tab shows only while that can be seen', async () => {
    opened = await openPage(browser, `${server.url}/docs`, { viewport: { width: 1_280, height: 600 } });
    const { page } = opened;
    const counts = countedPaths(page.context());
    await page.clock.install();
    await page.goto(`${server.url}/?wiki=enwiki&minutes=60`);
    await page.locator('.freshness[data-state=live]').waitFor();
    await page.locator('.wikis tbody tr').first().waitFor();
    let edits = 7_000;
    /** Something is told every nine seconds: by the clock of the page, silence would be over soon. */
    const listenFor = async (seconds: number): Promise<void> => {
      for (let passed = 0; passed < seconds; passed += 9) {
        edits += 1;
        for (let ahead = 0; ahead < 5; ahead += 1) source.set('enwiki', minute(-ahead), edits);
        await expect
          .poll(() => card(page, 'Newest minute').innerText(), SOON)
          .toContain(edits.toLocaleString('en'));
        await passSeconds(page, 9);
      }
    };
    await listenFor(18);
    const before = new Map(counts);
    expect(before.get('/api/v1/status')).toBeGreaterThan(0);
    await listenFor(180);
    const again = [...counts].map(([path, count]) => [path, count - (before.get(path) ?? 0)] as const);
    // Of an hour that passes during the test, everything is asked for once. Polling would be 16 requests a minute.
    expect(again.filter(([, count]) => count > 1)).toEqual([]);
    expect(counts.get('/api/v1/pipeline')).toBeUndefined();
    expect(counts.get('/api/v1/wikis')).toBe(before.get('/api/v1/wikis'));
    // A list that is scrolled to is as new as it can be.
    await page.locator('.wikis').scrollIntoViewIfNeeded();
    await expect
      .poll(() => counts.get('/api/v1/wikis'), SOON)
      .toBeGreaterThan(before.get('/api/v1/wikis') ?? 0);
    expect(counts.get('/api/v1/live')).toBe(1);
  });

  test('hears that ingest is paused, and that a gap was found', async () => {
    server.pipeline = streaming();
    const { page } = await openCounted();
    const counts = countedPaths(page.context());
    const pill = page.locator('.freshness');
    await expect.poll(() => pill.getAttribute('data-state'), SOON).toBe('live');
    const reading = streaming();
    server.pipeline = { ...reading, ingest: { ...reading.ingest, stage: 'paused' } };
    const until = async (look: () => Promise<unknown>, value: unknown): Promise<void> => {
      await expect
        .poll(async () => {
          // The page's clock stands still between two looks.
          await page.clock.runFor(1_000);
          return look();
        }, SOON)
        .toBe(value);
    };
    await until(() => pill.getAttribute('data-state'), 'paused');
    server.gold.setGaps({
      id: 'gap',
      cause: 'retention',
      from: new Date(minute(40) * 1000).toISOString(),
      to: new Date(minute(30) * 1000).toISOString(),
    });
    await until(() => page.locator('.band[data-kind=no-data], .band[data-kind=incomplete]').count(), 1);
    expect(counts.get('/api/v1/pipeline')).toBeUndefined();
  });

  test('labels its data as simulated as soon as gold says so', async () => {
    server.gold.setSources();
    const page = await open();
    expect(await page.title()).not.toContain('SIMULATED');
    server.gold.setSources({ url: 'http://127.0.0.1:5001/v2/stream/recentchange', simulated: true });
    await expect.poll(() => page.title(), SOON).toContain('SIMULATED');
    await page.locator('.watermark').waitFor();
  });

  test('asks about the pipeline once it cannot listen any more', async () => {
    server.pipeline = streaming();
    const { page } = await openCounted();
    const counts = countedPaths(page.context());
    await server.stop();
    server.live = undefined;
    await server.start();
    await expect
      .poll(async () => {
        await page.clock.runFor(1_000);
        return counts.get('/api/v1/pipeline') ?? 0;
      }, SOON)
      .toBeGreaterThan(1);
  });
});

describe('three tabs of a browser', () => {
  async function openThree() {
    const first = await openPage(browser, `${server.url}/docs`);
    opened = first;
    const context = first.page.context();
    const [edits, live] = [asked(context, '/api/v1/series'), asked(context, '/api/v1/live')];
    const pages = [first.page, await context.newPage(), await context.newPage()] as const;
    for (const page of pages) {
      await page.goto(`${server.url}/?wiki=enwiki&minutes=60`);
      await page.locator('.when time').waitFor();
      await openTable(page);
    }
    return { pages, edits, live };
  }

  test('share one connection, and another takes it over when its tab is closed or hidden', async () => {
    const { pages, edits, live } = await openThree();
    const [first, second, third] = pages;
    source.set('enwiki', minute(2), 1_000);
    for (const page of pages) await showsEdits(page, 2, 1_000);
    expect(live()).toBe(1);
    await first.close();
    source.set('enwiki', minute(2), 2_000);
    for (const page of [second, third]) await showsEdits(page, 2, 2_000);
    expect(live()).toBe(2);
    // The next in line had it.
    await setHidden(second, true);
    await expect.poll(live, SOON).toBe(3);
    source.set('enwiki', minute(2), 3_000);
    await showsEdits(third, 2, 3_000);
    await setHidden(second, false);
    source.set('enwiki', minute(2), 4_000);
    for (const page of [second, third]) await showsEdits(page, 2, 4_000);
    expect(live()).toBe(3);
    // One when a tab was opened, one when it was seen again, and one when an hour has passed.
    expect(edits()).toBeLessThanOrEqual(3 + 1 + 3);
  });

  test('have a connection each for different wikis, and leave some of the six for requests', async () => {
    const { page, live } = await openCounted();
    const context = page.context();
    for (const wiki of ['dewiki', 'frwiki', 'eswiki', 'itwiki', 'plwiki', 'ruwiki']) {
      server.gold.put(wiki, minute(STORED), HUMAN, 20);
      const other = await context.newPage();
      await other.goto(`${server.url}/?wiki=${wiki}&minutes=60`);
      await other.locator('.when time').waitFor();
      await other.locator('.freshness[data-state=live]').waitFor();
    }
    expect(live()).toBe(4);
    // One of the tabs that poll gets the connection of a tab that is closed.
    await page.close();
    await expect.poll(live, SOON).toBe(5);
  });
});

test('a browser without locks, as on plain HTTP from another machine, has a connection for each tab', async () => {
  opened = await openPage(browser, `${server.url}/docs`);
  const context = opened.page.context();
  await context.addInitScript("Object.defineProperty(navigator, 'locks', { value: undefined })");
  const live = asked(context, '/api/v1/live');
  for (const page of [opened.page, await context.newPage()]) {
    await page.goto(`${server.url}/?wiki=enwiki&minutes=60`);
    await openTable(page);
    source.set('enwiki', minute(2), 1_000);
    await showsEdits(page, 2, 1_000);
  }
  expect(live()).toBe(2);
  expect(opened.complaints).toEqual([]);
});

describe('a hidden tab', () => {
  test('has no connection after ten seconds, and catches up when it is seen again', async () => {
    const { page, live } = await openCounted();
    await openTable(page);
    expect(source.watchers).toBe(1);
    await setHidden(page, true);
    await page.clock.runFor(11_000);
    await expect.poll(() => source.watchers, SOON).toBe(0);
    source.set('enwiki', minute(2), 5_000);
    await page.clock.runFor(60_000);
    expect(live()).toBe(1);
    expect(await row(page, 2).innerText()).not.toContain('5,000');
    await setHidden(page, false);
    await showsEdits(page, 2, 5_000);
    expect(live()).toBe(2);
  });
});

describe('when the API does not tell of the newest minutes', () => {
  test('the page polls, no number falls, and it listens again later', async () => {
    const { page, edits } = await openCounted();
    await openTable(page);
    source.set('enwiki', minute(2), 6_000);
    await showsEdits(page, 2, 6_000);
    await server.stop();
    server.live = undefined;
    await server.start();
    const before = edits();
    await expect.poll(edits, SOON).toBeGreaterThan(before + 2);
    // Gold does not have it yet.
    await showsEdits(page, 2, 6_000);
    server.gold.put('enwiki', minute(STORED + 2), 9_000, 0);
    await showsEdits(page, STORED + 2, 9_000);
    await server.stop();
    server.live = source;
    await server.start();
    source.set('enwiki', minute(2), 6_500);
    await page.clock.runFor(20_000);
    await showsEdits(page, 2, 6_500);
    const listening = edits();
    await passSeconds(page, 20);
    expect(edits()).toBeLessThanOrEqual(listening + 1);
  });

  test('the page says that the feed is lost, and shows what gold has', async () => {
    const page = await open();
    await openTable(page);
    const note = page.locator('.banner', { hasText: 'live feed' });
    expect(await note.count()).toBe(0);
    source.feed = { kind: 'lost', newestMs: undefined, read: [] };
    await expect
      .poll(() => note.allInnerTexts(), SOON)
      .toEqual(['The live feed is lost. Edits appear when they are stored, minutes later.']);
    expect(await page.locator('.freshness').innerText()).toMatch(/^Delayed: counted up to/);
    source.set('enwiki', minute(STORED + 2), 4_321, 20);
    await showsEdits(page, STORED + 2, 4_341);
    source.feed = { kind: 'live', newestMs: Date.now(), read: [] };
    await expect.poll(() => note.count(), SOON).toBe(0);
    expect(await page.locator('.freshness').innerText()).toMatch(/^Live: counted up to/);
  });
});

describe('after a night asleep', () => {
  test('everything is asked for again, not only the newest hour', async () => {
    const { page, live, edits } = await openCounted('/?wiki=enwiki&minutes=180');
    await openTable(page);
    await page.getByRole('slider').focus();
    await page.keyboard.press('Home');
    const said = (): Promise<string | null> => page.getByRole('slider').getAttribute('aria-valuetext');
    await expect.poll(said, SOON).toContain('70 edits');
    const before = { live: live(), edits: edits() };
    server.aheadMs = 8 * 3_600_000;
    begin();
    for (let back = 240; back >= 0; back -= 1) {
      server.gold.put('enwiki', minute(back), 300, 33);
      source.set('enwiki', minute(back), 300, 33);
    }
    await page.clock.fastForward(8 * 3_600_000);
    await page.keyboard.press('Home');
    await expect.poll(said, SOON).toContain('333 edits');
    await showsEdits(page, 2, 333);
    expect(live()).toBe(before.live + 1);
    expect(edits()).toBeLessThanOrEqual(before.edits + 2);
  });
});
