/** The clock as state, for texts such as "3 s ago". Pauses while the tab is hidden. */
import { useEffect, useState } from 'preact/hooks';

/** Epoch ms, updated every second. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    let timer: ReturnType<typeof setInterval> | undefined;
    const follow = (): void => {
      clearInterval(timer);
      setNow(Date.now());
      timer = document.hidden ? undefined : setInterval(() => setNow(Date.now()), 1000);
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', follow);
    };
  }, []);
  return now;
}
