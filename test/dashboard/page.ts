/**
 * The built page in a real Chromium, served by the real API over a gold in memory. What the browser complains about
 * (errors, refused loads) is kept; tests end by asserting that there was nothing.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build } from 'vite';
import { buildApp } from '../../src/api/app.ts';
import { listen } from '../../src/api/server.ts';
import type { Listening } from '../../src/api/server.ts';
import { MemoryGold } from '../api/memory-gold.ts';

const CHROMIUM_FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Builds the page once for a test file. */
export async function buildPage(): Promise<{
  readonly directory: string;
  readonly remove: () => Promise<void>;
}> {
  const directory = await mkdtemp(join(tmpdir(), 'wikigauge-page-'));
  const configFile = fileURLToPath(new URL('../../vite.config.ts', import.meta.url));
  await build({ configFile, logLevel: 'warn', build: { outDir: directory, emptyOutDir: true } });
  return { directory, remove: () => rm(directory, { recursive: true }) };
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: CHROMIUM_FLAGS });
}

function findChromium(): string {
  const named = process.env['CHROMIUM'];
  if (named !== undefined && named !== '') return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const found = folders.flatMap(folder => names.map(name => join(folder, name))).find(existsSync);
  if (found === undefined) throw new Error('No Chromium found: install it, or set CHROMIUM to its path.');
  return found;
}

/** The API of a page, which can go away and come back at the same address. */
export class PageServer {
  readonly gold = new MemoryGold();
  readonly #directory: string;
  #server: Listening | undefined;
  #port = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const app: FastifyInstance = await buildApp({
      gold: this.gold,
      dashboardDir: this.#directory,
      version: '0.0.0',
      temporalUiUrl: 'http://127.0.0.1:8233',
    });
    this.#server = await listen(app, { HOST: '127.0.0.1', PORT: this.#port });
    this.#port = Number(new URL(this.#server.url).port);
  }

  async stop(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }
}

export interface OpenPage {
  readonly page: Page;
  /** What the browser complained about so far. */
  readonly complaints: string[];
  readonly close: () => Promise<void>;
}

/** A page in a context of its own: no cache, no storage of other tests. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ timezoneId: 'Asia/Tokyo', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(`uncaught: ${error.message}`));
  page.on('request', request => {
    if (!request.url().startsWith(new URL(url).origin)) complaints.push(`asked elsewhere: ${request.url()}`);
  });
  await page.goto(url);
  return { page, complaints, close: () => context.close() };
}
