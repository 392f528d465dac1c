/** A poller bound to a component: polls the component's query, pauses while the tab is hidden, stops on unmount. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { createPoller } from './poller.ts';
import type { PollState, Poller, PollerOptions } from './poller.ts';

type FeedOptions<Q, T> = Pick<PollerOptions<Q, T>, 'load' | 'intervalMs' | 'isWhole' | 'carriesOver'>;

export interface Feed<Q, T> {
  readonly state: PollState<Q, T>;
  /** Requests now. */
  retry(): void;
}

/**
 * @param query undefined: no requests
 * @param options must be the same object on every call
 * @param repeats false: something else tells what changes
 */
export function useFeed<Q, T>(query: Q | undefined, options: FeedOptions<Q, T>, repeats = true): Feed<Q, T> {
  const [state, setState] = useState<PollState<Q, T>>({ kind: 'idle' });
  const poller = useRef<Poller<Q>>(null);
  const asks = query !== undefined;

  useEffect(() => {
    const created = createPoller<Q, T>({
      ...options,
      onChange: setState,
      nowMs: Date.now,
      startTimer: (run, ms) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
      random: Math.random,
    });
    poller.current = created;
    return () => created.stop();
  }, [options]);

  useEffect(() => {
    const follow = (): void => poller.current?.setPaused(document.hidden || !asks);
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => document.removeEventListener('visibilitychange', follow);
  }, [options, asks]);

  useEffect(() => poller.current?.setRepeating(repeats), [options, repeats]);

  const question = JSON.stringify(query);
  useEffect(() => {
    if (query !== undefined) poller.current?.ask(query);
  }, [options, question]);

  const retry = (): void => poller.current?.retry();
  if (query === undefined) return { state: { kind: 'idle' }, retry };
  // Until the effect runs for a new query, the state still belongs to the previous one.
  const behind = state.kind === 'idle' || JSON.stringify(state.query) !== question;
  if (!behind) return { state, retry };
  const answer = state.kind === 'idle' ? undefined : state.answer;
  const kept = answer !== undefined && options.carriesOver(answer.query, query) ? answer : undefined;
  return { state: { kind: 'loading', query, answer: kept }, retry };
}
