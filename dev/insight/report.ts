/** What a run found, as the text that stands in docs/anomalies.md. Pure. */
import { tableOf } from '../costs/markdown.ts';
import type { NamedCauses } from './causes.ts';
import type { Cost } from './cost.ts';
import type { Dispersion } from './dispersion.ts';
import type { StoryOutcome, Verdict } from './judge.ts';
import { ANSWERS } from './stories.ts';
import type { UniverseSize } from './universe.ts';

/** The dispersion of a capture, in spans of some seconds. */
export interface CapturedDispersion {
  readonly capture: string;
  readonly account: string;
  readonly spanSec: number;
  readonly found: Dispersion;
}

export interface Report {
  readonly size: UniverseSize;
  readonly verdict: Verdict;
  readonly dispersions: readonly CapturedDispersion[];
  readonly causes: readonly NamedCauses[];
  readonly cost: Cost;
  readonly machine: string;
}

const ANSWER_TEXT = {
  mark: 'an anomaly of its wiki',
  event: 'one event of many wikis',
  quiet: 'quiet hours',
  nothing: 'nothing',
} as const;

export function reportText({ size, verdict, dispersions, causes, cost, machine }: Report): string {
  const { falseEvents, falseAWeek, falseQuiet, events, stories, missed } = verdict;
  const toFind = stories.filter(({ kind }) => ANSWERS[kind] !== 'nothing');
  const planted = sumOf(toFind, ({ planted }) => planted);
  const found = sumOf(toFind, ({ found }) => found);
  return `\`npm run insight -- --seed ${size.seed} --write\` plants stories in ${size.weeks} weeks of ${size.wikis} wikis and wrote these figures.

${tableOf(
  ['story', 'what it should be', 'planted', 'found', 'minutes until noticed, median', 'at most'],
  stories.map(outcome => rowOf(outcome)),
)}

- **Recall**: ${found} of ${planted} stories (${percent(found, planted)}).${missed.length === 0 ? '' : ` Missed: ${missedText(verdict)}.`}
- **Precision**: ${events - falseEvents.length} of ${events} marks belong to a story (${percent(events - falseEvents.length, events)}). The others are ${falseAWeek.toFixed(2)} a week, for all wikis together, people and bots.
- **Reasons**: the explanation names the cause in ${sumOf(causes, ({ named }) => named)} of ${sumOf(causes, ({ planted }) => planted)} wikis with a story of the simulated stream (${causes.map(({ kind, planted, named }) => `${kind} ${named} of ${planted}`).join(', ')}).
- **Quiet** without an outage: ${falseQuiet.length === 0 ? 'no hour' : `${falseQuiet.length} hours`}, of any wiki.

How much captured events vary: the variance of the edits in equal spans of time, divided by their mean. 1 is chance alone.

${tableOf(
  ['capture', 'edits by', 'seconds', 'mean', 'spans', 'dispersion'],
  dispersions.map(({ capture, account, spanSec, found }) => [
    capture,
    account,
    String(spanSec),
    found.mean.toFixed(1),
    String(found.spans),
    found.dispersion.toFixed(1),
  ]),
)}

CPU time, on ${machine}: ${Math.ceil(cost.expectationMs)} ms for the expectation of a week of five wikis, ${Math.ceil(cost.detectionMs)} ms for a look at 1,000 wikis.
`;
}

function rowOf({ kind, planted, found, minutes }: StoryOutcome): readonly string[] {
  const answer = ANSWERS[kind];
  const median = minutes[Math.floor((minutes.length - 1) / 2)];
  const last = minutes.at(-1);
  return [
    kind,
    ANSWER_TEXT[answer],
    String(planted),
    answer === 'nothing' ? '–' : String(found),
    median === undefined ? '–' : String(Math.round(median)),
    last === undefined ? '–' : String(Math.round(last)),
  ];
}

function missedText({ missed }: Verdict): string {
  const kinds = new Map<string, number>();
  for (const { kind } of missed) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return [...kinds].map(([kind, count]) => `${count} × ${kind}`).join(', ');
}

function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}

function percent(part: number, whole: number): string {
  return whole === 0 ? 'none' : `${((100 * part) / whole).toFixed(1)} %`;
}
