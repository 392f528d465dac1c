/** ⑧⑨ The Pipeline tab: what ingest does and what is wrong, and backfills, started and controlled with the token. */
import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test, afterAll } from 'vitest';
import { launchBrowser, openPage } from '../support/browser/chromium.ts';
import type { OpenPage } from '../support/browser/chromium.ts';
import { MadeUpRuns } from '../support/browser/made-up-runs.ts';
import { PageServer } from '../support/browser/page-server.ts';
import { streaming } from '../support/browser/pipeline-reading.ts';

const SOON = { timeout: 20_000, interval: 50 };
const TOKEN = 'a-token-for-tests';

let browser: Browser;
let server: PageServer;
let runs: MadeUpRuns;
let opened: OpenPage | undefined;
let began: number;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  began = Math.floor(Date.now() / 60_000) * 60;
  server = new PageServer();
  runs = new MadeUpRuns();
  server.backfills = runs;
  server.adminToken = TOKEN;
  for (let back = 300; back >= 0; back -= 1)
    server.gold.put('enwiki', began - back * 60, 50 + (back % 3), 20);
  server.gold.setGaps({
    id: 'gap',
    cause: 'retention',
    from: new Date((began - 3_600) * 1000).toISOString(),
    to: new Date((began - 3_000) * 1000).toISOString(),
  });
  server.readTo(began);
  const since = new Date(began * 1000).toISOString();
  const trouble = { kind: 'storage', what: 'S3 is away.', since, tries: 9, nextTry: '' } as const;
  server.readPipeline = async () => ({ ...streaming([trouble]), backfills: runs.running });
  await server.start();
});
afterEach(async () => {
  await opened?.close();
  await server.stop();
});

async function open(): Promise<Page> {
  opened = await openPage(browser, `${server.url}/?wiki=enwiki&minutes=180&tab=pipeline`);
  await opened.page.getByRole('heading', { name: 'Ingest' }).waitFor();
  await opened.page.locator('.when time').waitFor();
  return opened.page;
}

const token = (page: Page) => page.getByLabel('Token');
const form = (page: Page) => page.getByRole('form', { name: 'New backfill' });
const startButton = (page: Page) => page.getByRole('button', { name: 'Start the backfill' });

describe('the pipeline', () => {
  test('says what ingest does and what is wrong, which gaps there are, and how to fill them', async () => {
    const page = await open();
    const panel = page.getByRole('tabpanel');
    await panel.getByText('S3 is away.').waitFor();
    expect(await panel.innerText()).toMatch(/State\s+troubled|State\s+streaming/);
    expect(await panel.innerText()).toContain('or run npm run backfill -- --from');
    expect(await panel.getByRole('button', { name: 'Fill for enwiki' }).isDisabled()).toBe(true);
    const link = panel.getByRole('link', { name: 'Ingest in the Web UI' });
    expect(await link.getAttribute('href')).toBe(
      'http://127.0.0.1:8233/namespaces/default/workflows/ingest-recentchange',
    );
    expect(opened?.complaints).toEqual([]);
  });

  test('is asked about only while its tab is open', async () => {
    opened = await openPage(browser, `${server.url}/docs`);
    const { page } = opened;
    const asked: string[] = [];
    page.on('request', request => asked.push(new URL(request.url()).pathname));
    const isAsked = (): boolean =>
      asked.includes('/api/v1/backfills/runs') && asked.includes('/api/v1/hours');
    await page.goto(`${server.url}/?wiki=enwiki&minutes=180&tab=table`);
    await page.locator('tbody tr').first().waitFor();
    expect(isAsked()).toBe(false);
    await page.getByRole('tab', { name: 'Pipeline' }).click();
    await expect.poll(isAsked, SOON).toBe(true);
  });

  test('fills a gap with the token, and says why it did not', async () => {
    const page = await open();
    await token(page).fill('wrong');
    await page.getByRole('button', { name: 'Fill for enwiki' }).click();
    await page
      .getByRole('alert')
      .getByText(/It was not started: the API responded with 401/)
      .waitFor();
    expect(runs.inputs).toEqual([]);
    await token(page).fill(TOKEN);
    await page.getByRole('button', { name: 'Fill for enwiki' }).click();
    await page.getByText('is being filled by backfill-1').waitFor();
    expect(runs.inputs).toEqual([expect.objectContaining({ wikis: ['enwiki'] })]);
  });
});

test('fills a gap of the current hour, which is not over', async () => {
  server.gold.setGaps({
    id: 'gap',
    cause: 'retention',
    from: new Date((began - 900) * 1000).toISOString(),
    to: new Date((began - 600) * 1000).toISOString(),
  });
  const page = await open();
  await token(page).fill(TOKEN);
  await page.getByRole('button', { name: 'Fill for enwiki' }).click();
  await page.getByText('is being filled by backfill-1').waitFor();
  expect(runs.inputs).toHaveLength(1);
});

describe('a new backfill', () => {
  test('begins with what is shown, and is started as it is filled in', async () => {
    const page = await open();
    expect(await form(page).getByLabel('Wikis').inputValue()).toBe('enwiki');
    expect(await startButton(page).isDisabled()).toBe(true);
    // A live range ends now.
    expect(await form(page).getByLabel('To (').inputValue()).toBe('');
    await token(page).fill(TOKEN);
    await form(page).getByLabel('From').fill('2026-11-20T04:00');
    await form(page).getByLabel('To').fill('2026-11-20T08:00');
    await form(page).getByLabel('Source').selectOption({ label: 'Action API, wiki by wiki' });
    await form(page).getByLabel('Wikis').fill('enwiki, dewiki');
    await startButton(page).click();
    await page.getByRole('progressbar', { name: 'Progress of backfill-1' }).waitFor();
    expect(runs.inputs).toEqual([
      { from: '2026-11-20T04:00Z', to: '2026-11-20T08:00Z', source: 'api', wikis: ['enwiki', 'dewiki'] },
    ]);
    expect(await form(page).getByRole('status').innerText()).toBe('Started backfill-1.');
    expect(opened?.complaints).toEqual([]);
  });

  test('that the API refuses says why at the field it names, and moves there', async () => {
    const page = await open();
    await token(page).fill(TOKEN);
    const from = form(page).getByLabel('From');
    await from.fill('2199-01-01T00:00');
    await startButton(page).click();
    const alert = form(page).getByRole('alert');
    await expect
      .poll(() => alert.innerText(), SOON)
      .toMatch(/^From lies in the future, got 2199-01-01T00:00Z/);
    expect(await alert.innerText()).not.toContain('{');
    expect(await from.getAttribute('aria-describedby')).toBe(await alert.getAttribute('id'));
    expect(await from.getAttribute('aria-invalid')).toBe('true');
    await expect.poll(() => from.evaluate(field => field.matches(':focus')), SOON).toBe(true);
    await from.fill('2026-11-20T04:00');
    await form(page).getByLabel('Wikis').fill('English Wikipedia');
    await startButton(page).click();
    await expect.poll(() => alert.innerText(), SOON).toContain('Wikis');
    expect(await form(page).getByLabel('Wikis').getAttribute('aria-invalid')).toBe('true');
    expect(await from.getAttribute('aria-invalid')).toBe('false');
    expect(runs.inputs).toEqual([]);
  });

  test('with a wrong token says so at the token', async () => {
    const page = await open();
    await token(page).fill('wrong');
    await startButton(page).click();
    await page.getByRole('alert').getByText('The token is not the value of ADMIN_TOKEN.').waitFor();
    expect(await token(page).getAttribute('aria-describedby')).toContain('token-problem');
    await token(page).fill(TOKEN);
    await expect.poll(() => page.getByRole('alert').count(), SOON).toBe(0);
  });
});

test('a run is paused, resumed and cancelled, and its progress is shown as it goes', async () => {
  await runs.start({});
  const page = await open();
  await token(page).fill(TOKEN);
  const row = page.getByRole('listitem').filter({ hasText: 'backfill-1' });
  await page.getByRole('button', { name: 'Pause backfill-1' }).click();
  await page.getByRole('button', { name: 'Resume backfill-1' }).waitFor();
  expect(await row.innerText()).toContain('paused');
  await page.getByRole('button', { name: 'Resume backfill-1' }).click();
  await page.getByRole('button', { name: 'Pause backfill-1' }).waitFor();
  runs.proceed(6);
  await expect.poll(() => row.innerText(), SOON).toContain('75%');
  const link = row.getByRole('link', { name: 'backfill-1' });
  expect(await link.getAttribute('href')).toBe(
    'http://127.0.0.1:8233/namespaces/default/workflows/backfill-1',
  );
  await page.getByRole('button', { name: 'Cancel backfill-1' }).click();
  await page.getByRole('heading', { name: 'Backfills that have ended' }).waitFor();
  await expect.poll(() => row.innerText(), SOON).toMatch(/^backfill-1 cancelled/);
  expect(await page.getByText('None is running.').count()).toBe(1);
});

test('the token lasts as long as the tab of the browser, and is nowhere else', async () => {
  const page = await open();
  await token(page).fill(TOKEN);
  await page.reload();
  await page.getByRole('heading', { name: 'Ingest' }).waitFor();
  expect(await token(page).inputValue()).toBe(TOKEN);
  expect(await page.evaluate('JSON.stringify([localStorage, document.cookie, location.href])')).not.toContain(
    TOKEN,
  );
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByRole('heading', { name: 'Ingest' }).waitFor();
  expect(await token(other).inputValue()).toBe('');
});
