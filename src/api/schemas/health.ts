/** Response of `GET /healthz`. */
import { Type } from 'typebox';

export const Healthy = Type.Object(
  { ok: Type.Literal(true) },
  { additionalProperties: false, description: 'Gold responds.' },
);

export const Unhealthy = Type.Object(
  { ok: Type.Literal(false), error: Type.String({ examples: ['gold is unavailable (ECONNREFUSED)'] }) },
  { additionalProperties: false, description: 'Gold does not respond.' },
);
