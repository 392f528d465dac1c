/** Every error is a problem document. @see RFC 9457 */
import { STATUS_CODES } from 'node:http';
import { Type } from 'typebox';
import type { Static, TSchema } from 'typebox';
import { named } from './named.ts';

export const PROBLEM_JSON = 'application/problem+json';

const INSTANCE = 'urn:wikigauge:request:3f2a7c1e-9d4b-4c7e-8a51-6b0d2f9e4c13';

export const WrongParameter = named(
  'WrongParameter',
  {
    parameter: Type.String({ examples: ['minutes'] }),
    got: Type.Union([Type.String(), Type.Null()], {
      description: 'The value received; null when it was missing.',
    }),
    expected: Type.String({ examples: ['a whole number from 1 to 527040'] }),
    example: Type.String({ examples: ['minutes=180'] }),
  },
  {
    description: 'One invalid parameter or field.',
    examples: [
      {
        parameter: 'minutes',
        got: '0',
        expected: 'a whole number from 1 to 527040',
        example: 'minutes=180',
      },
    ],
  },
);
export type WrongParameter = Static<typeof WrongParameter>;

export const Problem = named(
  'Problem',
  {
    type: Type.String({
      description: 'URI of the kind of problem; `about:blank` when the status code says everything.',
    }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String({ description: 'What happened, and what to change.' }),
    instance: Type.Optional(
      Type.String({
        description: 'URN with the id of the request, which the log has too.',
        examples: [INSTANCE],
      }),
    ),
    errors: Type.Optional(Type.Array(WrongParameter, { description: 'Every invalid parameter.' })),
  },
  {
    description: 'What went wrong (RFC 9457).',
    examples: [
      {
        type: 'urn:wikigauge:problem:wrong-parameter',
        title: 'Invalid parameter',
        status: 400,
        detail: 'minutes: expected a whole number from 1 to 527040, got "0". Example: minutes=180',
        instance: INSTANCE,
        errors: [
          {
            parameter: 'minutes',
            got: '0',
            expected: 'a whole number from 1 to 527040',
            example: 'minutes=180',
          },
        ],
      },
    ],
  },
);
export type Problem = Static<typeof Problem>;

/** @param example of its detail; absent: a parameter is invalid */
export function problemResponse(status: number, description: string, detail?: string) {
  const title = STATUS_CODES[status] ?? 'Error';
  const example: Problem =
    detail === undefined
      ? Problem.examples[0]
      : { type: 'about:blank', title, status, detail, instance: INSTANCE };
  return { description, content: { [PROBLEM_JSON]: { schema: Problem, example } } };
}

/** A response with a description of its own. */
export function jsonResponse<S extends TSchema>(description: string, schema: S) {
  return { description, content: { 'application/json': { schema: schema } } };
}

/** Error responses of every route that reads gold. */
export const readProblems = {
  500: problemResponse(
    500,
    'Internal error; the log of the service has the reason.',
    'Internal error; see the log of the service for the reason.',
  ),
  503: problemResponse(
    503,
    'Gold is unavailable; retry later.',
    'The counts are temporarily unavailable. Try again in a few seconds.',
  ),
};

/** The response to an invalid parameter. */
export const parameterProblem = { 400: problemResponse(400, 'A parameter is invalid.') };

/** The response to a name that no wiki has. */
export const unknownWikiProblem = {
  404: problemResponse(
    404,
    'No wiki has this name.',
    'No wiki is named nosuchwiki. GET /api/v1/wikis?q=german finds wikis.',
  ),
};
