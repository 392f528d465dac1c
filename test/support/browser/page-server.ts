/** The built dashboard, served by the real API from a gold in memory. */
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../../src/api/app.ts';
import type { Explain } from '../../../src/contracts/explanation.ts';
import type { LiveSource } from '../../../src/contracts/live-source.ts';
import type { BackfillRuns } from '../../../src/temporal/backfill-runs.ts';
import type { PipelineReading, ReadPipeline } from '../../../src/temporal/pipeline-reader.ts';
import { listen } from '../../../src/api/server.ts';
import type { Listening } from '../../../src/api/server.ts';
import { MemoryGold } from '../../api/memory-gold.ts';

/** The global set-up has built it. */
const DASHBOARD = fileURLToPath(new URL('../../../dist/dashboard', import.meta.url));

/** An API that can stop and start again at the same address. */
export class PageServer {
  readonly gold = new MemoryGold();
  /** What Temporal knows of ingest; undefined: there is no Temporal. */
  pipeline: PipelineReading | undefined;
  /** The same, where it changes with each question. */
  readPipeline: ReadPipeline = async () =>
    this.pipeline ?? { kind: 'away', what: 'There is no Temporal.', sinceMs: 0 };
  /** Backfills; undefined: the API says that it is not connected. */
  backfills: BackfillRuns | undefined;
  /** ADMIN_TOKEN. */
  adminToken: string | undefined;
  /** What the newest minutes are; undefined: the API refuses to tell, and the page polls. */
  live: LiveSource | undefined;
  /** Explains a range; undefined: the API says that it cannot. */
  explain: Explain | undefined;
  /** Units that a client has in a minute; undefined: as many as the API gives. */
  requestsPerMinute: number | undefined;
  /** How far the clock of the API is ahead. */
  aheadMs = 0;
  #server: Listening | undefined;
  #port = 0;

  /** The stream was read for two weeks, up to this epoch second. Minutes up to `LATENESS_SEC` before are full. */
  readTo(second: number): void {
    this.read([second - 14 * 86_400, second]);
  }

  /** The stream was read in these ranges, epoch seconds. */
  read(...ranges: readonly (readonly [from: number, to: number])[]): void {
    const read = ranges.map(([from, to]) => ({ fromMs: from * 1000, toMs: to * 1000 }));
    this.gold.setReads({ read, pending: [] });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const app: FastifyInstance = await buildApp({
      gold: this.gold,
      dashboardDir: DASHBOARD,
      version: '0.0.0',
      live: this.live,
      explain: this.explain,
      ...(this.requestsPerMinute !== undefined && { requestsPerMinute: this.requestsPerMinute }),
      now: () => Date.now() + this.aheadMs,
      temporalUiUrl: 'http://127.0.0.1:8233',
      backfills: this.backfills,
      adminToken: this.adminToken,
      pipeline: () => this.readPipeline(),
    });
    this.#server = await listen(app, { HOST: '127.0.0.1', PORT: this.#port });
    this.#port = Number(new URL(this.#server.url).port);
  }

  async stop(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }
}
