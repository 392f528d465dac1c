/** The label that made-up data carries: on top of the page, and beside the chart's name, so that pictures of it carry it too. */
import type { Status } from '../api/schemas/status.ts';

export function SimulatedBadge() {
  return <strong class="badge">SIMULATED</strong>;
}

interface Props {
  readonly origin: Status | undefined;
  /** The API does not say where the data comes from. */
  readonly unknown: boolean;
}

export function SimulatedNotice({ origin, unknown }: Props) {
  if (unknown) {
    return (
      <aside class="notice" aria-label="Origin of the data">
        <p>Whether this data is real or simulated is not known: the API does not say at the moment.</p>
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
          ? 'Some of these edits are made up by a simulated event stream, and mixed with real ones.'
          : 'These edits are made up by a simulated event stream. They are not Wikipedia’s.'}
      </p>
    </aside>
  );
}
