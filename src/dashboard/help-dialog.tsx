/** What the page shows, in the words of somebody who reads it for the first time. */
import { useEffect, useRef } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import type { Status } from './api-client.ts';
import { WebLink } from './web-link.tsx';

export interface HelpDialogProps {
  /** Where the data comes from; undefined until it is known. */
  readonly origin: Status | undefined;
  readonly close: () => void;
}

const STATES: readonly (readonly [swatch: string, name: string, text: string])[] = [
  ['human', 'Full', 'Solid colours. Counted, and no more edits are expected.'],
  ['pale', 'Provisional', 'Pale colours. Counted, and late edits may still be added.'],
  ['pending', 'Pending', 'Pale on stripes. Read to its end, and not stored yet.'],
  ['hollow', 'Still counting', 'A hollow bar. The minute is not over, or not read to its end.'],
  ['awaited', 'Not read yet', 'Dots. Edits are expected within minutes.'],
  ['unread', 'Not read', 'Hatched. Nobody looked: this is not zero.'],
  ['no-data', 'No data', 'Hatched the other way. The source lost events; a backfill may bring them back.'],
];

const KEYS: readonly (readonly [keys: readonly string[], text: string])[] = [
  [['/'], 'Find a wiki by any of its names, its code or its address'],
  [['?'], 'This help'],
  [['←', '→'], 'In the chart: read it minute by minute. In the tabs: the next tab'],
  [['Page Up', 'Page Down'], 'In the chart: by the hour, or by the day where bars are hours'],
  [['Home', 'End'], 'In the chart: the first and the last minute'],
  [['Esc'], 'Close what is open; in the chart, back from a zoom'],
];

export function HelpDialog({ origin, close }: HelpDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    // The browser keeps the focus inside, closes on Escape, and gives the focus back.
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      class="help"
      ref={dialog}
      aria-labelledby="help-title"
      onClose={close}
      onClick={event => {
        // Only what lies around the text belongs to the dialog itself.
        if (event.target === event.currentTarget) event.currentTarget.close();
      }}
    >
      <div class="help-text">
        <div class="help-head">
          <h2 id="help-title">What this page shows</h2>
          <button type="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
        <Section title="What counts">
          <p>
            <strong>An edit</strong> is one change to a page of a wiki, in any namespace. Each revision counts
            once. It belongs to the minute in which it was made, in UTC. New pages count only where this
            installation is set up to count them; moves, uploads, log entries and changes of categories do
            not.
          </p>
          <p>
            <strong>A bot edit</strong> is one that the wiki has marked as such. In ranges that come from
            history dumps, it is one by an account that is a bot; the page says where that is so.
          </p>
        </Section>
        <Section title="Where it comes from">
          <p>
            <WebLink href="https://wikitech.wikimedia.org/wiki/Event_Platform/EventStreams_HTTP_Service">
              EventStreams
            </WebLink>
            , Wikimedia’s public stream of recent changes. What was missed can be filled from the same stream,
            from the Action API of a wiki, or from the history dumps.
          </p>
          {origin !== undefined && origin.sources.length > 0 && (
            <ul>
              {origin.sources.map(({ url, simulated }) => (
                <li key={url}>
                  {url}
                  {simulated && ': SIMULATED. These edits were made up, and nobody made them on a wiki.'}
                </li>
              ))}
            </ul>
          )}
        </Section>
        <Section title="What a minute can be">
          <dl class="help-states">
            {STATES.map(([swatch, name, text]) => (
              <div key={name}>
                <dt>
                  <span class={`swatch ${swatch}`} aria-hidden="true" /> {name}
                </dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
          <p>A minute without edits is 0 only where it was read. Everything else stays blank.</p>
        </Section>
        <Section title="How late it can be">
          <p>
            While the live feed runs, an edit appears about a second after it was made. Without it, edits
            appear once they are stored, minutes later, and the page says so. The mark at the top goes by the
            age of the data: it says <em>Delayed</em>, since when and why.
          </p>
          <p>
            Each hour is counted again once it is over, so a number can still change a little until its minute
            is full. A gap that is filled later changes older numbers.
          </p>
        </Section>
        <Section title="Keys">
          <dl class="help-keys">
            {KEYS.map(([keys, text]) => (
              <div key={text}>
                <dt>
                  {keys.map(key => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </Section>
      </div>
    </dialog>
  );
}

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  );
}
