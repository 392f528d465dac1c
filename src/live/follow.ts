/** Follows the feed of whichever worker reads the stream: finds it, connects, and looks again when nothing comes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EventSource } from 'eventsource';
import type { LiveFrame } from '../contracts/live-frame.ts';
import { isObject } from '../core/json.ts';
import { FEED_PATH } from './feed-route.ts';

/** A frame comes every second. */
export const SILENCE_MS = 10_000;
const LOOK_AGAIN_MS = 2_000;

export interface FollowDeps {
  /** The address of the feed; undefined while nobody reads the stream, or while it is unknown. Never rejects. */
  readonly find: () => Promise<string | undefined>;
  readonly onFrame: (frame: LiveFrame) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Resolves once the signal aborts. */
export async function followFeed({ find, onFrame, signal }: FollowDeps): Promise<void> {
  while (!signal.aborted) {
    const address = await find();
    if (address !== undefined) await followOne(`${address}${FEED_PATH}`, onFrame, signal);
    await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Resolves when the connection ends, or nothing has come for a while: another worker may read by now. */
async function followOne(
  url: string,
  onFrame: (frame: LiveFrame) => void,
  signal: AbortSignal,
): Promise<void> {
  const source = new EventSource(url);
  const ended = new AbortController();
  const end = (): void => ended.abort();
  let timer = setTimeout(end, SILENCE_MS);
  source.addEventListener('message', ({ data }: { readonly data: unknown }) => {
    const frame = readFrame(String(data));
    if (frame === undefined) return;
    clearTimeout(timer);
    timer = setTimeout(end, SILENCE_MS);
    onFrame(frame);
  });
  source.addEventListener('error', end);
  signal.addEventListener('abort', end, { once: true });
  try {
    if (!signal.aborted)
      await new Promise<void>(resolve => ended.signal.addEventListener('abort', () => resolve()));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
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
