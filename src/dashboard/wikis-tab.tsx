/** The busiest wikis of the last hour: a row leads to the chart of its wiki. */
import { useState } from 'preact/hooks';
import { loadWikiRows } from './api-client.ts';
import type { WikiRow } from './api-client.ts';
import { formatAverage, formatCount, formatShare, formatWhen } from './format.ts';
import { Sparkline } from './sparkline.tsx';
import { useFeed } from './use-feed.ts';
import { useInView } from './use-in-view.ts';
import { useNow } from './use-now.ts';

const FEW = { limit: 20, sparkline: 60 };
const ALL = { limit: 2_000, sparkline: 60 };
type Asked = typeof FEW;
const FEED = { load: loadWikiRows, intervalMs: () => 60_000, carriesOver: () => true };

/** Those with a value sort the rows. */
const COLUMNS = [
  { key: 'name', name: 'Wiki', value: (row: WikiRow) => row.names.english },
  { key: 'rate', name: 'Edits a minute', value: (row: WikiRow) => row.edits },
  { key: 'edits', name: 'In the last hour', value: (row: WikiRow) => row.edits },
  { key: 'line', name: 'Minute by minute', value: undefined },
  { key: 'usual', name: 'Times the usual', value: (row: WikiRow) => row.factor ?? -1 },
  { key: 'bots', name: 'By bots', value: (row: WikiRow) => row.botShare ?? -1 },
  { key: 'last', name: 'Last edit', value: (row: WikiRow) => row.lastEdit ?? '' },
] as const;

interface Sort {
  readonly key: (typeof COLUMNS)[number]['key'];
  readonly isUp: boolean;
}

const ORDERS = ['descending', 'ascending'] as const;

interface Props {
  readonly wiki: string | undefined;
  readonly choose: (wiki: string) => void;
}

export function WikisTab({ wiki, choose }: Props) {
  const [query, setQuery] = useState<Asked>(FEW);
  const [sort, setSort] = useState<Sort>({ key: 'rate', isUp: false });
  const isFew = query === FEW;
  const [part, isInView] = useInView<HTMLDivElement>();
  const { state } = useFeed(query, FEED, isInView);
  const rows = state.kind === 'idle' ? undefined : state.answer?.value;
  return (
    <div ref={part}>
      {rows === undefined ? (
        <p class="aside">{state.kind === 'failing' ? `${state.failure.message}.` : 'Loading…'}</p>
      ) : (
        <WikiTable
          rows={isFew ? rows.filter(({ edits }) => edits > 0) : rows}
          wiki={wiki}
          sort={sort}
          setSort={setSort}
          choose={choose}
        />
      )}
      {isFew && rows !== undefined && rows.length >= FEW.limit && (
        <p class="more">
          <button type="button" onClick={() => setQuery(ALL)}>
            Show all wikis
          </button>
        </p>
      )}
    </div>
  );
}

interface TableProps extends Props {
  readonly rows: readonly WikiRow[];
  readonly sort: Sort;
  readonly setSort: (sort: Sort) => void;
}

function WikiTable({ rows, wiki, sort, setSort, choose }: TableProps) {
  const nowSec = useNow() / 1000;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Busiest wikis">
      <table class="wikis">
        <caption class="hidden">Wikis by their edits in the last 60 minutes</caption>
        <thead>
          <tr>
            {COLUMNS.map(({ key, name, value }) => (
              <th key={key} scope="col" aria-sort={sort.key === key ? ORDERS[Number(sort.isUp)] : undefined}>
                {value === undefined ? (
                  name
                ) : (
                  <button
                    type="button"
                    class="plain"
                    onClick={() => setSort({ key, isUp: sort.key === key ? !sort.isUp : key === 'name' })}
                  >
                    {name}
                    <span aria-hidden="true">{sort.key !== key ? '' : sort.isUp ? ' ▲' : ' ▼'}</span>
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted(rows, sort).map(row => (
            // The name is a button for those without a mouse; a click anywhere in the row does the same.
            <tr
              key={row.wiki}
              aria-current={row.wiki === wiki ? 'true' : undefined}
              onClick={() => choose(row.wiki)}
            >
              <th scope="row">
                <button type="button" class="plain link">
                  {row.names.english}
                </button>{' '}
                <code>{row.wiki}</code>
              </th>
              <td>{formatAverage(row.edits / 60)}</td>
              <td>{formatCount(row.edits)}</td>
              <td>{row.sparkline === undefined ? '–' : <Sparkline minutes={row.sparkline} />}</td>
              <td>{row.factor === undefined ? '–' : `${formatAverage(row.factor)}×`}</td>
              <td>{row.botShare === undefined ? '–' : formatShare(row.botShare, 1)}</td>
              <td>
                {row.lastEdit === undefined ? '–' : formatWhen(Date.parse(row.lastEdit) / 1000, nowSec)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function sorted(rows: readonly WikiRow[], { key, isUp }: Sort): readonly WikiRow[] {
  const value = COLUMNS.find(column => column.key === key)?.value;
  if (value === undefined) return rows;
  const direction = isUp ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [left, right] = [value(a), value(b)];
    return left < right ? -direction : left > right ? direction : 0;
  });
}
