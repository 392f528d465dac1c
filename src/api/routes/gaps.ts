/** ⑦ `GET /api/v1/gaps`: ranges where data is missing, so that they are not mistaken for minutes without edits. */
import { ALL_WIKIS } from '../../core/wiki-name.ts';
import { HOUR_MS, ceilHourMs, floorHourMs, isoSeconds } from '../../core/time.ts';
import { openGaps } from '../../core/gaps.ts';
import type { Gap as StoredGap } from '../../core/gaps.ts';
import type { ReadPipeline } from '../../temporal/pipeline-reader.ts';
import type { BackfillReading } from '../../temporal/running-backfills.ts';
import { firstMinute } from '../range.ts';
import type { ApiRoutes } from '../route-context.ts';
import { progressIn } from '../running-backfill.ts';
import { Gaps, GapsQuery } from '../schemas/gaps.ts';
import type { Gap } from '../schemas/gaps.ts';
import { parameterProblem, readProblems } from '../schemas/problem.ts';
import { shownGap } from '../shown-gap.ts';
import { within } from '../within.ts';

/** How long an answer waits for what runs. The next one, seconds later, finds it read. */
const RUNNING_LIMIT_MS = 1_000;

export const gapsRoutes: ApiRoutes = (app, { gold, now, keptWikis, pipeline }) => {
  const schema = {
    tags: ['counts'],
    operationId: 'listGaps',
    summary: 'Ranges where the source lost data',
    querystring: GapsQuery,
    response: { 200: Gaps, ...parameterProblem, ...readProblems },
  };
  app.get('/api/v1/gaps', { schema }, async request => {
    const { minutes, wiki } = request.query;
    const from = firstMinute(now(), minutes);
    const [gaps, coverage] = await Promise.all([gold.gaps(from), gold.coverage(from)]);
    const wikis = wiki === undefined ? keptWikis : [wiki];
    const open = openGaps(gaps, coverage, wikis);
    const backfills = open.length === 0 ? [] : await runningNow(pipeline);
    return open.map(gap => toGap(gap, backfills.find(one => willFill(one, gap, wikis))?.workflowId));
  });
};

function toGap(gap: StoredGap, running: string | undefined): Gap {
  return {
    ...shownGap(gap),
    backfill: {
      ...wholeHours(Date.parse(gap.from), Date.parse(gap.to)),
      ...(running !== undefined && { running }),
    },
  };
}

/** Backfills that run; none when Temporal does not say so in time, because gaps are known without it. */
async function runningNow(pipeline: ReadPipeline): Promise<readonly BackfillReading[]> {
  const reading = await within(pipeline(), RUNNING_LIMIT_MS);
  return reading === undefined || reading.kind === 'away' ? [] : (reading.backfills ?? []);
}

/** @param wikis that are asked about; empty: all */
function willFill({ wikis, progress }: BackfillReading, gap: StoredGap, asked: readonly string[]): boolean {
  const { from, to, state } = progressIn(progress);
  if (from === undefined || to === undefined || state === 'done') return false;
  const isForAll = wikis?.includes(ALL_WIKIS) === true;
  const isForThem = isForAll || (asked.length > 0 && asked.every(wiki => wikis?.includes(wiki)));
  return isForThem && Date.parse(from) <= Date.parse(gap.from) && Date.parse(to) >= Date.parse(gap.to);
}

/** The hours that a gap touches, and the command that fills them. At least one hour, even for a gap of zero length. */
function wholeHours(fromMs: number, toMs: number): Gap['backfill'] {
  const firstMs = floorHourMs(fromMs);
  const endMs = Math.max(ceilHourMs(toMs), firstMs + HOUR_MS);
  const from = isoSeconds(firstMs / 1000);
  const to = isoSeconds(endMs / 1000);
  return { from, to, command: `npm run backfill -- --from ${from} --to ${to}` };
}
