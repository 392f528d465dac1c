/**
 * Asks for the range again while ingest may be catching up with minutes that no event is about: the live feed has the last
 * hour alone.
 */
import { useEffect } from 'preact/hooks';
import type { Model } from './model.ts';

/** What the live feed has, with a minute to spare. */
const LIVE_SEC = 61 * 60;
const EVERY_MS = 5_000;
/** The first catching up of a demo takes a minute; what is not read after two stays so. */
const MOST_TIMES = 24;

/** @param query that the model answers; undefined while the page does not listen, or the range is frozen */
export function useCatchingUp(
  query: unknown,
  model: Pick<Model, 'unread'> | undefined,
  nowSec: number,
  reload: () => void,
): void {
  const isBehind =
    model?.unread.some(({ kind, from }) => kind !== 'pending' && from < nowSec - LIVE_SEC) ?? false;
  useEffect(() => {
    if (query === undefined || !isBehind) return undefined;
    let left = MOST_TIMES;
    const timer = setInterval(() => {
      reload();
      left -= 1;
      if (left === 0) clearInterval(timer);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [query, isBehind]);
}
