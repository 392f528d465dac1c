/** ⑧ Accessibility: names, keyboard, contrast, small screens, touch; and the page without JavaScript. */
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser, openPage } from '../support/browser/chromium.ts';
import type { OpenPage } from '../support/browser/chromium.ts';
import { PageServer } from '../support/browser/page-server.ts';

let browser: Browser;
let server: PageServer;
let opened: OpenPage | undefined;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  server = new PageServer();
  const current = Math.floor(Date.now() / 60_000) * 60;
  server.readTo(current);
  const at = (back: number): string => new Date((current - back * 60) * 1000).toISOString();
  server.gold.setGaps(
    { id: 'a', cause: 'retention', from: at(90), to: at(40) },
    { id: 'b', cause: 'offsets', from: at(20.5), to: at(20.4) },
  );
  for (let back = -2; back < 200; back++) {
    if (back > 40 && back <= 90) continue;
    server.gold.put('enwiki', current - back * 60, 90 + (Math.abs(back) % 9) * 5, 20 + (Math.abs(back) % 7));
  }
  server.gold.setSources({ url: 'http://127.0.0.1:5001/v2/stream/recentchange', simulated: true });
  await server.start();
});
afterEach(async () => {
  await opened?.close();
  await server.stop();
});

async function open(options: BrowserContextOptions = {}, tab = 'wikis'): Promise<Page> {
  opened = await openPage(browser, `${server.url}/?wiki=enwiki&minutes=180&ma=5&tab=${tab}`, options);
  await opened.page.locator('.when time').waitFor();
  return opened.page;
}

const SMALL = { viewport: { width: 360, height: 740 } };

describe.each(['light', 'dark'] as const)('in %s colours', colorScheme => {
  test('every text has a contrast of at least 4.5:1', async () => {
    const page = await open({ colorScheme });
    await page.getByRole('tab', { name: 'Table' }).click();
    expect(await page.evaluate(weakTexts)).toEqual([]);
    await server.stop();
    await page.locator('.banner').waitFor();
    expect(await page.evaluate(weakTexts)).toEqual([]);
  });

  test('every line of the chart has a contrast of at least 3:1', async () => {
    const page = await open({ colorScheme });
    expect(await page.evaluate(weakLines)).toEqual([]);
  });
});

describe('axe finds nothing', () => {
  test.each<[string, BrowserContextOptions]>([
    ['in light colours', { colorScheme: 'light' }],
    ['in dark colours', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }],
    ['in forced colours', { forcedColors: 'active' }],
  ])('%s', async (_, options) => {
    const page = await open(options);
    const panel = page.getByRole('tabpanel');
    await panel.locator('tbody tr').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Table' }).click();
    await panel.getByText('This range as CSV').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Pipeline' }).click();
    await panel.getByRole('heading', { name: 'Ingest' }).waitFor();
    await page.getByRole('combobox', { name: 'Wiki' }).click();
    await page.getByRole('option').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

/** What axe finds on the page, by rule. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate<string[]>(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 200))))`);
}

test('the chart follows a change to dark mode', async () => {
  const page = await open({ colorScheme: 'light' });
  const picture = (): Promise<string> =>
    page.evaluate("document.querySelector('.canvas canvas').toDataURL()");
  const light = await picture();
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(picture, { timeout: 10_000 }).not.toBe(light);
});

describe('colours that the reader has chosen', () => {
  const ground = (page: Page): Promise<string> =>
    page.evaluate('getComputedStyle(document.body).backgroundColor');
  const choose = (page: Page, name: string) => page.getByRole('radio', { name, exact: true }).check();

  test('are shown at once, by the chart too, whatever the system has', async () => {
    const page = await open({ colorScheme: 'light' });
    const light = await ground(page);
    const picture = (): Promise<string> =>
      page.evaluate("document.querySelector('.canvas canvas').toDataURL()");
    const before = await picture();
    await choose(page, 'Dark');
    expect(await ground(page)).not.toBe(light);
    await expect.poll(picture, { timeout: 10_000 }).not.toBe(before);
    expect(await page.evaluate(weakTexts)).toEqual([]);
    expect(await page.evaluate(weakLines)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await choose(page, 'Light');
    expect(await ground(page)).toBe(light);
    await choose(page, 'Automatic');
    expect(await ground(page)).not.toBe(light);
  });

  test('are there before the script of the page is, and break no rule of its security policy', async () => {
    const page = await open({ colorScheme: 'light' });
    await choose(page, 'Dark');
    const dark = await ground(page);
    // Modules have a hash in their name.
    await page.route('**/assets/*.js', route => route.abort());
    await page.reload({ waitUntil: 'domcontentloaded' });
    expect(await page.locator('.bar').count()).toBe(0);
    expect(await ground(page)).toBe(dark);
    await page.unroute('**/assets/*.js');
    await page.reload();
    await page.locator('.when time').waitFor();
    expect(await ground(page)).toBe(dark);
    expect(await page.getByRole('radio', { name: 'Dark' }).isChecked()).toBe(true);
    expect(opened?.complaints.filter(complaint => !complaint.includes('ERR_FAILED'))).toEqual([]);
  });

  test('follow the choice in another tab', async () => {
    const page = await open({ colorScheme: 'light' });
    const other = await page.context().newPage();
    await other.goto(page.url());
    const light = await ground(other);
    await choose(page, 'Dark');
    await expect.poll(() => ground(other), { timeout: 10_000 }).not.toBe(light);
  });
});

test.each([360, 412, 768, 1024, 1920])('nothing overflows at a width of %d', async width => {
  const page = await open({ viewport: { width, height: 740 } });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  const canvas = await page.locator('.canvas canvas').boundingBox();
  expect(canvas?.width).toBeGreaterThan(Math.min(width, 1680) * 0.88);
});

test('the chart resizes with the window', async () => {
  const page = await open({ viewport: { width: 1200, height: 800 } });
  await page.setViewportSize(SMALL.viewport);
  const width = async (): Promise<number> => (await page.locator('.canvas canvas').boundingBox())?.width ?? 0;
  await expect.poll(width, { timeout: 10_000 }).toBeLessThan(360);
});

test('a tap reads a minute', async () => {
  const page = await open({ ...SMALL, hasTouch: true });
  const before = await page.locator('.when time').getAttribute('datetime');
  await page.locator('.u-over').tap({ position: { x: 60, y: 60 } });
  const read = (): Promise<string | null> => page.locator('.when time').getAttribute('datetime');
  await expect.poll(read, { timeout: 10_000 }).not.toBe(before);
});

test('every control has a name, and every landmark exists', async () => {
  const page = await open();
  for (const role of ['banner', 'main', 'contentinfo', 'navigation', 'complementary'] as const) {
    expect({ role, count: await page.getByRole(role).count() }).toEqual({ role, count: 1 });
  }
  expect(await page.evaluate(namelessControls)).toEqual([]);
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('wikigauge');
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  const ids = await page.locator('[id]').evaluateAll(elements => elements.map(element => element.id));
  expect(new Set(ids).size).toBe(ids.length);
});

test('Tab visits every control in reading order, each with a visible focus ring', async () => {
  const page = await open({}, 'table');
  await page.locator('tbody tr').first().waitFor();
  const visited: string[] = [];
  for (let i = 0; i < 28; i++) {
    await page.keyboard.press('Tab');
    const { name, ring } = await page.evaluate<{ name: string; ring: boolean }>(focusedControl);
    visited.push(ring ? name : `${name}, without a ring`);
  }
  expect(visited).toEqual([
    'Wiki',
    'Compare with another wiki',
    'Earlier',
    '1 h: last hour',
    '3 h: last 3 hours',
    '24 h: last 24 hours',
    '7 d: last 7 days',
    '30 d: last 30 days',
    '60 d: last 60 days',
    'From … to',
    'UTC',
    'Local',
    'Share',
    'Help',
    '5 min',
    'Human',
    'Bot',
    'Week',
    'Edits per minute; use the arrow keys to read each minute',
    'Gaps as JSON',
    'Table',
    'This range as CSV',
    'Counts of the range',
    'API',
    'This range as JSON',
    'Temporal Web UI',
    'About EventStreams',
    'Automatic',
  ]);
});

test('without JavaScript, the page links to the numbers', async () => {
  opened = await openPage(browser, server.url, { javaScriptEnabled: false });
  expect(await opened.page.locator('.no-script').innerText()).toContain('/edits');
});

test('the API page works under its content security policy', async () => {
  opened = await openPage(browser, `${server.url}/docs`);
  await opened.page.getByText('Edits per minute of a wiki').waitFor();
  expect(opened.complaints).toEqual([]);
});

// The code below runs in the page. It is text, because the tests are compiled without DOM types.

const COLOURS = `
  const parse = colour => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => [r, g, b]
    .map(part => part / 255)
    .map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const contrast = (a, b) => {
    const [dark, light] = [luminance(parse(a)), luminance(parse(b))].sort((x, y) => x - y);
    return (light + 0.05) / (dark + 0.05);
  };
  const groundOf = element => {
    for (let at = element; at !== null; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (parse(backgroundColor)[3] === 255) return backgroundColor;
    }
    return 'white';
  };`;

const weakTexts = `(() => {
  ${COLOURS}
  const texts = document.createTreeWalker(document.querySelector('#app'), NodeFilter.SHOW_TEXT);
  const weak = [];
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    const element = text.parentElement;
    if (text.data.trim() === '' || element.closest('.hidden') !== null) continue;
    const ratio = contrast(getComputedStyle(element).color, groundOf(element));
    if (ratio < 4.5) weak.push(text.data + ': ' + ratio.toFixed(2));
  }
  return weak;
})()`;

const weakLines = `(() => {
  ${COLOURS}
  const card = document.querySelector('.panel');
  const style = getComputedStyle(card);
  return ['total', 'human', 'bot', 'average', 'gap']
    .map(name => [name, contrast(style.getPropertyValue('--chart-' + name), style.backgroundColor)])
    .filter(([, ratio]) => ratio < 3);
})()`;

const NAME_OF = `
  const nameOf = element =>
    element.getAttribute('aria-label') ?? element.labels?.[0]?.querySelector('span:not([aria-hidden])')?.textContent
      ?? element.labels?.[0]?.textContent ?? element.textContent;`;

const namelessControls = `(() => {
  ${NAME_OF}
  return [...document.querySelectorAll('button, input, select, a, summary, [tabindex], [role]')]
    .filter(element => element.getAttribute('role') !== 'status' && (nameOf(element) ?? '').trim() === '')
    .map(element => element.outerHTML.slice(0, 100));
})()`;

const focusedControl = `(() => {
  ${NAME_OF}
  const element = document.activeElement;
  const label = element.closest('label');
  const name = element.type === 'checkbox' ? label.textContent.trim().split(/\\s|\\d/)[0] : nameOf(element).trim();
  const ringed = [element, element.nextElementSibling].filter(at => at !== null);
  const ring = ringed.some(at => {
    const { outlineStyle, outlineWidth } = getComputedStyle(at);
    return outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2;
  });
  return { name, ring };
})()`;
