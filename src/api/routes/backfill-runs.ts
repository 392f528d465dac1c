/**
 * ⑦ The runs of backfills: `GET /api/v1/backfills/runs` lists them; `POST /api/v1/backfills` starts one, and
 * `/api/v1/backfills/{id}/pause`, `/resume` and `/cancel` control it, for those who have ADMIN_TOKEN.
 */
import { ApplicationFailure } from '@temporalio/common';
import {
  BACKFILL_EXAMPLE,
  BACKFILL_FIELDS,
  readBackfillInput,
} from '../../contracts/temporal/backfill-input.ts';
import type { BackfillInput as ReadInput } from '../../contracts/temporal/backfill-input.ts';
import { ALL_WIKIS } from '../../core/wiki-name.ts';
import { isObject } from '../../core/json.ts';
import type {
  BackfillRun as StoredRun,
  Control,
  Controlled,
  RunsQuestion,
} from '../../temporal/backfill-runs.ts';
import { adminOnly } from '../admin.ts';
import { HttpProblem } from '../http-problem.ts';
import { LIVE } from '../plugins/not-modified.ts';
import { WrongParameters, wrongParameter } from '../plugins/parameters.ts';
import type { ApiRoutes } from '../route-context.ts';
import { progressIn } from '../running-backfill.ts';
import {
  BackfillInput,
  BackfillRuns,
  ControlledBackfill,
  RunParameters,
  RunsQuery,
  StartedBackfill,
} from '../schemas/backfill-runs.ts';
import type { BackfillRun } from '../schemas/backfill-runs.ts';
import { jsonResponse, parameterProblem, problemResponse } from '../schemas/problem.ts';

const DEFAULT_LIMIT = 20;
const tags = ['backfills'];
const away = {
  503: problemResponse(
    503,
    'Temporal does not answer; retry later.',
    'Temporal does not answer at the moment. Try again in a few seconds.',
  ),
};
const denied = {
  401: problemResponse(401, 'The token is missing or wrong.', 'The token is not the value of ADMIN_TOKEN.'),
  403: problemResponse(
    403,
    'No token is set, or the request comes from a page of another origin.',
    'Nobody may change anything over this API, because ADMIN_TOKEN is not set. Set it, restart the API, and send it as “Authorization: Bearer …”.',
  ),
};
const security = [{ adminToken: [] }];
/** What a run that could not do it in time will do. */
const LATER = { pause: 'pausing', resume: 'resuming', cancel: 'cancelling' };

export const backfillRunsRoutes: ApiRoutes = (app, { backfills, adminToken }) => {
  const onRequest = adminOnly(adminToken);

  app.get(
    '/api/v1/backfills/runs',
    {
      config: LIVE,
      schema: {
        tags,
        operationId: 'listBackfillRuns',
        summary: 'Backfills that run, with their progress, and those that have ended',
        querystring: RunsQuery,
        response: { 200: jsonResponse('One page.', BackfillRuns), ...parameterProblem, ...away },
      },
    },
    async request => {
      const { status = 'all', limit = DEFAULT_LIMIT, after } = request.query;
      const page = await backfills.list({ status: status as RunsQuestion['status'], limit, after });
      if (page.kind === 'no_such_page')
        throw wrongParameter(
          'after',
          after ?? null,
          'the value of next of the page before',
          'leave it out for the first page',
        );
      const { runs, next } = page;
      return { runs: runs.map(shownRun), ...(next !== undefined && { next }) };
    },
  );

  app.post(
    '/api/v1/backfills',
    {
      onRequest,
      schema: {
        tags,
        operationId: 'startBackfill',
        summary: 'Starts a backfill',
        security,
        body: BackfillInput,
        response: {
          201: jsonResponse('It has started.', StartedBackfill),
          400: problemResponse(400, 'The input is wrong: which field, what it got, and an example.'),
          ...denied,
          ...away,
        },
      },
    },
    async (request, reply) => {
      const body: unknown = request.body ?? {};
      const { from, to, source, wikis } = readBody(body);
      const id = await backfills.start(isObject(body) ? body : {});
      const started = { id, from, to, source, ...(wikis !== undefined && { wikis: [...wikis] }) };
      return reply.code(201).send(started satisfies StartedBackfill);
    },
  );

  const controls: readonly (readonly [Control, string])[] = [
    ['pause', 'Finishes the windows under way, then waits'],
    ['resume', 'Goes on where it paused'],
    ['cancel', 'Counts what was fetched, then ends'],
  ];
  for (const [control, summary] of controls) {
    const schema = {
      tags,
      operationId: `${control}Backfill`,
      summary,
      security,
      params: RunParameters,
      response: {
        200: jsonResponse('It is done.', ControlledBackfill),
        202: jsonResponse('The run knows, and is still busy.', ControlledBackfill),
        ...denied,
        404: problemResponse(
          404,
          'No backfill has this id.',
          'No backfill has the id backfill-1. They are listed at /api/v1/backfills/runs',
        ),
        409: problemResponse(
          409,
          'It does not run any more.',
          'The backfill backfill-1 does not run any more: it is completed.',
        ),
        ...away,
      },
    };
    app.post(`/api/v1/backfills/:id/${control}`, { onRequest, schema }, async (request, reply) => {
      const { id } = request.params;
      const { status, state } = answerOf(await backfills.control(id, control), id, control);
      return reply.code(status).send({ id, state } satisfies ControlledBackfill);
    });
  }
};

/** @throws HttpProblem when it cannot say that it happened or will */
function answerOf(
  outcome: Controlled,
  id: string,
  control: Control,
): { readonly status: 200 | 202; readonly state: string } {
  switch (outcome.kind) {
    case 'done':
      return { status: 200, state: outcome.state };
    case 'accepted':
      return { status: 202, state: LATER[control] };
    case 'unknown':
      throw new HttpProblem(404, `No backfill has the id ${id}. They are listed at /api/v1/backfills/runs`);
    case 'ended':
      throw new HttpProblem(409, `The backfill ${id} does not run any more: it is ${outcome.status}.`);
    case 'unanswered':
      break;
  }
  throw new HttpProblem(
    503,
    `No worker has answered for the backfill ${id} in time. Start one, or try again: a busy one may still do it.`,
  );
}

function shownRun({ id, status, startedAt, endedAt, source, wikis, from, progress }: StoredRun): BackfillRun {
  const isForAll = wikis === undefined || wikis.includes(ALL_WIKIS);
  return {
    id,
    status,
    startedAt,
    ...(endedAt !== undefined && { endedAt }),
    ...(source !== undefined && { source }),
    ...(!isForAll && { wikis: [...wikis] }),
    ...(from !== undefined && { from }),
    ...(status === 'running' && { progress: progressIn(progress) }),
  };
}

/** @throws WrongParameters as the workflow would fail, before anything has started */
function readBody(body: unknown): ReadInput {
  try {
    return readBackfillInput(body);
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    throw wrongField(error, body);
  }
}

function wrongField({ message, details }: ApplicationFailure, body: unknown): WrongParameters {
  const [detail] = details ?? [];
  const name = isObject(detail) && typeof detail['field'] === 'string' ? detail['field'] : '';
  const field = Object.entries(BACKFILL_FIELDS).find(([known]) => known === name)?.[1];
  const got = name === '' ? body : isObject(body) ? body[name] : undefined;
  const fields = Object.keys(BACKFILL_FIELDS).join(', ');
  return new WrongParameters(
    [
      {
        parameter: name,
        got: got === undefined ? null : shortened(JSON.stringify(got)),
        expected: name === '' ? 'one JSON object' : (field?.expected ?? `one of the fields ${fields}`),
        example: JSON.stringify(BACKFILL_EXAMPLE),
      },
    ],
    message,
  );
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
