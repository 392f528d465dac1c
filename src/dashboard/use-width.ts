/** The width of the page as state: it decides how many buckets can be told apart. */
import { useEffect, useState } from 'preact/hooks';

/** CSS pixels. */
export function useWidth(): number {
  const [width, setWidth] = useState(() => document.documentElement.clientWidth);
  useEffect(() => {
    const look = (): void => setWidth(document.documentElement.clientWidth);
    addEventListener('resize', look);
    return () => removeEventListener('resize', look);
  }, []);
  return width;
}
