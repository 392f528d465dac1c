/** ⑧ What is drawn over the chart, in words and numbers of one bucket. Pure. */
import { formatCount } from './format.ts';
import { readingIn } from './model.ts';
import type { ComparedLine, Overlay } from './overlay.ts';

/** Edits of a compared wiki in the bucket that begins at a second; `–` where they are not known. */
export function comparedCount({ model }: Pick<ComparedLine, 'model'>, minute: number): string {
  const total = model && readingIn(model.series, model, minute)?.total;
  return total === undefined ? '–' : formatCount(total);
}

/** Edits a week before, or `–`. */
export function weekAgoCount(
  { totals }: Extract<Overlay, { readonly kind: 'week-ago' }>,
  minute: number,
): string {
  const total = totals.get(minute);
  return total === undefined ? '–' : formatCount(total);
}

/** For the slider: a part of a sentence for each line but that of the page's own wiki. */
export function overlayTexts(overlay: Overlay | undefined, minute: number): readonly string[] {
  if (overlay === undefined) return [];
  if (overlay.kind === 'week-ago') return [`${weekAgoCount(overlay, minute)} a week ago`];
  return overlay.lines.slice(1).map(line => `${comparedCount(line, minute)} on ${line.name}`);
}
