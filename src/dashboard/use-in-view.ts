/** Whether an element can be seen, for what is not worth asking about below the fold. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { RefObject } from 'preact';

export function useInView<E extends Element>(): readonly [element: RefObject<E>, isInView: boolean] {
  const element = useRef<E>(null);
  const [isInView, setInView] = useState(false);
  useEffect(() => {
    const watcher = new IntersectionObserver(entries => setInView(entries.at(-1)?.isIntersecting ?? false));
    if (element.current !== null) watcher.observe(element.current);
    return () => watcher.disconnect();
  }, []);
  return [element, isInView];
}
