/** How long an edit takes from the stream to a viewer of the API, through the whole pipeline, while parts are minutes long. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EventSource } from 'eventsource';
import { LatencyMeter } from './latency-meter.ts';
import type { LivePipeline } from './live-pipeline.ts';
import { quantile } from './result.ts';
import type { BenchResult } from './result.ts';

const USER_AGENT = 'wikigauge-bench/1 (https://example.org/bench)';
const LOOK_MS = 200;
/** A viewer that is up to date. */
const WARM_UP_MS = 5_000;

interface Message {
  readonly type?: string;
  readonly timestamp?: number;
  readonly meta?: { readonly domain?: string };
}

export async function measureLatency(
  { streamUrl, fromMs, api, died }: LivePipeline,
  edits: number,
  signal: AbortSignal,
): Promise<BenchResult> {
  const meter = new LatencyMeter();
  let isMeasuring = false;
  // A second reader of the stream: it gets an edit when the worker does.
  const stream = new EventSource(`${streamUrl}?since=${new Date(fromMs).toISOString()}`, {
    fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, 'user-agent': USER_AGENT } }),
  });
  stream.addEventListener('message', ({ data }) => {
    const { type, timestamp = 0, meta } = JSON.parse(String(data)) as Message;
    if (type !== 'edit' || meta?.domain === 'canary') return;
    meter.sent(minuteText(timestamp), isMeasuring ? performance.now() : undefined);
  });
  const viewer = new EventSource(`${api.address}/api/v1/live?wiki=all`);
  let isLive = false;
  viewer.addEventListener('status', ({ data }) => {
    isLive = (JSON.parse(String(data)) as { feed: string }).feed === 'live';
  });
  for (const kind of ['snapshot', 'minutes'])
    viewer.addEventListener(kind, ({ data }) => {
      const nowMs = performance.now();
      const { minutes } = JSON.parse(String(data)) as {
        minutes: { ts: string; human: number | null; bot: number | null }[];
      };
      for (const { ts, human, bot } of minutes) meter.shown(ts, (human ?? 0) + (bot ?? 0), nowMs);
    });
  try {
    const until = async (isDone: () => boolean): Promise<void> => {
      while (!isDone()) await Promise.race([sleep(LOOK_MS, undefined, { signal }), died]);
    };
    await until(() => isLive);
    await sleep(WARM_UP_MS, undefined, { signal });
    isMeasuring = true;
    await until(() => meter.latenciesMs.length >= edits);
  } finally {
    viewer.close();
    stream.close();
  }
  const sorted = meter.latenciesMs.toSorted((a, b) => a - b);
  const ms = (share: number): number => quantile(sorted, share);
  return {
    name: 'live-latency',
    unit: 'ms from the stream to a viewer, median',
    median: ms(0.5),
    low: ms(0),
    high: ms(1),
    ratios: {},
    figures: {
      p50: `${ms(0.5).toFixed(0)} ms`,
      p95: `${ms(0.95).toFixed(0)} ms`,
      edits: String(sorted.length),
    },
    limit: 'the tick of the worker, once a second; the API passes a frame on when it comes',
  };
}

function minuteText(timestamp: number): string {
  return new Date(Math.floor(timestamp / 60) * 60_000).toISOString().replace('.000', '');
}
