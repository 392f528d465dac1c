/** ⑧ A segment of `GET /api/v1/coverage` by the page's standings. Pure. */
import type { Coverage } from './api-client.ts';
import type { Standing } from './knowledge.ts';

export function standingOf({ state, reason }: Coverage['segments'][number]): Standing {
  switch (state) {
    case 'final':
      return { kind: 'full' };
    case 'provisional':
      return { kind: 'provisional' };
    case 'pending':
      return { kind: 'counting' };
    case 'gap':
      return { kind: 'gap' };
    case 'unread':
      if (reason === 'not_yet') return { kind: 'counting' };
      return { kind: 'unread', why: reason === 'filter' || reason === 'retention' ? reason : 'never' };
  }
  return state satisfies never;
}
