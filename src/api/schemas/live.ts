/** Query and events of `GET /api/v1/live`: the newest minutes as they come. */
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { SeveralWikis } from './wiki-name.ts';

export const LiveQuery = Type.Object({
  wiki: SeveralWikis,
});
export type LiveQuery = Static<typeof LiveQuery>;

const EXAMPLE = [
  'retry: 3000',
  '',
  'event: snapshot',
  'id: 5f0c2a91-1',
  'data: {"wiki":"enwiki","minutes":[{"ts":"2026-11-20T10:05:00Z","human":9,"bot":3,"bytes":-120,"state":"n"}]}',
  '',
  '',
].join('\n');

export const liveResponse = {
  description:
    'Server-sent events, until the client leaves. `snapshot`, one a wiki: the last 60 minutes. `minutes`, one a wiki: those of them that have changed; values are totals of a minute, not increments. ' +
    '`status`: how far everything is complete, when the newest event was sent, and whether the live feed comes (`live`) or is `lost`. ' +
    '`pipeline`: whether Temporal, ingest and the newest hours are well, with the fields that `GET /api/v1/pipeline` has, and `version`, which changes with the gaps, backfills and sources that other routes tell of. ' +
    'After a break, `Last-Event-ID` brings what has changed meanwhile.',
  content: { 'text/event-stream': { schema: Type.String(), example: EXAMPLE } },
};
