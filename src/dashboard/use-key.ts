/** Runs something when a key is pressed anywhere on the page, but not where it is typed into a field. */
import { useEffect, useRef } from 'preact/hooks';

export function useKey(key: string, run: () => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { target } = event;
      const isTyping = target instanceof HTMLElement && target.closest('input, textarea, select') !== null;
      if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
      // A dialog that is open has the keys.
      if (document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      latest.current();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [key]);
}
