/** What is shown, in words: for somebody who looks for a number, and for screen readers. */
import type { Model } from './model.ts';
import { sentenceOf } from './sentence.ts';
import { SimulatedBadge } from './simulated.tsx';
import type { View } from './url-state.ts';
import type { Usual } from './usual.ts';

interface Props {
  readonly view: View;
  /** Title of the wiki. */
  readonly title: string | undefined;
  /** Undefined while there is no chart. */
  readonly model: Model | undefined;
  /** Undefined: not known. */
  readonly usual: Usual | undefined;
  /** What is usual of simulated edits is that of the last hours, not of an hour of the week. */
  readonly simulated: boolean;
  /** As a phone: the chart is to begin in its upper part. */
  readonly isNarrow: boolean;
}

export function Headline({ view, title, model, usual, simulated, isNarrow }: Props) {
  const { wiki } = view;
  return (
    <section class="headline" aria-label="Summary">
      <h2>
        {title ?? wiki ?? 'No wiki yet'}
        {title !== undefined && <code>{wiki}</code>}
        {simulated && <SimulatedBadge />}
      </h2>
      <p class="sentence">
        {model === undefined ? '' : sentenceOf(model, view, { usual, saysHour: !simulated && !isNarrow })}
      </p>
    </section>
  );
}
