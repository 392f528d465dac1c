/** ⑦ `GET /api/v1/wikis`: finds wikis by name, and shows how busy they are. */
import { DEFAULT_WIKIS } from '../../contracts/limits.ts';
import { findWikis } from '../../core/find-wikis.ts';
import { isoSeconds } from '../../core/time.ts';
import { listedWikis, wikiInfo } from '../../core/wiki-names.ts';
import type { WikiInfo } from '../../core/wiki-names.ts';
import type { WikiActivity } from '../../gold/gold-store.ts';
import { leaving } from '../leaving.ts';
import { wrongParameter } from '../plugins/parameters.ts';
import { endOfMinute, firstMinute } from '../range.ts';
import { rounded } from '../rounded.ts';
import type { ApiRoutes } from '../route-context.ts';
import { parameterProblem, readProblems } from '../schemas/problem.ts';
import { DEFAULT_WINDOW, WikiList, WikiListQuery } from '../schemas/wiki-list.ts';
import type { Wiki } from '../schemas/wiki-list.ts';
import { readSparklines } from '../sparklines.ts';
import { wikiFactors } from '../wiki-factors.ts';
import { within } from '../within.ts';

/** What is usual is read once an hour. Until it is there, answers do not wait longer. */
const FACTORS_LIMIT_MS = 1_000;

type Activities = ReadonlyMap<string, WikiActivity>;

export const wikiListRoutes: ApiRoutes = (app, { gold, now, keptWikis, usual, latenessMs }) => {
  const schema = {
    tags: ['counts'],
    operationId: 'findWikis',
    summary: 'Wikis with their names and their activity',
    querystring: WikiListQuery,
    response: { 200: WikiList, ...parameterProblem, ...readProblems },
  };
  app.get('/api/v1/wikis', { schema }, async (request, reply) => {
    const {
      q = '',
      sort = 'activity',
      window = DEFAULT_WINDOW,
      limit = DEFAULT_WIKIS,
      sparkline,
      after,
    } = request.query;
    if (after !== undefined && sort !== 'name') throw onlyByName(after);
    const nowMs = now();
    const range = [firstMinute(nowMs, minutesOf(window)), endOfMinute(nowMs)] as const;
    const counted = await gold.activity(...range);
    const activities = new Map(counted.map(activity => [activity.wiki, activity]));
    const found = findWikis(shownWikis(keptWikis, activities), q);
    const sorted = found.sort(sort === 'name' ? byName : byActivity(activities));
    const rest = after === undefined ? sorted : sorted.filter(({ wiki }) => wiki > after);
    const listed = rest.slice(0, limit);
    const names = listed.map(({ wiki }) => wiki);
    const factors = await within(wikiFactors(names, range, { gold, usual }), FACTORS_LIMIT_MS);
    const deps = { gold, keptWikis, latenessMs, nowMs, stopSignal: leaving(reply) };
    const lines = sparkline === undefined ? undefined : await readSparklines(names, sparkline, deps);
    return listed.map(info => {
      const { wiki } = info;
      const line = lines?.get(wiki);
      const item = toItem(info, activities.get(wiki), factors?.get(wiki));
      return line === undefined ? item : { ...item, sparkline: line };
    });
  });
};

/** With a filter, the other wikis of Wikimedia are nobody's concern here. */
function shownWikis(keptWikis: readonly string[], activities: Activities): WikiInfo[] {
  const open = listedWikis()
    .filter(({ isClosed }) => !isClosed)
    .map(({ wiki }) => wiki);
  const names = new Set([...(keptWikis.length > 0 ? keptWikis : open), ...activities.keys()]);
  return [...names].map(wikiInfo);
}

function byName(a: WikiInfo, b: WikiInfo): number {
  return a.wiki < b.wiki ? -1 : 1;
}

/** Most edits first, then the latest edit, then by name. */
function byActivity(activities: Activities): (a: WikiInfo, b: WikiInfo) => number {
  const edits = ({ wiki }: WikiInfo): number => editsOf(activities.get(wiki));
  const last = ({ wiki }: WikiInfo): number => activities.get(wiki)?.lastMinute ?? 0;
  return (a, b) => edits(b) - edits(a) || last(b) - last(a) || byName(a, b);
}

function editsOf(activity: WikiActivity | undefined): number {
  return activity === undefined ? 0 : activity.human + activity.bot;
}

function toItem(info: WikiInfo, activity: WikiActivity | undefined, factor: number | undefined): Wiki {
  const { wiki, english, own, language, project, domain, isClosed } = info;
  const edits = editsOf(activity);
  return {
    wiki,
    names: { english, own },
    ...(language !== undefined && { language }),
    ...(project !== undefined && { project }),
    ...(domain !== undefined && { domain }),
    ...(isClosed && { closed: true }),
    edits,
    ...(activity !== undefined && {
      ...(edits > 0 && { botShare: Math.round((1_000 * activity.bot) / edits) / 1_000 }),
      lastEdit: isoSeconds(activity.lastMinute),
    }),
    ...(factor !== undefined && { factor: rounded(factor, 2) }),
  };
}

/** Of `60m` or `24h`. */
function minutesOf(window: string): number {
  const number = Number(window.slice(0, -1));
  return window.endsWith('h') ? number * 60 : number;
}

function onlyByName(after: string): Error {
  const expected = 'no such parameter unless the wikis are sorted by name: their order by activity changes';
  return wrongParameter('after', after, expected, `sort=name&after=${after}`);
}
