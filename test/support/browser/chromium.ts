/** A real Chromium, and pages that record the browser's complaints. */
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, ConsoleMessage, Page } from 'playwright-core';
import { inject } from 'vitest';
import { CHROMIUM_ARGUMENTS } from '../../../dev/bootstrap/chromium.mjs';

/** Starts Chromium with a profile of its own. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: inject('chromium'), args: CHROMIUM_ARGUMENTS });
}

export interface OpenPage {
  readonly page: Page;
  /** Errors and warnings of the console, uncaught errors, and requests to other origins. */
  readonly complaints: string[];
  readonly close: () => Promise<void>;
}

/** Opens a page in a new context, without cache and storage of other tests. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ timezoneId: 'Asia/Tokyo', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', message => {
    const isBad = message.type() === 'error' || message.type() === 'warning';
    if (isBad && !isRefusal(message)) complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(`uncaught: ${error.message}`));
  page.on('request', request => {
    if (!request.url().startsWith(new URL(url).origin)) complaints.push(`asked elsewhere: ${request.url()}`);
  });
  await page.goto(url);
  return { page, complaints, close: () => context.close() };
}

/** An API that does not tell of the newest minutes says so, and the browser reports it. */
function isRefusal(message: ConsoleMessage): boolean {
  return message.location().url.includes('/api/v1/live') && message.text().includes('503');
}

/** Headless Chromium never hides a tab by itself. */
export async function setHidden(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate(`
    Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  `);
}
