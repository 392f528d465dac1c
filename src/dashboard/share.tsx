/** Hands on what is shown: as a link to exactly this range, as a frame for another page, as a picture, or as numbers. */
import { useState } from 'preact/hooks';
import type { Step } from '../core/steps.ts';
import { minuteOf } from '../core/time.ts';
import { isWikiName } from '../core/wiki-name.ts';
import { seriesPath } from './api-client.ts';
import { formatInterval } from './format.ts';
import type { Model } from './model.ts';
import { rangeAsked } from './range.ts';
import { wikisOf, writeView } from './url-state.ts';
import type { View } from './url-state.ts';

interface Props {
  readonly view: View;
  readonly step: Step;
  /** Name of the wiki. */
  readonly title: string | undefined;
  /** Where the data comes from. */
  readonly sources: readonly string[];
  readonly simulated: boolean;
  /** What is drawn; undefined while there is no chart. */
  readonly model: Model | undefined;
  /** Epoch seconds, by the clock of the server. */
  readonly nowSec: () => number;
}

type Done =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'copied'; readonly what: Copied }
  /** The browser does not let the page copy: as on plain HTTP from another machine. */
  | { readonly kind: 'by-hand'; readonly text: string }
  | { readonly kind: 'failed' };

type Copied = 'link' | 'frame';

const COPIED: Readonly<Record<Copied, string>> = {
  link: 'Copied: the link shows these minutes, also later.',
  frame: 'Copied: put it into the HTML of a page. The chart there stays as live as this one.',
};

export function Share({ view, step, title, sources, simulated, model, nowSec }: Props) {
  const [done, setDone] = useState<Done>({ kind: 'nothing' });
  const { wiki } = view;
  if (wiki === undefined || !isWikiName(wiki)) return null;
  const frozen = (): View & { readonly end: number } => ({
    ...view,
    end: view.end ?? minuteOf(nowSec()) + 60,
  });
  const copy = async (what: Copied): Promise<void> => {
    const text = what === 'link' ? location.origin + location.pathname + writeView(frozen()) : frameOf(view);
    const clipboard = navigator.clipboard as Clipboard | undefined;
    try {
      if (clipboard === undefined) throw new Error('there is no clipboard');
      await clipboard.writeText(text);
      setDone({ kind: 'copied', what });
    } catch {
      setDone({ kind: 'by-hand', text });
    }
  };
  const picture = async (kind: 'png' | 'svg'): Promise<void> => {
    try {
      const shown = frozen();
      const { savePng, saveSvg } = await import('./picture.ts');
      const text = {
        name: wiki,
        title: `${[title ?? wiki, ...view.compare].join(', ')}: edits per minute`,
        range: formatInterval(shown.end - shown.minutes * 60, shown.end),
        source: `Source: ${sources.join(', ')}${simulated ? ' (SIMULATED)' : ''}`,
        link: location.origin + location.pathname + writeView(shown),
        simulated,
      };
      if (kind === 'png') await savePng(text);
      else if (model !== undefined) saveSvg(model, view, text);
    } catch {
      setDone({ kind: 'failed' });
    }
  };
  return (
    <details class="custom share" onToggle={() => setDone({ kind: 'nothing' })}>
      <summary>Share</summary>
      <div class="popover">
        <button type="button" onClick={() => void copy('link')}>
          Copy link to this range
        </button>
        <button type="button" onClick={() => void copy('frame')}>
          Copy HTML to embed it
        </button>
        <button type="button" disabled={model === undefined} onClick={() => void picture('png')}>
          Save as PNG
        </button>
        <button type="button" disabled={model === undefined} onClick={() => void picture('svg')}>
          Save as SVG
        </button>
        <a
          href={seriesPath(rangeAsked({ ...view, wiki: wikisOf(view).join(',') }), step, 'csv')}
          download={`${wikisOf(view).join('-')}.csv`}
        >
          Save as CSV
        </a>
        <p class="aside" role="status">
          {done.kind === 'copied' && COPIED[done.what]}
          {done.kind === 'failed' && 'The picture could not be made. Reload the page and try again.'}
          {done.kind === 'by-hand' && 'Copy this:'}
        </p>
        {done.kind === 'by-hand' && (
          <input
            type="text"
            readOnly
            aria-label="Text to copy"
            value={done.text}
            onFocus={event => event.currentTarget.select()}
          />
        )}
      </div>
    </details>
  );
}

/** The chart for a page of somebody else. */
function frameOf(view: View): string {
  // Names of wikis are of letters and digits, so nothing but & needs an entity.
  const address = `${location.origin}/embed${writeView(view)}`.replaceAll('&', '&amp;');
  return `<iframe src="${address}" title="Edits per minute, ${view.wiki}" width="800" height="420" loading="lazy"></iframe>`;
}
