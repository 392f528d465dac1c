/**
 * ⑨ Gaps as boxes behind the drawing, with labels in front of it. They are elements rather than canvas strokes, so
 * that the style sheet controls hatching, colours, contrast and text size, and text stays text.
 */
import type uPlot from 'uplot';
import type { Band } from './bands.ts';
import type { Span } from './series.ts';

export interface BandLayer {
  readonly show: (bands: readonly Band[]) => void;
  /** Moves the boxes to their minutes; called after every redraw. */
  readonly place: (plot: uPlot, span: Span) => void;
}

interface Box {
  readonly band: Band;
  readonly area: HTMLElement;
  readonly label: HTMLElement;
}

/** In a week's view a minute is a tenth of a pixel wide; this much is visible. */
const MIN_WIDTH_PX = 4;
/** Narrower boxes get no label; the legend explains the pattern. */
const LABELLED_WIDTH_PX = 72;

export function createBandLayer(): BandLayer {
  let boxes: readonly Box[] = [];
  let shown = '[]';
  return {
    show(bands) {
      // Called for every response, and few of them change the gaps.
      const wanted = JSON.stringify(bands);
      if (wanted === shown) return;
      shown = wanted;
      for (const { area, label } of boxes) {
        area.remove();
        label.remove();
      }
      boxes = bands.map(createBox);
    },
    place(plot, { from, to }) {
      for (const { band, area, label } of boxes) {
        const left = plot.valToPos(Math.max(band.from, from), 'x');
        const width = Math.max(plot.valToPos(Math.min(band.to, to), 'x') - left, MIN_WIDTH_PX);
        area.hidden = band.to <= from || band.from >= to;
        label.hidden = area.hidden || band.kind !== 'no-data' || width < LABELLED_WIDTH_PX;
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

function createBox(band: Band): Box {
  const area = document.createElement('div');
  area.className = 'band';
  area.dataset['kind'] = band.kind;
  const label = document.createElement('div');
  label.className = 'band-label';
  const text = document.createElement('span');
  text.textContent = 'no data';
  label.append(text);
  return { band, area, label };
}
