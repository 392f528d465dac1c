/** ⑦ `GET /api/v1/anomalies`: when wikis had many more edits than usual, and why. */
import { MAX_ANOMALY_DAYS } from '../../contracts/limits.ts';
import type { RecordedAnomaly } from '../../contracts/storage/recorded-anomaly.ts';
import { isoSeconds } from '../../core/time.ts';
import { factorOf } from '../../core/usual/anomaly.ts';
import type { Counted } from '../../core/usual/anomaly.ts';
import { groupAnomalies } from '../../core/usual/group.ts';
import { ALL_WIKIS } from '../../core/wiki-name.ts';
import { needKnownWiki } from '../known-wiki.ts';
import { wrongParameter } from '../plugins/parameters.ts';
import { RANGE_EXAMPLES, rangeAsked } from '../range.ts';
import { rounded } from '../rounded.ts';
import type { ApiRoutes } from '../route-context.ts';
import { Anomalies, AnomaliesQuery } from '../schemas/anomalies.ts';
import type { Anomaly } from '../schemas/anomalies.ts';
import { jsonResponse, parameterProblem, readProblems, unknownWikiProblem } from '../schemas/problem.ts';

const WEEK_MINUTES = 7 * 24 * 60;
const DECIMALS = 1;
const MAX_SECONDS = MAX_ANOMALY_DAYS * 86_400;

export const anomaliesRoutes: ApiRoutes = (app, { gold, now }) => {
  const schema = {
    tags: ['counts'],
    operationId: 'listAnomalies',
    summary: 'When wikis had many more edits than usual',
    querystring: AnomaliesQuery,
    response: {
      200: jsonResponse('By start.', Anomalies),
      ...parameterProblem,
      ...unknownWikiProblem,
      ...readProblems,
    },
  };
  app.get('/api/v1/anomalies', { schema }, async request => {
    const { wiki = ALL_WIKIS, account = 'all' } = request.query;
    const [start, end] = rangeAsked(request.query, now(), WEEK_MINUTES);
    if (end - start > MAX_SECONDS) throw tooLong(request.query);
    if (wiki !== ALL_WIKIS) await needKnownWiki(wiki, gold);
    // Of every wiki, because others may belong to the same event.
    const found = await gold.anomalies({ from: start, to: end });
    const events = eventsOf(found);
    const anomalies = found
      .filter(one => wiki === ALL_WIKIS || one.wiki === wiki)
      .filter(one => account === 'all' || one.account === account)
      .map(one => shown(one, events));
    return { from: isoSeconds(start), to: isoSeconds(end), anomalies } satisfies Anomalies;
  });
};

/** The id of the event of each anomaly, by the id of the anomaly. */
function eventsOf(anomalies: readonly RecordedAnomaly[]): ReadonlyMap<string, string> {
  return new Map(
    groupAnomalies(anomalies).flatMap(event =>
      event.kind === 'one_wiki'
        ? [[event.anomaly.id, event.anomaly.id] as const]
        : event.anomalies.map(({ id }) => [id, event.id] as const),
    ),
  );
}

function shown(anomaly: RecordedAnomaly, events: ReadonlyMap<string, string>): Anomaly {
  const { id, wiki, account, from, to, noticedAt, countedTo, edits, expected, peak, reason } = anomaly;
  return {
    id,
    event: events.get(id) ?? id,
    wiki,
    account,
    from: isoSeconds(from),
    to: to === null ? null : isoSeconds(to),
    noticedAt: isoSeconds(noticedAt),
    countedTo: isoSeconds(countedTo),
    edits,
    expected: rounded(expected, DECIMALS),
    factor: rounded(factorOf({ edits, expected }), DECIMALS),
    peak: shownPeak(peak),
    ...(reason !== undefined && { reason: { ...reason } }),
  };
}

function shownPeak({ from, to, edits, expected }: Counted): Anomaly['peak'] {
  return {
    from: isoSeconds(from),
    to: isoSeconds(to),
    edits,
    expected: rounded(expected, DECIMALS),
    factor: rounded(factorOf({ edits, expected }), DECIMALS),
  };
}

function tooLong({ minutes, from }: { readonly minutes?: number; readonly from?: string }): Error {
  const expected = `at most ${MAX_ANOMALY_DAYS} days`;
  return minutes === undefined
    ? wrongParameter('from', from ?? null, `${expected} before to`, RANGE_EXAMPLES.from)
    : wrongParameter('minutes', String(minutes), expected, 'minutes=10080');
}
