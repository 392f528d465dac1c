/** Follows the feed of whichever worker reads the stream: finds it, connects, and looks again when nothing comes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EventSource } from 'eventsource';
import type { LiveFrame } from '../contracts/live-frame.ts';
import { isObject } from '../core/json.ts';
import { FEED_PATH } from './feed-route.ts';
import type { FeedTrouble } from './feed-trouble.ts';

/** A frame comes every second. */
export const SILENCE_MS = 10_000;
const LOOK_AGAIN_MS = 2_000;

export interface FollowDeps {
  /** The address of the feed; undefined while nobody reads the stream, or while it is unknown. Never rejects. */
  readonly find: () => Promise<string | undefined>;
  readonly onFrame: (frame: LiveFrame) => void;
  /** Told each time that there is no feed, or no more. */
  readonly onTrouble: (trouble: FeedTrouble) => void;
  /** A connection on which nothing comes for this long is given up. */
  readonly silenceMs?: number;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Resolves once the signal aborts. */
export async function followFeed(deps: FollowDeps): Promise<void> {
  const { find, onTrouble, signal } = deps;
  while (!signal.aborted) {
    const address = await find();
    if (signal.aborted) return;
    const trouble =
      address === undefined
        ? ({ kind: 'unknown' } as const)
        : await followOne(`${address}${FEED_PATH}`, deps);
    if (trouble !== undefined) onTrouble(trouble);
    await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
}

/**
 * Resolves when the connection ends, or nothing has come for a while: another worker may read by now.
 * @returns why; undefined once the signal aborts
 */
async function followOne(
  url: string,
  { onFrame, signal, silenceMs = SILENCE_MS }: FollowDeps,
): Promise<FeedTrouble | undefined> {
  const source = new EventSource(url);
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  try {
    return await new Promise<FeedTrouble | undefined>(resolve => {
      const wait = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => resolve({ kind: 'silent', url }), silenceMs);
      };
      source.addEventListener('message', ({ data }: { readonly data: unknown }) => {
        const frame = readFrame(String(data));
        if (frame === undefined) return;
        wait();
        onFrame(frame);
      });
      source.addEventListener('error', ({ code, message }) =>
        resolve({
          kind: 'unreachable',
          url,
          reason: message ?? (code === undefined ? 'it has ended' : `status ${code}`),
        }),
      );
      onAbort = () => resolve(undefined);
      signal.addEventListener('abort', onAbort, { once: true });
      wait();
    });
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
    source.close();
  }
}

/** Undefined for what is not a frame. A worker may be of a later version, so only what is used is looked at. */
export function readFrame(text: string): LiveFrame | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { attempt, fence, positions, parts } = value;
  const isFrame = typeof attempt === 'string' && typeof fence === 'number' && isObject(positions);
  return isFrame && Array.isArray(parts) && parts.every(isPart) ? (value as unknown as LiveFrame) : undefined;
}

function isPart(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { key, kind, rows = [] } = value;
  return (
    typeof key === 'string' &&
    (kind === 'open' || kind === 'stored') &&
    Array.isArray(rows) &&
    rows.every(isRow)
  );
}

function isRow(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { minute, wiki, isBot, edits, bytesChange } = value;
  const areNumbers = [minute, edits, bytesChange].every(Number.isSafeInteger);
  return areNumbers && typeof wiki === 'string' && typeof isBot === 'boolean';
}
