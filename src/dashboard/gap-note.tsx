/** The line under the chart that says what is missing; nothing where nothing is. */
import type { Gaps } from '../api/schemas/gaps.ts';
import { gapsPath } from './api-client.ts';
import type { Band } from './bands.ts';
import { gapSummary } from './gap-text.ts';

interface Props {
  readonly bands: readonly Band[];
  readonly gaps: Gaps;
  readonly wiki: string;
  readonly minutes: number;
  /** The API does not say what is missing. */
  readonly unknown: boolean;
}

export function GapNote({ bands, gaps, wiki, minutes, unknown }: Props) {
  if (unknown) {
    return (
      <p class="aside gap-note">Whether data is missing is not known: the API does not say at the moment.</p>
    );
  }
  if (bands.length === 0) return null;
  const command = gaps[0]?.backfill.command;
  return (
    <p class="aside gap-note">
      {gapSummary(bands)} <a href={gapsPath({ wiki, minutes })}>Gaps as JSON</a>
      {command !== undefined && (
        <>
          {' '}
          To fill {gaps.length === 1 ? 'it' : 'the first'}: <code>{command}</code>
        </>
      )}
    </p>
  );
}
