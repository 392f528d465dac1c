/** `wikigauge bench`: measures how fast the pipeline is, on servers of its own where it needs any, and prints it. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { badFlag } from '../../src/commands/bad-flag.ts';
import { stopSignal } from '../../src/commands/environment.ts';
import { measureFanout } from '../bench/live-fanout.ts';
import { measureLatency } from '../bench/live-latency.ts';
import { withLivePipeline } from '../bench/live-pipeline.ts';
import type { LivePipeline } from '../bench/live-pipeline.ts';
import { resultText } from '../bench/result.ts';
import type { BenchResult } from '../bench/result.ts';
import { measureTransform } from '../bench/transform.ts';
import { machine } from '../machine.ts';

export interface BenchFlags {
  readonly only?: string;
  readonly quick?: boolean;
  readonly json?: string;
}

interface LiveBenchmark {
  readonly name: string;
  readonly measure: (pipeline: LivePipeline, isQuick: boolean, signal: AbortSignal) => Promise<BenchResult>;
}

const print = (line: string): void => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
/** Events a second: half of what Wikimedia sends. */
const RATE = 20;

const LIVE: readonly LiveBenchmark[] = [
  {
    name: 'live-latency',
    measure: (pipeline, isQuick, signal) => measureLatency(pipeline, isQuick ? 100 : 500, signal),
  },
  {
    name: 'live-fanout',
    measure: (pipeline, isQuick, signal) =>
      measureFanout(
        pipeline,
        isQuick ? { viewers: 1_000, seconds: 5 } : { viewers: 10_000, seconds: 30 },
        print,
        signal,
      ),
  },
];

/** Measured together, because they share their baselines. */
const TRANSFORM = ['transform-core', 'transform-rebuild'];
const NAMES = [...TRANSFORM, ...LIVE.map(({ name }) => name)];

/** @param names of benchmarks, or what they begin with; none: all */
export async function benchCommand(
  names: readonly string[],
  { only, quick = false, json }: BenchFlags,
): Promise<void> {
  const asked = only === undefined ? names : [...names, only];
  const isMeant = (name: string, by: string): boolean => name === by || name.startsWith(`${by}-`);
  const isAsked = (name: string): boolean => asked.length === 0 || asked.some(each => isMeant(name, each));
  const unknown = asked.find(each => !NAMES.some(name => isMeant(name, each)));
  if (unknown !== undefined)
    throw badFlag('--only', `transform, live, ${NAMES.join(' or ')}`, unknown, '--only live-latency');
  const signal = stopSignal();
  try {
    const results: BenchResult[] = [];
    if (TRANSFORM.some(isAsked)) {
      const size = quick ? { parts: 4, rate: 10, rounds: 3 } : { parts: 12, rate: 40, rounds: 7 };
      print('Measuring transform …');
      const found = await measureTransform(size, print, signal);
      results.push(...found.filter(({ name }) => isAsked(name)));
    }
    if (LIVE.some(({ name }) => isAsked(name))) results.push(...(await measureLive(isAsked, quick, signal)));
    console.log(`\n${machine()}\n\n${results.map(resultText).join('\n\n')}`);
    if (json !== undefined)
      await writeFile(json, `${JSON.stringify({ machine: machine(), results }, undefined, 2)}\n`);
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = 130;
  }
}

async function measureLive(
  isAsked: (name: string) => boolean,
  isQuick: boolean,
  signal: AbortSignal,
): Promise<BenchResult[]> {
  const program = [process.execPath, fileURLToPath(new URL('../cli.js', import.meta.url))];
  return withLivePipeline({ rate: RATE, program, env: process.env, print, signal }, async pipeline => {
    const found: BenchResult[] = [];
    for (const { name, measure } of LIVE) {
      if (!isAsked(name)) continue;
      print(`Measuring ${name} …`);
      found.push(await measure(pipeline, isQuick, signal));
    }
    return found;
  });
}
