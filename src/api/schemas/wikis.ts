/** What `GET /wikis` takes and answers. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { DEFAULT_WIKIS, MAX_WIKIS } from '../../contracts/limits.ts';

export const WikisQuery = Type.Object({
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_WIKIS,
      default: DEFAULT_WIKIS,
      description: 'How many wikis to answer at most.',
      examples: [DEFAULT_WIKIS],
    }),
  ),
});

export const Wikis = Type.Array(Type.String(), {
  description: 'Database names, latest activity first.',
  examples: [['enwiki', 'commonswiki']],
});
/** Database names of wikis, latest activity first. */
export type Wikis = Static<typeof Wikis>;
