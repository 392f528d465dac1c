/** The view as page state. The reader's choices go into the address and the history, so that back and forward work. */
import { useEffect, useState } from 'preact/hooks';
import { readView, writeView } from './url-state.ts';
import type { View } from './url-state.ts';

/** State of a history entry that froze a range: going back leads to the range before. */
const ZOOMED = 'zoomed';

export interface ViewState {
  readonly view: View;
  /** A choice by the reader: adds a history entry. */
  readonly choose: (change: Partial<View>) => void;
  /** A choice by the page: replaces the entry, so that going back does not undo it. */
  readonly settle: (change: Partial<View>) => void;
  /** Back to what was shown before the range was frozen; a page that was opened with a frozen range goes live. */
  readonly zoomOut: () => void;
}

export function useView(): ViewState {
  const [view, setView] = useState(() => readView(location.search));
  useEffect(() => {
    const onBack = (): void => setView(readView(location.search));
    addEventListener('popstate', onBack);
    return () => removeEventListener('popstate', onBack);
  }, []);

  const apply = (change: Partial<View>, save: 'pushState' | 'replaceState'): void => {
    const next = consistent({ ...view, ...forgotten(change), ...change });
    const address = writeView(next);
    const isZoom = save === 'pushState' && next.end !== undefined;
    const state: unknown = save === 'replaceState' ? history.state : isZoom ? ZOOMED : null;
    if (address !== location.search) history[save](state, '', address);
    setView(next);
  };
  return {
    view,
    choose: change => apply(change, 'pushState'),
    settle: change => apply(change, 'replaceState'),
    zoomOut() {
      if (view.end === undefined) return;
      if (history.state === ZOOMED) history.back();
      else apply({ end: undefined }, 'pushState');
    },
  };
}

/** What is selected belongs to its range, and to its wiki. */
function forgotten(change: Partial<View>): Partial<View> {
  const isElsewhere = 'minutes' in change || 'end' in change || 'wiki' in change;
  return isElsewhere ? { selected: undefined } : {};
}

/** A wiki is not compared with itself. */
function consistent(view: View): View {
  const compare = view.compare.filter(name => name !== view.wiki);
  return compare.length === view.compare.length ? view : { ...view, compare };
}
