/** Every error is a problem document. @see RFC 9457 */
import { Type } from 'typebox';
import type { Static } from 'typebox';

export const PROBLEM_JSON = 'application/problem+json';

export const WrongParameter = Type.Object(
  {
    parameter: Type.String({ examples: ['minutes'] }),
    got: Type.Union([Type.String(), Type.Null()], {
      description: 'The value received; null when it was missing.',
    }),
    expected: Type.String({ examples: ['a whole number from 1 to 527040'] }),
    example: Type.String({ examples: ['minutes=180'] }),
  },
  { additionalProperties: false },
);
export type WrongParameter = Static<typeof WrongParameter>;

export const Problem = Type.Object(
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
        examples: ['urn:wikigauge:request:3f2a7c1e-9d4b-4c7e-8a51-6b0d2f9e4c13'],
      }),
    ),
    errors: Type.Optional(Type.Array(WrongParameter, { description: 'Every invalid parameter.' })),
  },
  // With an id, so that the OpenAPI description contains it once.
  { $id: 'Problem', additionalProperties: false },
);
export type Problem = Static<typeof Problem>;

export function problemResponse(description: string) {
  return { description, content: { [PROBLEM_JSON]: { schema: Type.Ref('Problem') } } };
}

/** A response by the name of its schema. */
export function jsonResponse(description: string, name: string) {
  return { description, content: { 'application/json': { schema: Type.Ref(name) } } };
}

/** Error responses of every route that reads gold. */
export const readProblems = {
  500: problemResponse('Internal error; the log of the service has the reason.'),
  503: problemResponse('Gold is unavailable; retry later.'),
};

/** The response to an invalid parameter. */
export const parameterProblem = { 400: problemResponse('A parameter is invalid.') };

/** The response to a name that no wiki has. */
export const unknownWikiProblem = { 404: problemResponse('No wiki has this name.') };
