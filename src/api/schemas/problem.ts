/** Every error is a problem document. @see RFC 9457 */
import { Type } from 'typebox';
import type { Static } from 'typebox';

export const PROBLEM_JSON = 'application/problem+json';

export const WrongParameter = Type.Object(
  {
    parameter: Type.String({ examples: ['minutes'] }),
    got: Type.Union([Type.String(), Type.Null()], { description: 'What came; null when it was missing.' }),
    expected: Type.String({ examples: ['a whole number from 1 to 527040'] }),
    example: Type.String({ examples: ['minutes=180'] }),
  },
  { additionalProperties: false },
);
export type WrongParameter = Static<typeof WrongParameter>;

export const Problem = Type.Object(
  {
    type: Type.String({ description: 'A URI of the kind of problem; about:blank: the status says it all.' }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String({ description: 'What happened this time, and what to change.' }),
    errors: Type.Optional(Type.Array(WrongParameter, { description: 'Every parameter that is wrong.' })),
  },
  // Shared under this name: the OpenAPI description states it once.
  { $id: 'Problem', additionalProperties: false },
);
export type Problem = Static<typeof Problem>;

function problemResponse(description: string) {
  return { description, content: { [PROBLEM_JSON]: { schema: Type.Ref('Problem') } } };
}

/** Responses that a route which reads gold can give besides its own. */
export const readProblems = {
  500: problemResponse('An error of this service; its log has the reason.'),
  503: problemResponse('Gold does not answer; the same request can succeed later.'),
};

/** The response to a wrong parameter. */
export const parameterProblem = { 400: problemResponse('A parameter is wrong.') };
