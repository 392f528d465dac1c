/** The view as page state: what people choose goes into the address and the history, back and forward bring it back. */
import { useEffect, useState } from 'preact/hooks';
import { readView, writeView } from './url-state.ts';
import type { View } from './url-state.ts';

export interface ViewState {
  readonly view: View;
  /** A choice of the reader: a new entry in the history. */
  readonly choose: (change: Partial<View>) => void;
  /** A choice of the page: replaces the entry, so that going back does not return to an unmade choice. */
  readonly settle: (change: Partial<View>) => void;
}

export function useView(): ViewState {
  const [view, setView] = useState(() => readView(location.search));
  useEffect(() => {
    const onBack = (): void => setView(readView(location.search));
    addEventListener('popstate', onBack);
    return () => removeEventListener('popstate', onBack);
  }, []);

  const apply = (change: Partial<View>, save: 'pushState' | 'replaceState'): void => {
    const next = { ...view, ...change };
    const address = writeView(next);
    if (address !== location.search) history[save](null, '', address);
    setView(next);
  };
  return {
    view,
    choose: change => apply(change, 'pushState'),
    settle: change => apply(change, 'replaceState'),
  };
}
