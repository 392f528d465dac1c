/**
 * ⑨ Gaps and unread minutes as boxes behind the drawing, with labels in front of it. They are elements rather than canvas strokes, so
 * that the style sheet controls hatching, colours, contrast and text size, and text stays text.
 */
import type uPlot from 'uplot';
import type { Band } from './bands.ts';
import type { Span } from './series.ts';
import type { UnreadArea } from './unread.ts';

/** Minutes that look different from counted ones. */
export type Area = Pick<Band | UnreadArea, 'kind' | 'from' | 'to'>;

export interface BandLayer {
  readonly show: (areas: readonly Area[]) => void;
  /** Moves the boxes to their minutes; called after every redraw. */
  readonly place: (plot: uPlot, span: Span) => void;
}

interface Box {
  readonly of: Area;
  readonly area: HTMLElement;
  readonly label: HTMLElement;
}

/** In a week's view a minute is a tenth of a pixel wide; this much is visible. */
const MIN_WIDTH_PX = 4;
/** Empty: the box is too narrow for one. */
const LABELS: Readonly<Record<Area['kind'], string>> = {
  'no-data': 'no data',
  incomplete: '',
  unread: 'not read',
  awaited: 'not read yet',
  pending: 'pending',
};
/** Narrower boxes get no label; the legend explains the pattern. */
const LABELLED_WIDTH_PX = 84;

export function createBandLayer(): BandLayer {
  let boxes: readonly Box[] = [];
  let shown = '[]';
  return {
    show(areas) {
      // Called for every response, and few of them change the areas.
      const wanted = JSON.stringify(areas);
      if (wanted === shown) return;
      shown = wanted;
      for (const { area, label } of boxes) {
        area.remove();
        label.remove();
      }
      boxes = areas.map(createBox);
    },
    place(plot, { from, to }) {
      for (const { of, area, label } of boxes) {
        const left = plot.valToPos(Math.max(of.from, from), 'x');
        const width = Math.max(plot.valToPos(Math.min(of.to, to), 'x') - left, MIN_WIDTH_PX);
        area.hidden = of.to <= from || of.from >= to;
        label.hidden = area.hidden || LABELS[of.kind] === '' || width < LABELLED_WIDTH_PX;
        for (const { style } of [area, label]) {
          style.left = `${left}px`;
          style.width = `${width}px`;
        }
        if (!area.isConnected) {
          plot.under.append(area);
          plot.over.prepend(label);
        }
      }
    },
  };
}

function createBox(of: Area): Box {
  const area = document.createElement('div');
  area.className = 'band';
  area.dataset['kind'] = of.kind;
  const label = document.createElement('div');
  label.className = 'band-label';
  const text = document.createElement('span');
  text.textContent = LABELS[of.kind];
  label.append(text);
  return { of, area, label };
}
