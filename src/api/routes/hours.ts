/** ⑦ `GET /api/v1/hours`: what the rebuilds of hours found. */
import { DEFAULT_LISTED_HOURS } from '../../contracts/limits.ts';
import { floorHourMs, hourStartMs, isoMs, isoSeconds } from '../../core/time.ts';
import type { AuditedHour as StoredHour } from '../../gold/gold-store.ts';
import { leaving } from '../leaving.ts';
import { wrongParameter } from '../plugins/parameters.ts';
import { rangeAsked } from '../range.ts';
import type { ApiRoutes } from '../route-context.ts';
import { AuditedHour, AuditedHours, HoursQuery } from '../schemas/hours.ts';
import { jsonResponse, parameterProblem, readProblems } from '../schemas/problem.ts';

const WEEK_MINUTES = 7 * 24 * 60;
/** Longer pages wait for their turn: gold in S3 reads every hour. */
const CHEAP_MINUTES = 24 * 60;

export const hoursRoutes: ApiRoutes = (app, { gold, now, questions }) => {
  for (const schema of [AuditedHour, AuditedHours]) app.addSchema(schema);
  const schema = {
    tags: ['counts'],
    operationId: 'listHours',
    summary: 'What the rebuilds of hours found',
    querystring: HoursQuery,
    response: { 200: jsonResponse('One page.', 'AuditedHours'), ...parameterProblem, ...readProblems },
  };
  app.get('/api/v1/hours', { schema }, async (request, reply) => {
    const { from, to, minutes, limit = DEFAULT_LISTED_HOURS, after } = request.query;
    const isRange = from !== undefined || to !== undefined || minutes !== undefined;
    const [start, end] = rangeAsked(isRange ? request.query : { minutes: WEEK_MINUTES }, now());
    const firstHour = floorHourMs(start * 1000) / 1000;
    const before = after === undefined ? end : Math.min(end, startOf(after));
    const asked = { minutes: limit * 60, cheapMinutes: CHEAP_MINUTES, left: leaving(reply) };
    return questions.answer(asked, async () => {
      const found = before <= firstHour ? [] : await gold.audits(firstHour, before, limit + 1);
      const hours = found.slice(0, limit).map(shown);
      const next = found.length > limit ? hours.at(-1)?.hour : undefined;
      return { hours, ...(next !== undefined && { next }) } satisfies AuditedHours;
    });
  });
};

function startOf(after: string): number {
  const startMs = hourStartMs(after);
  if (startMs === undefined)
    throw wrongParameter('after', after, 'the value of next of the page before', 'after=2026-11-20T10');
  return startMs / 1000;
}

function shown({ hour, audit, rebuiltAt, hasDigests }: StoredHour): AuditedHour {
  const { isSealed, distinct, covered, keptBefore, rebuiltAtMs: _, ...counts } = audit;
  return {
    hour,
    sealed: isSealed,
    rebuiltAt,
    parts: counts.parts,
    events: counts.events,
    edits: counts.edits,
    distinctEdits: distinct,
    duplicates: counts.duplicates,
    late: counts.late,
    unusable: counts.unusable,
    changedRows: counts.changedRows,
    gaps: counts.gaps,
    ...(covered !== undefined && { read: { from: isoMs(covered[0]), to: isoMs(covered[1]) } }),
    ...(keptBefore !== undefined && { olderRowsBefore: isoSeconds(keptBefore) }),
    digests: hasDigests,
  };
}
