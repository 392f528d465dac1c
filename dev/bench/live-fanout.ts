/** What viewers cost an API process: memory of each, and processor time of each tick. Real sockets, from other processes. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { LivePipeline } from './live-pipeline.ts';
import { quantile } from './result.ts';
import type { BenchResult } from './result.ts';
import type { ViewersOrder, ViewersReport } from './viewers-main.ts';

/** So many connections to one address come from each of ours: it has some 28,000 ports. */
const FROM_EACH = 2_500;
const PROCESSES = 2;
const WARM_UP_VIEWERS = 200;
const SETTLE_MS = 15_000;
const SAMPLE_MS = 1_000;
/** Clock ticks a second of /proc: a constant of Linux. */
const USER_HZ = 100;

export async function measureFanout(
  { api, died }: LivePipeline,
  { viewers, seconds }: { readonly viewers: number; readonly seconds: number },
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<BenchResult> {
  if (process.platform !== 'linux') throw new Error('live-fanout reads /proc, which only Linux has.');
  const clients = Array.from({ length: PROCESSES }, (_, at) => new Client(at));
  const pause = (ms: number): Promise<void> => Promise.race([sleep(ms, undefined, { signal }), died]);
  try {
    const warmUp = new Client(PROCESSES);
    await Promise.race([warmUp.open(api.address, WARM_UP_VIEWERS), died]);
    await pause(SETTLE_MS);
    warmUp.stop();
    await pause(SAMPLE_MS);
    const idle = await samples(api.pid, SETTLE_MS / SAMPLE_MS, pause);
    const each = Math.ceil(viewers / PROCESSES);
    print(`Connecting ${each * PROCESSES} viewers …`);
    await Promise.race([Promise.all(clients.map(client => client.open(api.address, each))), died]);
    await pause(SETTLE_MS);
    await Promise.all(clients.map(client => client.report()));
    const busy = await samples(api.pid, seconds, pause);
    const reports = await Promise.all(clients.map(client => client.report()));
    const open = reports.reduce((sum, report) => sum + report.open, 0);
    const bytes = reports.reduce((sum, report) => sum + report.bytes, 0);
    const [before, after] = [
      median(idle.map(({ rss }) => rss)),
      busy.map(({ rss }) => rss).toSorted(ascending),
    ];
    const kilobytes = (rss: number): number => (rss - before) / open / 1_000;
    const cpuMs = busy.map(sample => sample.cpuMs).toSorted(ascending);
    return {
      name: 'live-fanout',
      unit: 'kB of resident memory a viewer, median',
      median: kilobytes(median(after)),
      low: kilobytes(after[0] ?? NaN),
      high: kilobytes(after.at(-1) ?? NaN),
      ratios: {},
      peakMb: (after.at(-1) ?? NaN) / 1e6,
      figures: {
        viewers: `${open} of ${each * PROCESSES}, from ${PROCESSES} processes`,
        'processor time a second': `median ${median(cpuMs).toFixed(0)} ms, most ${quantile(cpuMs, 1).toFixed(0)} ms; without viewers ${median(idle.map(sample => sample.cpuMs)).toFixed(0)} ms`,
        'to each viewer': `${(bytes / open / seconds).toFixed(0)} bytes a second`,
        'resident without viewers': `${(before / 1e6).toFixed(0)} MB`,
      },
      limit: 'one core of the API process: each viewer is one write to a socket a tick',
    };
  } finally {
    for (const client of clients) client.stop();
  }
}

const ascending = (a: number, b: number): number => a - b;

function median(values: readonly number[]): number {
  return quantile(values.toSorted(ascending), 0.5);
}

/** A process of viewers. */
class Client {
  readonly #process: ChildProcess;
  readonly #at: number;

  constructor(at: number) {
    this.#at = at;
    this.#process = fork(fileURLToPath(new URL('viewers-main.js', import.meta.url)));
  }

  async open(address: string, viewers: number): Promise<ViewersReport> {
    const { hostname: host, port } = new URL(address);
    // All of 127.0.0.0/8 is this machine.
    const from = Array.from(
      { length: Math.ceil(viewers / FROM_EACH) },
      (_, i) => `127.0.${this.#at + 1}.${i + 1}`,
    );
    const order: ViewersOrder = { host, port: Number(port), viewers, from };
    return this.#ask(order);
  }

  report(): Promise<ViewersReport> {
    return this.#ask('report');
  }

  stop(): void {
    this.#process.kill();
  }

  async #ask(message: ViewersOrder | 'report'): Promise<ViewersReport> {
    const ended = once(this.#process, 'exit').then(() => {
      throw new Error('A process of viewers has ended; see above.');
    });
    ended.catch(() => undefined);
    const answered = once(this.#process, 'message');
    this.#process.send(message);
    const [report] = (await Promise.race([answered, ended])) as [ViewersReport];
    return report;
  }
}

interface Sample {
  readonly rss: number;
  /** Processor time within the second. */
  readonly cpuMs: number;
}

async function samples(pid: number, count: number, pause: (ms: number) => Promise<void>): Promise<Sample[]> {
  const found: Sample[] = [];
  let before = await cpuMsOf(pid);
  for (let at = 0; at < count; at += 1) {
    await pause(SAMPLE_MS);
    const cpuMs = await cpuMsOf(pid);
    found.push({ rss: await rssOf(pid), cpuMs: cpuMs - before });
    before = cpuMs;
  }
  return found;
}

async function rssOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

async function cpuMsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name, in brackets, can have spaces; user and system time are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / USER_HZ) * 1_000;
}
