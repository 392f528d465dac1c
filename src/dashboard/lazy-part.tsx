/** A part of the page whose script is loaded when it is first shown. */
import { useEffect, useState } from 'preact/hooks';
import type { FunctionComponent } from 'preact';

export function lazyPart<P extends object>(load: () => Promise<FunctionComponent<P>>): FunctionComponent<P> {
  return props => {
    const [Loaded, setLoaded] = useState<FunctionComponent<P>>();
    const [isMissing, setMissing] = useState(false);
    useEffect(() => {
      load().then(
        part => setLoaded(() => part),
        () => setMissing(true),
      );
    }, []);
    if (isMissing) {
      return <p class="aside">This part of the page could not be loaded. Reload the page.</p>;
    }
    return Loaded === undefined ? <p class="aside">Loading…</p> : <Loaded {...props} />;
  };
}
