/** ⑦ `GET /api/v1/hours`: what the rebuilds of hours found; `GET /api/v1/hours/{hour}`: the certificate of one. */
import { DEFAULT_LISTED_HOURS } from '../../contracts/limits.ts';
import { HOUR_MS, floorHourMs, hourStartMs, isoMs, isoSeconds } from '../../core/time.ts';
import type { HourExpectation } from '../../contracts/storage/hour-expectation.ts';
import type { AuditedHour as StoredHour, GoldReader } from '../../gold/gold-store.ts';
import { certificateOf } from '../hour-certificate.ts';
import { HttpProblem } from '../http-problem.ts';
import { leaving } from '../leaving.ts';
import { wrongParameter } from '../plugins/parameters.ts';
import { rangeAsked } from '../range.ts';
import type { ApiRoutes } from '../route-context.ts';
import { HourCertificate, HourParameters } from '../schemas/hour-certificate.ts';
import { shownExpectation } from '../shown-expectation.ts';
import { AuditedHours, HoursQuery } from '../schemas/hours.ts';
import type { AuditedHour } from '../schemas/hours.ts';
import { jsonResponse, parameterProblem, problemResponse, readProblems } from '../schemas/problem.ts';

const WEEK_MINUTES = 7 * 24 * 60;
/** Longer pages wait for their turn: gold in S3 reads every hour. */
const CHEAP_MINUTES = 24 * 60;

export const hoursRoutes: ApiRoutes = (app, { gold, now, questions }) => {
  const schema = {
    tags: ['counts'],
    operationId: 'listHours',
    summary: 'What the rebuilds of hours found',
    querystring: HoursQuery,
    response: { 200: jsonResponse('One page.', AuditedHours), ...parameterProblem, ...readProblems },
  };
  app.get('/api/v1/hours', { schema }, async (request, reply) => {
    const { limit = DEFAULT_LISTED_HOURS, after } = request.query;
    const [start, end] = rangeAsked(request.query, now(), WEEK_MINUTES);
    const firstHour = floorHourMs(start * 1000) / 1000;
    const before = after === undefined ? end : Math.min(end, startOf(after));
    const asked = { minutes: limit * 60, cheapMinutes: CHEAP_MINUTES, left: leaving(reply) };
    return questions.answer(asked, async () => {
      const found = before <= firstHour ? [] : await gold.audits(firstHour, before, limit + 1);
      const listed = found.slice(0, limit);
      const expectations = await expectationsOf(listed, gold);
      const hours = listed.map(hour => shown(hour, expectations.get(hour.hour)));
      const next = found.length > limit ? hours.at(-1)?.hour : undefined;
      return { hours, ...(next !== undefined && { next }) } satisfies AuditedHours;
    });
  });

  app.get(
    '/api/v1/hours/:hour',
    {
      schema: {
        tags: ['counts'],
        operationId: 'readHourCertificate',
        summary: 'What the counts of an hour are from, in a form that one can cite',
        params: HourParameters,
        response: {
          200: jsonResponse('The certificate.', HourCertificate),
          ...parameterProblem,
          404: problemResponse(
            404,
            'Nobody has read, counted or missed this hour.',
            'Gold knows nothing of 2001-01-15T00: no part of it was counted, and no record tells that it was read. Hours are listed at /api/v1/hours',
          ),
          ...readProblems,
        },
      },
    },
    async request => {
      const { hour } = request.params;
      const startMs = hourStartMs(hour);
      if (startMs === undefined)
        throw wrongParameter('hour', hour, 'an hour that exists', 'hour=2026-11-20T10');
      const [from, to] = [startMs / 1000, (startMs + HOUR_MS) / 1000];
      const [record, reads, coverage, gaps, keptFrom, [expectation]] = await Promise.all([
        gold.hourRecord(hour),
        gold.reads(from, to),
        gold.coverage(from),
        gold.gaps(from),
        gold.keptFrom(),
        gold.expectations(from, to),
      ]);
      const certificate = certificateOf(hour, { record, reads, coverage, gaps, keptFrom, expectation });
      if (certificate === undefined)
        throw new HttpProblem(
          404,
          `Gold knows nothing of ${hour}: no part of it was counted, and no record tells that it was read. Hours are listed at /api/v1/hours`,
        );
      return certificate;
    },
  );
};

function startOf(after: string): number {
  const startMs = hourStartMs(after);
  if (startMs === undefined)
    throw wrongParameter('after', after, 'the value of next of the page before', 'after=2026-11-20T10');
  return startMs / 1000;
}

/** By hour. */
async function expectationsOf(
  listed: readonly StoredHour[],
  gold: Pick<GoldReader, 'expectations'>,
): Promise<ReadonlyMap<string, HourExpectation>> {
  const [last, first] = [listed.at(0), listed.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  const found = await gold.expectations(startOf(first.hour), startOf(last.hour) + 1);
  return new Map(found.map(expectation => [expectation.hour, expectation]));
}

function shown(
  { hour, audit, rebuiltAt, hasDigests }: StoredHour,
  expectation: HourExpectation | undefined,
): AuditedHour {
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
    ...(expectation !== undefined && { expectation: shownExpectation(expectation) }),
  };
}
