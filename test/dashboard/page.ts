/** The built page, served by the real API over a gold in memory. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { build } from 'vite';
import { buildApp } from '../../src/api/app.ts';
import { listen } from '../../src/api/server.ts';
import type { Listening } from '../../src/api/server.ts';
import { MemoryGold } from '../api/memory-gold.ts';

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

/** The API behind a page, which can stop and restart at the same address. */
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
