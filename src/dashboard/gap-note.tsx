/** The lines under the chart about missing data; empty when no data is missing. */
import { gapsPath } from './api-client.ts';
import type { Gaps } from './api-client.ts';
import { gapSummary } from './gap-text.ts';
import type { Model } from './model.ts';
import { unreadSummary } from './standing-text.ts';

interface Props {
  readonly model: Model;
  readonly wiki: string;
  readonly minutes: number;
  /** The request for gaps failed. */
  readonly unknown: boolean;
}

export function GapNote({ model, wiki, minutes, unknown }: Props) {
  const { bands, gaps, unknownBecause } = model;
  const unread = unreadSummary(model.unread);
  return (
    <>
      {unknownBecause !== undefined && (
        <p class="aside gap-note">
          Unknown which minutes were read: {unknownBecause}. Minutes without edits are left blank.
        </p>
      )}
      {unknown && <p class="aside gap-note">Unknown whether data is missing: the request for gaps failed.</p>}
      {!unknown && bands.length > 0 && (
        <p class="aside gap-note">
          {gapSummary(bands)} <a href={gapsPath({ wiki, minutes })}>Gaps as JSON</a>
          <FillHint gaps={gaps} />
        </p>
      )}
      {unread !== undefined && <p class="aside gap-note unread-note">{unread}</p>}
    </>
  );
}

function FillHint({ gaps }: { gaps: Gaps }) {
  const [first] = gaps;
  if (first === undefined) return null;
  return (
    <>
      {' '}
      Fill {gaps.length === 1 ? 'it' : 'the first'} with: <code>{first.backfill.command}</code>
    </>
  );
}
