/** Where the lines of the chart are drawn, by their colours. */
import type { Page } from 'playwright-core';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How many canvas pixels inside a box of the page, including its lower edge, are not grey: those of counted edits. */
export function colouredPixels(page: Page, box: Box): Promise<number> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector('.canvas canvas');
    const { left, top, width } = canvas.getBoundingClientRect();
    const scale = canvas.width / width;
    const [x, y, w, h] = [${box.x} + 12 - left, ${box.y} - top, ${box.width} - 24, ${box.height} + 2];
    const image = canvas.getContext('2d').getImageData(x * scale, y * scale, w * scale, h * scale).data;
    let coloured = 0;
    for (let at = 0; at < image.length; at += 4) {
      const [r, , b, alpha] = image.slice(at, at + 4);
      if (alpha > 60 && Math.abs(r - b) > 60) coloured += 1;
    }
    return coloured;
  })()`);
}
