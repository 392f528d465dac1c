/** The whole pipeline for a benchmark: servers of its own, a simulated stream in real time, a worker and an API. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MINUTE_MS } from '../../src/core/time.ts';
import { settingsOf, startOurs, withOwnServers } from '../costs/surroundings.ts';
import type { Env } from '../costs/surroundings.ts';
import { startWikimedia } from '../simulator/server.ts';
import { LOOPBACK, freePort } from '../stack/ports.ts';

const run = promisify(execFile);
const NAME = 'bench';

export interface LivePipelineSettings {
  /** Mean events a second. */
  readonly rate: number;
  /** How to run wikigauge, as a command and its first arguments. */
  readonly program: readonly string[];
  readonly env: Env;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface LivePipeline {
  readonly streamUrl: string;
  readonly fromMs: number;
  readonly api: { readonly address: string; readonly pid: number };
  /** Rejects when the worker or the API ends. */
  readonly died: Promise<never>;
}

/** Runs `measure` on a pipeline that reads the stream from the beginning of this minute on, then stops all of it. */
export async function withLivePipeline<T>(
  { rate, ...own }: LivePipelineSettings,
  measure: (pipeline: LivePipeline) => Promise<T>,
): Promise<T> {
  return withOwnServers({ ...own, purpose: NAME }, async around => {
    const { folder, program, base, stack, onClose } = around;
    const wikimedia = await startWikimedia({ port: 0, rate });
    onClose(() => wikimedia.close());
    const named = await settingsOf(NAME, { name: NAME, wikis: [], gold: 'postgres', flushSec: 300 }, around);
    const settings = { ...base, ...stack, ...named, BUCKET: NAME };
    const worker = await startOurs(
      'worker',
      {
        args: ['worker'],
        env: { ...settings, EVENTSTREAMS_URL: wikimedia.streamUrl, FLUSH_MAX_SEC: '300' },
        ready: /^worker ready$/m,
      },
      around,
    );
    const port = await freePort();
    // All viewers have addresses of this machine, and come at once.
    const apiEnv = { ...settings, PORT: String(port), RATE_LIMIT_PER_MINUTE: '0' };
    const api = await startOurs('api', { args: ['api'], env: apiEnv, ready: /^dashboard /m }, around);
    const fromMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
    const [command = process.execPath, ...first] = program;
    const ingest = [...first, 'ingest', '--since', new Date(fromMs).toISOString()];
    await run(command, ingest, { env: settings, cwd: folder });
    return measure({
      streamUrl: wikimedia.streamUrl,
      fromMs,
      api: { address: `http://${LOOPBACK}:${port}`, pid: api.child.pid },
      died: Promise.race([worker.died, api.died]),
    });
  });
}
