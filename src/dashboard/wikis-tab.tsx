/** The busiest wikis of the last hour: a row leads to the chart of its wiki. */
import { useState } from 'preact/hooks';
import { loadWikiRows } from './api-client.ts';
import type { WikiRow } from './api-client.ts';
import { formatAverage, formatCount, formatShare, formatWhen } from './format.ts';
import { useFeed } from './use-feed.ts';
import { useNow } from './use-now.ts';

const FEW = { limit: 20 };
const ALL = { limit: 2_000 };
const FEED = { load: loadWikiRows, intervalMs: () => 60_000, carriesOver: () => true };

const COLUMNS = [
  { key: 'name', name: 'Wiki', value: (row: WikiRow) => row.names.english },
  { key: 'edits', name: 'Edits in the last hour', value: (row: WikiRow) => row.edits },
  { key: 'rate', name: 'A minute', value: (row: WikiRow) => row.edits },
  { key: 'bots', name: 'By bots', value: (row: WikiRow) => row.botShare ?? -1 },
  { key: 'last', name: 'Last edit', value: (row: WikiRow) => row.lastEdit ?? '' },
] as const;
type Key = (typeof COLUMNS)[number]['key'];

interface Props {
  readonly wiki: string | undefined;
  readonly choose: (wiki: string) => void;
}

export function WikisTab({ wiki, choose }: Props) {
  const [query, setQuery] = useState<{ readonly limit: number }>(FEW);
  const [sort, setSort] = useState<{ readonly key: Key; readonly isUp: boolean }>({
    key: 'edits',
    isUp: false,
  });
  const isFew = query === FEW;
  const nowSec = useNow() / 1000;
  const { state } = useFeed(query, FEED);
  const rows = state.kind === 'idle' ? undefined : state.answer?.value;
  if (rows === undefined) {
    return <p class="aside">{state.kind === 'failing' ? `${state.failure.message}.` : 'Loading…'}</p>;
  }
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Busiest wikis">
      <table>
        <caption class="hidden">Wikis by their edits in the last 60 minutes</caption>
        <thead>
          <tr>
            {COLUMNS.map(({ key, name }) => (
              <th
                key={key}
                scope="col"
                aria-sort={sort.key !== key ? undefined : sort.isUp ? 'ascending' : 'descending'}
              >
                <button
                  type="button"
                  class="plain"
                  onClick={() => setSort({ key, isUp: sort.key === key ? !sort.isUp : key === 'name' })}
                >
                  {name}
                  <span aria-hidden="true">{sort.key !== key ? '' : sort.isUp ? ' ▲' : ' ▼'}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted(isFew ? rows.filter(({ edits }) => edits > 0) : rows, sort).map(row => (
            <tr key={row.wiki} aria-current={row.wiki === wiki ? 'true' : undefined}>
              <th scope="row">
                <button type="button" class="plain link" onClick={() => choose(row.wiki)}>
                  {row.names.english}
                </button>{' '}
                <code>{row.wiki}</code>
              </th>
              <td>{formatCount(row.edits)}</td>
              <td>{formatAverage(row.edits / 60)}</td>
              <td>{row.botShare === undefined ? '–' : formatShare(row.botShare, 1)}</td>
              <td>
                {row.lastEdit === undefined ? '–' : formatWhen(Date.parse(row.lastEdit) / 1000, nowSec)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {isFew && rows.length >= FEW.limit && (
        <p class="more">
          <button type="button" onClick={() => setQuery(ALL)}>
            Show all wikis
          </button>
        </p>
      )}
    </div>
  );
}

function sorted(
  rows: readonly WikiRow[],
  { key, isUp }: { readonly key: Key; readonly isUp: boolean },
): readonly WikiRow[] {
  const value = COLUMNS.find(column => column.key === key)?.value;
  if (value === undefined) return rows;
  const direction = isUp ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [left, right] = [value(a), value(b)];
    return left < right ? -direction : left > right ? direction : 0;
  });
}
