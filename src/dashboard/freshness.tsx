/** How fresh the page is: "Updated 3 s ago", how far the data lags, and whether the API is unreachable. */
import { useRef } from 'preact/hooks';
import type { EditsQuery } from './api-client.ts';
import type { Minutes } from './load-minutes.ts';
import { formatDuration, formatUtc } from './format.ts';
import type { PollState } from './poller.ts';
import { useNow } from './use-now.ts';

type EditsState = PollState<EditsQuery, Minutes>;

/** Parts arrive every few minutes; after this long without one, the pipeline needs attention. */
const LAGGING_AFTER_MS = 15 * 60_000;

interface Props {
  readonly state: EditsState;
  /** Newest minute of gold. */
  readonly newest: number | undefined;
  /** Server clock minus ours. */
  readonly skewMs: number;
}

export function Freshness({ state, newest, skewMs }: Props) {
  const now = useNow();
  const lagMs = newest === undefined ? 0 : now + skewMs - (newest + 60) * 1000;
  return (
    <p class="freshness" data-state={state.kind}>
      <span class="dot" aria-hidden="true" />
      <span>{freshnessText(state, now)}</span>
      {newest !== undefined && lagMs > LAGGING_AFTER_MS && (
        <span class="lagging">
          Newest edit {formatDuration(lagMs)} ago, {formatUtc(newest)}
        </span>
      )}
    </p>
  );
}

function freshnessText(state: EditsState, now: number): string {
  switch (state.kind) {
    case 'idle':
      return 'Waiting';
    case 'loading':
      return 'Loading…';
    case 'current':
      return `Updated ${formatDuration(now - state.answer.atMs)} ago`;
    case 'failing':
      return `Offline for ${formatDuration(now - state.failure.sinceMs)}`;
  }
  return state satisfies never;
}

/** Shown while requests fail and old data is on the page; announces when they succeed again. */
export function FailureBanner({ state, retry }: { state: EditsState; retry: () => void }) {
  const hadFailed = useRef(false);
  const isFailing = state.kind === 'failing' && state.answer !== undefined;
  if (isFailing) hadFailed.current = true;
  return (
    <div role="status" class={isFailing ? undefined : 'hidden'}>
      {isFailing ? (
        <div class="banner">
          <p>
            <strong>No update since {clockTime(state.answer.atMs)}:</strong> {state.failure.message}. The
            chart shows the last known data.
          </p>
          <NextRetry atMs={state.failure.retryAtMs} />
          <button type="button" onClick={retry}>
            Retry now
          </button>
        </div>
      ) : (
        hadFailed.current && state.kind === 'current' && 'The page is up to date again.'
      )}
    </div>
  );
}

/** Hidden from screen readers, which would otherwise announce every second. */
function NextRetry({ atMs }: { atMs: number }) {
  const now = useNow();
  const waitMs = atMs - now;
  return (
    <p class="next-try" aria-hidden="true">
      {waitMs > 1_000 ? `Retrying in ${formatDuration(waitMs)}` : 'Retrying…'}
    </p>
  );
}

function clockTime(ms: number): string {
  return new Date(ms).toLocaleTimeString('en-GB');
}
