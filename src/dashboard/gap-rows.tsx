/** The gaps of the range, each with the backfill that closes it. */
import { useState } from 'preact/hooks';
import type { Gaps } from './api-client.ts';
import { startBackfill } from './backfill-requests.ts';
import { formatInterval } from './format.ts';

interface Props {
  readonly gaps: Gaps;
  readonly wiki: string | undefined;
  readonly token: string;
  readonly started: () => void;
}

export function GapRows({ gaps, wiki, token, started }: Props) {
  if (gaps.length === 0) return <p class="aside">None is known.</p>;
  return (
    <ul>
      {gaps.map(gap => (
        <GapRow key={gap.id} gap={gap} wiki={wiki} token={token} started={started} />
      ))}
    </ul>
  );
}

type Sent =
  | { readonly kind: 'no' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'started'; readonly id: string }
  | { readonly kind: 'refused'; readonly why: string };

interface RowProps extends Omit<Props, 'gaps'> {
  readonly gap: Gaps[number];
}

function GapRow({ gap, wiki, token, started }: RowProps) {
  const [sent, setSent] = useState<Sent>({ kind: 'no' });
  const { from, to, running, command } = gap.backfill;
  const fill = async (): Promise<void> => {
    setSent({ kind: 'sending' });
    try {
      // The current hour ends in the future, where no backfill may; without an end, it is now.
      const isOver = Date.parse(to) <= Date.now();
      const wikis = wiki === undefined ? {} : { wikis: [wiki] };
      const { id } = await startBackfill({ from, ...(isOver && { to }), ...wikis }, token);
      setSent({ kind: 'started', id });
      started();
    } catch (error) {
      setSent({ kind: 'refused', why: error instanceof Error ? error.message : String(error) });
    }
  };
  const id = running ?? (sent.kind === 'started' ? sent.id : undefined);
  return (
    <li>
      {formatInterval(Date.parse(gap.from) / 1000, Date.parse(gap.to) / 1000)}{' '}
      {id === undefined ? (
        <>
          <button
            type="button"
            class="small"
            disabled={token === '' || sent.kind === 'sending'}
            onClick={() => void fill()}
          >
            Fill for {wiki ?? 'all wikis'}
          </button>{' '}
          <span class="aside">or run</span> <code>{command}</code>
        </>
      ) : (
        <span role="status">
          is being filled by <code>{id}</code>
        </span>
      )}
      {sent.kind === 'refused' && (
        <p class="wrong" role="alert">
          It was not started: {sent.why}.
        </p>
      )}
    </li>
  );
}
