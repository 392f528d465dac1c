/**
 * One at a time over all processes on a bucket, where no database can lock: an object that its holder renews, and that
 * is anybody's once it was not renewed for a while. Who holds it knows by its own clock when it may have lost it, and
 * stops before that; a process that is frozen in the middle of a request can still have that one request carried out.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PipelineError } from '../contracts/errors.ts';
import type { VersionedStore } from './object-store.ts';

export interface LeaseOptions {
  readonly key: string;
  /** Called once when another process holds it and we wait. */
  readonly onWait: () => void;
  /** How long it holds without being renewed. */
  readonly holdMs?: number;
}

const HOLD_MS = 30_000;
const LOOK_AGAIN_MS = 500;
const JSON_TYPE = { contentType: 'application/json' };

/** Does `work` while no other process has the lease. The signal aborts when it is, or may be, lost. */
export async function withLease<T>(
  store: VersionedStore,
  { key, onWait, holdMs = HOLD_MS }: LeaseOptions,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const holder = randomUUID();
  let etag = await acquire(store, key, holder, { onWait, holdMs });
  const lost = new AbortController();
  const done = new AbortController();
  const renew = async (): Promise<void> => {
    let renewedMs = performance.now();
    while (!done.signal.aborted && !lost.signal.aborted) {
      await sleep(holdMs / 10, undefined, { signal: done.signal }).catch(() => undefined);
      if (done.signal.aborted) return;
      const askedMs = performance.now();
      // Well before another may take it.
      const isLate = (): boolean => performance.now() - renewedMs > holdMs / 2;
      const next = isLate() ? undefined : await renewed(store, key, etag, holder).catch(() => etag);
      if (next === undefined || isLate()) lost.abort(leaseLost(key));
      else if (next !== etag) [etag, renewedMs] = [next, askedMs];
    }
  };
  const renewing = renew();
  try {
    return await work(lost.signal);
  } finally {
    done.abort();
    await renewing;
    // Free for the next one at once. If this fails it is free in a moment.
    if (!lost.signal.aborted) await store.replace(key, etag, bodyOf('', 0), JSON_TYPE).catch(() => undefined);
  }
}

/** The version that says that we hold it. */
async function acquire(
  store: VersionedStore,
  key: string,
  holder: string,
  { onWait, holdMs }: Required<Pick<LeaseOptions, 'onWait' | 'holdMs'>>,
): Promise<string> {
  /** Since when the version that is there has been seen, by our own clock: those of others may be wrong. */
  let seen: { readonly etag: string; readonly sinceMs: number } | undefined;
  for (;;) {
    const present = await store.read(key);
    if (present !== undefined && present.etag !== seen?.etag) {
      if (seen === undefined && !isFree(present.body)) onWait();
      seen = { etag: present.etag, sinceMs: performance.now() };
    }
    // The answer to our own request may have been lost.
    if (present !== undefined && holderOf(present.body) === holder) return present.etag;
    const isStale = seen !== undefined && performance.now() - seen.sinceMs > holdMs;
    if (present === undefined || isFree(present.body) || isStale) {
      const taken = await store.replace(key, present?.etag, bodyOf(holder, 1), JSON_TYPE);
      if (taken !== undefined) return taken;
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

async function renewed(
  store: VersionedStore,
  key: string,
  etag: string,
  holder: string,
): Promise<string | undefined> {
  const next = await store.replace(key, etag, bodyOf(holder, Date.now()), JSON_TYPE);
  if (next !== undefined) return next;
  // Written by us, and the answer was lost?
  const present = await store.read(key);
  return present !== undefined && holderOf(present.body) === holder ? present.etag : undefined;
}

/** Each renewal has another body, so that it has another tag. */
function bodyOf(holder: string, renewal: number): Uint8Array {
  return Buffer.from(`${JSON.stringify({ holder, renewal })}\n`);
}

function isFree(body: Uint8Array): boolean {
  return holderOf(body) === '';
}

function holderOf(body: Uint8Array): string {
  try {
    const { holder } = JSON.parse(Buffer.from(body).toString('utf8')) as { holder?: unknown };
    return typeof holder === 'string' ? holder : '';
  } catch {
    // Nobody's: it was not written by us.
    return '';
  }
}

function leaseLost(key: string): PipelineError {
  return new PipelineError(`${key} could not be renewed in time: another process may work now`, {
    code: 'storage_unavailable',
    op: 'hold the lease',
    subject: key,
    retryable: true,
    hint: 'Run the command again.',
  });
}
