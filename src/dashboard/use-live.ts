/** A follower bound to a component. */
import { useEffect, useState } from 'preact/hooks';
import { createFollower } from './follower.ts';
import type { Listening } from './follower.ts';
import { joinLive } from './share-live.ts';

/** @param wiki undefined: nothing is followed. @param reload asks for the range that is shown. @returns of this wiki */
export function useLive(wiki: string | undefined, reload: () => void): Listening | undefined {
  const [listening, setListening] = useState<Listening>();
  useEffect(() => {
    if (wiki === undefined) return undefined;
    const follower = createFollower({
      wiki,
      join: joinLive,
      reload,
      onChange: setListening,
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
  }, [wiki]);
  return listening?.live.wiki === wiki ? listening : undefined;
}
