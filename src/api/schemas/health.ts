/** Response of `GET /healthz`. */
import { Type } from 'typebox';
import { named } from './named.ts';

export const Healthy = named(
  'Healthy',
  { ok: Type.Literal(true) },
  { description: 'Gold responds.', examples: [{ ok: true }] },
);

export const Unhealthy = named(
  'Unhealthy',
  { ok: Type.Literal(false), error: Type.String({ examples: ['gold is unavailable (ECONNREFUSED)'] }) },
  {
    description: 'Gold does not respond.',
    examples: [{ ok: false, error: 'gold is unavailable (ECONNREFUSED)' }],
  },
);
