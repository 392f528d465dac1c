/** ⑧ Where a wiki lists its own changes. Pure. */
import { isoSeconds } from '../core/time.ts';

/** Older changes are not listed any more. */
const LISTED_SEC = 30 * 86_400;

/** The changes from a second on; undefined where the wiki does not list them any more. */
export function recentChangesUrl(domain: string, from: number, nowSec: number): string | undefined {
  if (nowSec - from > LISTED_SEC) return undefined;
  const query = new URLSearchParams({
    title: 'Special:RecentChanges',
    from: isoSeconds(from).replaceAll(/\D/g, ''),
    days: '30',
    limit: '500',
    hidebots: '0',
  });
  return `https://${domain}/w/index.php?${query.toString()}`;
}
