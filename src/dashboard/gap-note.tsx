/** The line under the chart about missing data; empty when no data is missing. */
import type { Gaps } from './api-client.ts';
import { gapsPath } from './api-client.ts';
import type { Band } from './bands.ts';
import { gapSummary } from './gap-text.ts';

interface Props {
  readonly bands: readonly Band[];
  readonly gaps: Gaps;
  readonly wiki: string;
  readonly minutes: number;
  /** The request for gaps failed. */
  readonly unknown: boolean;
}

export function GapNote({ bands, gaps, wiki, minutes, unknown }: Props) {
  if (unknown) {
    return <p class="aside gap-note">Unknown whether data is missing: the request for gaps failed.</p>;
  }
  if (bands.length === 0) return null;
  const command = gaps[0]?.backfill.command;
  return (
    <p class="aside gap-note">
      {gapSummary(bands)} <a href={gapsPath({ wiki, minutes })}>Gaps as JSON</a>
      {command !== undefined && (
        <>
          {' '}
          Fill {gaps.length === 1 ? 'it' : 'the first'} with: <code>{command}</code>
        </>
      )}
    </p>
  );
}
