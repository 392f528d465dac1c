/** Parts of the page whose script is loaded when they are first needed, so that the chart does not wait for it. */
import { useEffect, useState } from 'preact/hooks';
import type { FunctionComponent } from 'preact';

/** @param isDecoration nothing is said where its script cannot be loaded: the page is complete without it */
export function lazy<P extends object>(
  load: () => Promise<FunctionComponent<P>>,
  isDecoration = false,
): FunctionComponent<P> {
  let known: FunctionComponent<P> | undefined;
  return function Lazy(props: P) {
    const [Loaded, setLoaded] = useState(() => known);
    const [isMissing, setMissing] = useState(false);
    useEffect(() => {
      const show = async (): Promise<void> => {
        known ??= await load();
        setLoaded(() => known);
      };
      show().catch(() => setMissing(true));
    }, []);
    if (Loaded !== undefined) return <Loaded {...props} />;
    if (!isMissing || isDecoration) return null;
    return <p class="aside">This part of the page could not be loaded. Reload the page.</p>;
  };
}
