/** What is unusual now over all wikis: a row leads to the chart of its wiki at that time. */
import { useMemo } from 'preact/hooks';
import { loadWikiRows } from './api-client.ts';
import type { WikiRow } from './api-client.ts';
import { factorText, reasonText, spanText } from './anomaly-text.ts';
import { unusualRows, viewOf } from './unusual.ts';
import type { UnusualRow } from './unusual.ts';
import type { View } from './url-state.ts';
import { useAnomalies } from './use-anomalies.ts';
import { useFeed } from './use-feed.ts';

export interface UnusualNowProps {
  /** Epoch seconds, by the clock of the server. */
  readonly nowSec: () => number;
  readonly choose: (change: Partial<View>) => void;
}

/** What has ended within the hour is still news. */
const QUERY = { minutes: 60 };
const NAMES_FEED = { load: loadWikiRows, intervalMs: () => 3_600_000, carriesOver: () => true };
/** What is unusual is busy. */
const BUSIEST = { limit: 200 };
const SHOWN = 10;

export function UnusualNow({ nowSec, choose }: UnusualNowProps) {
  const state = useAnomalies(QUERY);
  const anomalies = state.kind === 'idle' ? undefined : state.answer?.value;
  const rows = useMemo(() => unusualRows(anomalies ?? []), [anomalies]);
  const names = useFeed<typeof BUSIEST, readonly WikiRow[]>(
    rows.length === 0 ? undefined : BUSIEST,
    NAMES_FEED,
    false,
  ).state;
  const wikis = names.kind === 'idle' ? [] : (names.answer?.value ?? []);
  const nameOf = (wiki: string): string => wikis.find(row => row.wiki === wiki)?.names.english ?? wiki;
  return (
    <section class="card unusual" aria-label="Unusual now">
      <h2>Unusual now</h2>
      {anomalies === undefined ? (
        <p class="aside">{state.kind === 'failing' ? `Not known: ${state.failure.message}.` : 'Loading…'}</p>
      ) : rows.length === 0 ? (
        <p class="aside">No wiki has had many more edits than usual within the last hour.</p>
      ) : (
        <ul>
          {rows.slice(0, SHOWN).map(row => (
            <Row
              key={row.anomaly.id}
              row={row}
              name={nameOf(row.anomaly.wiki)}
              open={() => choose(viewOf(row.anomaly, nowSec()))}
            />
          ))}
        </ul>
      )}
      {rows.length > SHOWN && <p class="aside">and {rows.length - SHOWN} more.</p>}
    </section>
  );
}

function Row({ row, name, open }: { row: UnusualRow; name: string; open: () => void }) {
  const { anomaly, others } = row;
  return (
    <li>
      <button type="button" class="plain link" onClick={open}>
        {name}
      </button>{' '}
      {name !== anomaly.wiki && <code>{anomaly.wiki}</code>} {factorText(anomaly)}, {spanText(anomaly)}
      {others.length > 0 && `, and ${others.length} other ${others.length === 1 ? 'wiki' : 'wikis'}`}.{' '}
      <span class="aside">{reasonText(anomaly)}</span>
    </li>
  );
}
