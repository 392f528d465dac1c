/** `wikigauge insight`: plants stories in simulated wikis, and says which of them the detector finds. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { badFlag } from '../../src/commands/bad-flag.ts';
import { nameCauses } from '../insight/causes.ts';
import { measureCost } from '../insight/cost.ts';
import { capturedEdits, dispersionOf } from '../insight/dispersion.ts';
import { judge } from '../insight/judge.ts';
import { withMeasured } from '../insight/page.ts';
import { reportText } from '../insight/report.ts';
import type { CapturedDispersion } from '../insight/report.ts';
import { observe } from '../insight/universe.ts';
import { machine } from '../machine.ts';

export interface InsightFlags {
  readonly seed?: string;
  readonly weeks?: string;
  readonly wikis?: string;
  readonly write?: boolean;
}

const PAGE = join('docs', 'anomalies.md');
const CAPTURES = join('test', 'fixtures', 'recentchange');
/** Captures without gaps, of at least a minute. */
const COMPLETE = [
  'enwiki-edits-2023-07-29.ndjson',
  'eqiad-2024-08-22T0402Z.ndjson',
  'eqiad-2025-05-03.ndjson',
];
const SPANS_SEC = [1, 5, 15];
/** Hours of the simulated stream whose stories are explained. */
const CAUSE_HOURS = 4;
/** Parameters were chosen on seed 1. */
const DEFAULTS = { seed: 2, weeks: 13, wikis: 300 };

export async function insightCommand(flags: InsightFlags): Promise<void> {
  const size = {
    seed: numberOf('--seed', flags.seed, DEFAULTS.seed, { least: 0, most: 2 ** 31 }),
    weeks: numberOf('--weeks', flags.weeks, DEFAULTS.weeks, { least: 1, most: 52 }),
    wikis: numberOf('--wikis', flags.wikis, DEFAULTS.wikis, { least: 10, most: 300 }),
  };
  const dispersions = await capturedDispersions();
  const cost = measureCost(size.seed);
  const causes = nameCauses(size.seed, CAUSE_HOURS);
  const found = observe(size, done => {
    if (done % 25 === 0) console.error(`${done} of ${size.wikis} wikis`);
  });
  const verdict = judge(found);
  const text = reportText({ size, verdict, dispersions, causes, cost, machine: machine() });
  console.log(`\n${text}`);
  for (const { kind, from, wikis } of verdict.missed)
    console.log(`missed: ${kind} at ${isoOf(from)} in ${[...(wikis ?? ['all wikis'])].join(', ')}`);
  for (const event of verdict.falseEvents) {
    const [first] = event.kind === 'one_wiki' ? [event.anomaly] : event.anomalies;
    if (first === undefined) continue;
    const { wiki, account, peak } = first;
    console.log(
      `false: ${wiki}, ${account}s, at ${isoOf(peak.from)}: ${peak.edits} edits in ${(peak.to - peak.from) / 60} minutes, ${peak.expected.toFixed(1)} expected`,
    );
  }
  if (flags.write !== true) return;
  await writeFile(PAGE, withMeasured(await readFile(PAGE, 'utf8'), text));
  console.log(`wrote ${PAGE}`);
}

async function capturedDispersions(): Promise<readonly CapturedDispersion[]> {
  const all: CapturedDispersion[] = [];
  for (const capture of COMPLETE) {
    const edits = capturedEdits((await readFile(join(CAPTURES, capture), 'utf8')).split('\n'));
    for (const account of ['people', 'bots']) {
      const ours = edits.filter(({ isBot }) => isBot === (account === 'bots'));
      for (const spanSec of SPANS_SEC) {
        const found = dispersionOf(ours, spanSec);
        if (found !== undefined) all.push({ capture, account, spanSec, found });
      }
    }
  }
  return all;
}

function isoOf(second: number): string {
  return new Date(second * 1000).toISOString().slice(0, 16);
}

function numberOf(
  flag: string,
  given: string | undefined,
  fallback: number,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  if (given === undefined) return fallback;
  const value = Number(given);
  if (!Number.isInteger(value) || value < least || value > most)
    throw badFlag(flag, `a whole number from ${least} to ${most}`, given, `${flag} ${fallback}`);
  return value;
}
