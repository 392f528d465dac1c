/** The label of simulated data: at the top of the page, and next to the chart's title so that screenshots include it. */
import type { Status } from './api-client.ts';

export function SimulatedBadge() {
  return <strong class="badge">SIMULATED</strong>;
}

interface Props {
  readonly origin: Status | undefined;
  /** The request for the data's origin failed. */
  readonly unknown: boolean;
}

export function SimulatedNotice({ origin, unknown }: Props) {
  if (unknown) {
    return (
      <aside class="notice" aria-label="Origin of the data">
        <p>Unknown whether this data is real or simulated: the request for its origin failed.</p>
      </aside>
    );
  }
  if (origin?.simulated !== true) return null;
  const partly = origin.sources.some(source => !source.simulated);
  return (
    <aside class="notice simulated" aria-label="Simulated data">
      <p>
        <SimulatedBadge />{' '}
        {partly
          ? 'Some of these edits come from a simulated event stream and are mixed with real ones.'
          : 'These edits come from a simulated event stream, not from Wikipedia.'}
      </p>
    </aside>
  );
}
