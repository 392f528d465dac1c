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

export interface Crowd {
  readonly viewers: number;
  /** How long they are measured. */
  readonly seconds: number;
}

export async function measureFanout(
  { api, died }: LivePipeline,
  crowd: Crowd,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<BenchResult> {
  if (process.platform !== 'linux') throw new Error('live-fanout reads /proc, which only Linux has.');
  const pause = (ms: number): Promise<void> => Promise.race([sleep(ms, undefined, { signal }), died]);
  print(`Connecting ${crowd.viewers} viewers to the API …`);
  const cost = await costOfViewers({ ...api, died }, crowd, pause);
  print(`Connecting ${crowd.viewers} viewers to a bare HTTP server …`);
  const bare = await costOfBareViewers(crowd, pause);
  const [low, high] = [cost.kilobytes[0] ?? NaN, cost.kilobytes.at(-1) ?? NaN];
  return {
    name: 'live-fanout',
    unit: 'kB of resident memory a viewer, median',
    median: quantile(cost.kilobytes, 0.5),
    low,
    high,
    ratios: { 'a bare HTTP server of Node': quantile(cost.kilobytes, 0.5) / quantile(bare.kilobytes, 0.5) },
    peakMb: cost.peakMb,
    figures: {
      viewers: `${cost.open} of ${crowd.viewers}, from ${PROCESSES} processes`,
      'processor time a second': `median ${quantile(cost.cpuMs, 0.5).toFixed(0)} ms, most ${quantile(cost.cpuMs, 1).toFixed(0)} ms; without viewers ${cost.idleCpuMs.toFixed(0)} ms; a bare HTTP server ${quantile(bare.cpuMs, 0.5).toFixed(0)} ms`,
      'to each viewer': `${(cost.bytes / cost.open / crowd.seconds).toFixed(0)} bytes a second`,
      'resident without viewers': `${cost.idleMb.toFixed(0)} MB`,
      'a viewer of a bare HTTP server': `${quantile(bare.kilobytes, 0.5).toFixed(1)} kB`,
    },
    limit:
      "memory by a connection of Node's HTTP server, time by one write to a socket for each viewer and tick",
  };
}

interface Served {
  readonly address: string;
  readonly pid: number;
  /** Rejects when the process ends. */
  readonly died: Promise<never>;
}

/** Samples, ascending. */
interface Cost {
  readonly open: number;
  readonly bytes: number;
  readonly kilobytes: readonly number[];
  readonly cpuMs: readonly number[];
  readonly idleCpuMs: number;
  readonly idleMb: number;
  readonly peakMb: number;
}

async function costOfViewers(
  { address, pid, died }: Served,
  { viewers, seconds }: Crowd,
  pause: (ms: number) => Promise<void>,
): Promise<Cost> {
  const clients = Array.from({ length: PROCESSES }, (_, at) => new Client(at));
  try {
    const warmUp = new Client(PROCESSES);
    await Promise.race([warmUp.open(address, WARM_UP_VIEWERS), died]);
    await pause(SETTLE_MS);
    warmUp.stop();
    await pause(SAMPLE_MS);
    const idle = await samples(pid, SETTLE_MS / SAMPLE_MS, pause);
    const each = Math.ceil(viewers / PROCESSES);
    await Promise.race([Promise.all(clients.map(client => client.open(address, each))), died]);
    await pause(SETTLE_MS);
    await Promise.all(clients.map(client => client.report()));
    const busy = await samples(pid, seconds, pause);
    const reports = await Promise.all(clients.map(client => client.report()));
    const open = reports.reduce((sum, report) => sum + report.open, 0);
    const before = quantile(ascending(idle.map(({ rss }) => rss)), 0.5);
    const after = ascending(busy.map(({ rss }) => rss));
    return {
      open,
      bytes: reports.reduce((sum, report) => sum + report.bytes, 0),
      kilobytes: after.map(rss => (rss - before) / open / 1_000),
      cpuMs: ascending(busy.map(({ cpuMs }) => cpuMs)),
      idleCpuMs: quantile(ascending(idle.map(({ cpuMs }) => cpuMs)), 0.5),
      idleMb: before / 1e6,
      peakMb: (after.at(-1) ?? NaN) / 1e6,
    };
  } finally {
    for (const client of clients) client.stop();
  }
}

async function costOfBareViewers(crowd: Crowd, pause: (ms: number) => Promise<void>): Promise<Cost> {
  const child = fork(fileURLToPath(new URL('bare-stream-main.js', import.meta.url)));
  const died = once(child, 'exit').then(() => {
    throw new Error('The bare HTTP server has ended; see above.');
  });
  died.catch(() => undefined);
  try {
    const [port] = (await Promise.race([once(child, 'message'), died])) as [number];
    const pid = child.pid ?? 0;
    return await costOfViewers({ address: `http://127.0.0.1:${port}`, pid, died }, crowd, pause);
  } finally {
    child.kill();
  }
}

function ascending(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b);
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
