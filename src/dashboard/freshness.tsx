/** How old the data is, why it is late, and whether the API answers. */
import { useRef } from 'preact/hooks';
import type { RangeQuery } from './api-client.ts';
import { formatDuration, formatWhen } from './format.ts';
import { freshnessOf } from './freshness-state.ts';
import type { Freshness, FreshnessInput } from './freshness-state.ts';
import type { Minutes } from './load-minutes.ts';
import type { PollState } from './poller.ts';
import { useNow } from './use-now.ts';

interface Props extends Omit<FreshnessInput, 'nowMs'> {
  /** Server clock minus ours. */
  readonly skewMs: number;
}

interface PillProps extends Props {
  /** The API hears from no worker. */
  readonly isFeedLost: boolean;
}

export function FreshnessPill({ skewMs, isFeedLost, ...input }: PillProps) {
  const ownMs = useNow();
  const nowMs = ownMs + skewMs;
  const known = freshnessOf({ ...input, nowMs });
  // Edits are late from now on, although none is missed yet.
  const freshness: Freshness =
    isFeedLost && known.kind === 'live' ? { ...known, kind: 'delayed', why: undefined } : known;
  return (
    <p class="freshness" data-state={freshness.kind}>
      <span class="dot" aria-hidden="true" />
      <span class="state">{freshnessText(freshness, nowMs, ownMs)}</span>
    </p>
  );
}

/** Says what a lost feed means for the reader. */
export function FeedBanner({ isFeedLost }: Pick<PillProps, 'isFeedLost'>) {
  return (
    <div role="status" class={isFeedLost ? undefined : 'hidden'}>
      {isFeedLost && (
        <div class="banner delay">
          <p>
            <strong>The live feed is lost.</strong> Edits appear when they are stored, minutes later.
          </p>
        </div>
      )}
    </div>
  );
}

/** A frozen range is as old as it is: nothing that happens now changes it. */
export function FrozenPill({ goLive }: { goLive: () => void }) {
  return (
    <p class="freshness" data-state="frozen">
      <span class="dot" aria-hidden="true" />
      <span>Frozen range</span>
      <button type="button" onClick={goLive}>
        Go live
      </button>
    </p>
  );
}

function freshnessText(freshness: Freshness, nowMs: number, ownMs: number): string {
  switch (freshness.kind) {
    case 'loading':
      return 'Loading…';
    case 'no-data':
      return 'No data yet';
    case 'live':
      return `Live: ${countedText(freshness.countedTo, nowMs)}`;
    case 'delayed':
      return `Delayed: ${countedText(freshness.countedTo, nowMs)}`;
    case 'paused':
      return `Paused: ${countedText(freshness.countedTo, nowMs)}`;
    case 'stopped':
      return `Stopped: ${countedText(freshness.countedTo, nowMs)}`;
    case 'no-answer': {
      const since = formatDuration(ownMs - freshness.sinceMs);
      const counted = freshness.countedTo === undefined ? '' : `: ${countedText(freshness.countedTo, nowMs)}`;
      return `No answer for ${since}${counted}`;
    }
  }
  return freshness satisfies never;
}

/** `counted up to 10:05 UTC, 3 min ago`. */
function countedText(countedTo: number | undefined, nowMs: number): string {
  if (countedTo === undefined) return 'nothing is counted';
  // The current minute can have edits before it is over.
  const to = Math.min(countedTo, nowMs / 1000);
  return `counted up to ${formatWhen(to, nowMs / 1000)}, ${formatDuration(nowMs - to * 1000)} ago`;
}

/** Says why the data is late, and since when. */
export function DelayBanner({ skewMs, ...input }: Props) {
  const nowMs = useNow() + skewMs;
  const text = delayText(freshnessOf({ ...input, nowMs }), nowMs);
  return (
    <div role="status" class={text === undefined ? 'hidden' : undefined}>
      {text !== undefined && (
        <div class="banner delay">
          <p>
            <strong>{text.what}</strong> {text.why}
          </p>
        </div>
      )}
    </div>
  );
}

/** It stays the same while nothing but time changes, because it is announced. */
function delayText(freshness: Freshness, nowMs: number): { what: string; why: string } | undefined {
  const at = (second: number): string => formatWhen(second, nowMs / 1000);
  switch (freshness.kind) {
    case 'delayed': {
      const { countedTo, why } = freshness;
      const what = countedTo === undefined ? 'Nothing is counted.' : `No new counts since ${at(countedTo)}.`;
      if (why === undefined) return { what, why: 'The pipeline reports no trouble.' };
      const since = why.sinceMs === undefined ? '' : ` (since ${at(why.sinceMs / 1000)})`;
      return { what, why: `${withoutStop(why.text)}${since}.` };
    }
    case 'paused':
      return { what: 'Ingest is paused.', why: 'Counting continues where it left off once it is resumed.' };
    case 'stopped':
      return { what: 'Ingest has stopped.', why: `${withoutStop(freshness.why.text)}.` };
    case 'loading':
    case 'no-data':
    case 'live':
    case 'no-answer':
      return undefined;
  }
  return freshness satisfies never;
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
}

type MinutesState = PollState<RangeQuery, Minutes>;

interface FailureProps {
  readonly state: MinutesState;
  /** When the page last heard the newest minutes, if it listened before. */
  readonly heardMs: number | undefined;
  readonly retry: () => void;
}

/** Shown while requests fail and old data is on the page; announces when they succeed again. */
export function FailureBanner({ state, heardMs = 0, retry }: FailureProps) {
  const hadFailed = useRef(false);
  const isFailing = state.kind === 'failing' && state.answer !== undefined;
  if (isFailing) hadFailed.current = true;
  return (
    <div role="status" class={isFailing ? undefined : 'hidden'}>
      {isFailing ? (
        <div class="banner">
          <p>
            <strong>No update since {clockTime(Math.max(state.answer.atMs, heardMs))}:</strong>{' '}
            {state.failure.message}. The chart shows the last known data.
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
