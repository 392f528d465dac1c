/**
 * How fast parts become counts, beside what nobody can be faster than in Node: gunzip alone. Each round does all works in
 * turn, each in a process of its own, so that what else the machine does strikes all of them.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { OLDER_WAY } from './older-way.ts';
import { quantile } from './result.ts';
import type { BenchResult } from './result.ts';
import { fileOf, writeParts } from './transform-parts.ts';

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL('transform-main.js', import.meta.url));

/** What one process says. */
interface Taken {
  readonly ms: number;
  readonly cpuMs: number;
  readonly peakMb: number;
  readonly edits?: number;
  readonly bytes?: number;
}

const GUNZIP = 'gunzip';
const AT_ONCE = 'gunzip-at-once';
const COUNT = 'count';
const REBUILD = 'rebuild';
const JUDGE = 'judge';
const OLDER = 'older way';
const WORKS = [GUNZIP, AT_ONCE, COUNT, REBUILD, JUDGE, OLDER] as const;
type Work = (typeof WORKS)[number];

/** Baselines, as they are called in the results. */
const BASELINES: readonly (readonly [Work, string])[] = [
  [GUNZIP, "Node's gunzip alone, streamed as the core reads it"],
  [AT_ONCE, "Node's gunzip alone, in one call"],
  [JUDGE, 'the same core with JSON.parse on every line'],
  [OLDER, 'the way of the older project in Python'],
];

interface Size {
  readonly parts: number;
  /** Mean events a second of the hour. */
  readonly rate: number;
  readonly rounds: number;
}

/** Results of `transform-core` and `transform-rebuild`. */
export async function measureTransform(
  { parts: count, rate, rounds }: Size,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'wikigauge-bench-'));
  try {
    const parts = await writeParts(folder, count, rate);
    const { keys, events, lineBytes, storedBytes } = parts;
    print(`${count} parts with ${events} events, ${Math.round(lineBytes / events)} bytes a line`);
    const taken = new Map<Work, Taken[]>(WORKS.map(work => [work, []]));
    for (let round = 1; round <= rounds; round += 1) {
      print(`Round ${round} of ${rounds} …`);
      for (const work of WORKS) {
        const [command, args] =
          work === OLDER
            ? ['python3', ['-c', OLDER_WAY, ...keys.map(key => join(folder, fileOf(key)))]]
            : [process.execPath, [MAIN, work, folder, ...keys]];
        const { stdout } = await run(command, args, { signal });
        taken.get(work)?.push(JSON.parse(stdout) as Taken);
      }
    }
    checkSame(taken);
    const input = {
      parts: `${count}, ${events} events, ${(lineBytes / 1e6).toFixed(0)} MB of lines in ${(storedBytes / 1e6).toFixed(0)} MB`,
      rounds: String(rounds),
    };
    return [
      resultOf('transform-core', COUNT, taken, events, input),
      resultOf('transform-rebuild', REBUILD, taken, events, input),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** All works must have found the same. */
function checkSame(taken: ReadonlyMap<Work, readonly Taken[]>): void {
  const all = [...taken.values()].flat();
  for (const name of ['edits', 'bytes'] as const) {
    const found = new Set(all.map(each => each[name]).filter(value => value !== undefined));
    if (found.size !== 1) throw new Error(`the works found different ${name}: ${[...found].join(', ')}`);
  }
}

function resultOf(
  name: string,
  work: Work,
  taken: ReadonlyMap<Work, readonly Taken[]>,
  events: number,
  input: Readonly<Record<string, string>>,
): BenchResult {
  const own = taken.get(work) ?? [];
  const speeds = sorted(own.map(({ ms }) => events / ms));
  /** Of each round: how many times as fast it is, or how little processor time it takes. */
  const ratios = (baseline: Work, of: (each: Taken) => number): number[] =>
    sorted(
      (taken.get(baseline) ?? []).flatMap((each, round) => {
        const mine = own[round];
        return mine === undefined ? [] : [of(each) / of(mine)];
      }),
    );
  const wall = BASELINES.map(([baseline, title]) => [title, ratios(baseline, ({ ms }) => ms)] as const);
  const busy = quantile(sorted(own.map(({ ms, cpuMs }) => cpuMs / ms)), 0.5);
  const cpu = BASELINES.map(([baseline, title]) => [title, ratios(baseline, ({ cpuMs }) => cpuMs)] as const);
  return {
    name,
    unit: 'thousand events a second',
    median: quantile(speeds, 0.5),
    low: quantile(speeds, 0),
    high: quantile(speeds, 1),
    ratios: Object.fromEntries(wall.map(([title, all]) => [title, quantile(all, 0.5)])),
    peakMb: Math.max(...own.map(({ peakMb }) => peakMb)),
    figures: {
      ...input,
      ...Object.fromEntries(wall.map(([title, all]) => [`× ${title}, lowest and highest`, range(all)])),
      ...Object.fromEntries(
        cpu.map(([title, all]) => [
          `× ${title}, by processor time`,
          `${quantile(all, 0.5).toFixed(2)} (${range(all)})`,
        ]),
      ),
      'cores that it kept busy': busy.toFixed(2),
    },
    limit: limitOf(busy),
  };
}

/** @param busy cores, on average */
function limitOf(busy: number): string {
  if (busy < 0.9)
    return 'other processes: it waited for a core most of the time, so only the ratios by processor time say something';
  if (busy < 1.1) return 'one core, which gunzip and the reading of lines shared: no second one was free';
  return 'the slower of two threads, gunzip or the reading of lines: they overlap';
}

function sorted(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b);
}

function range(values: readonly number[]): string {
  return `${quantile(values, 0).toFixed(2)} to ${quantile(values, 1).toFixed(2)}`;
}
