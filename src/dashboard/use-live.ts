/** A follower bound to a component. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { createFollower } from './follower.ts';
import type { Listening } from './follower.ts';
import { joinLive } from './share-live.ts';

/**
 * @param wikis the one of the page first; undefined: nothing is followed
 * @param reload asks for the range that is shown
 * @returns of this wiki
 */
export function useLive(wikis: readonly string[] | undefined, reload: () => void): Listening | undefined {
  const [listening, setListening] = useState<Listening>();
  const heard = useRef<Listening>(null);
  const names = wikis?.join(',');
  useEffect(() => {
    if (wikis === undefined) return undefined;
    const follower = createFollower({
      wikis,
      // The chart does not go back to what was stored while another wiki joins it.
      before: heard.current?.lives ?? [],
      join: joinLive,
      reload,
      onChange: now => {
        heard.current = now;
        setListening(now);
      },
      nowMs: Date.now,
      random: Math.random,
    });
    const look = (): void => follower.setHidden(document.hidden);
    look();
    document.addEventListener('visibilitychange', look);
    const timer = setInterval(() => follower.tick(), 1_000);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
      follower.stop();
    };
  }, [names]);
  return listening?.live.wiki === wikis?.[0] ? listening : undefined;
}
