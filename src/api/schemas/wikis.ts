/** Query and response of `GET /wikis`. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { DEFAULT_WIKIS, MAX_WIKIS } from '../../contracts/limits.ts';

/** On every route that lists wikis. */
export const WikiLimit = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: MAX_WIKIS,
    default: DEFAULT_WIKIS,
    description: 'Maximum number of wikis to return.',
    examples: [DEFAULT_WIKIS],
  }),
);

export const WikisQuery = Type.Object({ limit: WikiLimit });

export const Wikis = Type.Array(Type.String(), {
  description: 'Database names, most recently active first.',
  examples: [['enwiki', 'commonswiki']],
});
/** Database names of wikis, most recently active first. */
export type Wikis = Static<typeof Wikis>;
