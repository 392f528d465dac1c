/**
 * ⑨ Gaps as boxes behind the drawing, their labels in front of it. Elements and not strokes of the canvas: hatching,
 * colours, high contrast and the size of the text are the style sheet's, and text stays text.
 */
import type uPlot from 'uplot';
import type { Band } from './bands.ts';
import type { Span } from './series.ts';

export interface BandLayer {
  readonly show: (bands: readonly Band[]) => void;
  /** Moves the boxes to where their minutes are now: after every drawing. */
  readonly place: (plot: uPlot, span: Span) => void;
}

interface Box {
  readonly band: Band;
  readonly area: HTMLElement;
  readonly label: HTMLElement;
}

/** A minute of a week is a tenth of a pixel wide: this much can be seen. */
const LEAST_WIDTH_PX = 4;
/** A narrower box has no label: the legend has its pattern. */
const LABELLED_WIDTH_PX = 72;

export function createBandLayer(): BandLayer {
  let boxes: readonly Box[] = [];
  let shown = '[]';
  return {
    show(bands) {
      // Every answer comes here, and hardly one brings another gap.
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
        const width = Math.max(plot.valToPos(Math.min(band.to, to), 'x') - left, LEAST_WIDTH_PX);
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
