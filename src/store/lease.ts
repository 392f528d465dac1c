/**
 * A lock among all processes on a bucket, for installations without a database: an object that its holder keeps
 * renewing, and that others may take once it has not been renewed for a while. The holder knows by its own clock when
 * it may have lost the lease, and stops before that. One gap remains: if a process freezes in the middle of a request,
 * that request may still be carried out later.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PipelineError } from '../contracts/errors.ts';
import { isObject } from '../core/json.ts';
import { s3Problems } from './known-problems.ts';
import type { VersionedStore } from './object-store.ts';

export interface LeaseOptions {
  readonly key: string;
  /** Called once, when another process holds the lease and we wait. */
  readonly onWait: () => void;
  /** How long the lease lasts without being renewed. */
  readonly holdMs?: number;
  /** How often it is looked at while another process holds it. */
  readonly pollMs?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

const HOLD_MS = 30_000;
const POLL_MS = 500;
const JSON_TYPE = { contentType: 'application/json' };

/**
 * Does `work` while holding the lease. The signal aborts when the lease is, or may be, lost.
 * @throws the reason of `signal` when it aborts before the lease is held
 */
export async function withLease<T>(
  store: VersionedStore,
  { key, onWait, holdMs = HOLD_MS, pollMs = POLL_MS, signal }: LeaseOptions,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const holder = randomUUID();
  let etag = await acquire(store, key, holder, { onWait, holdMs, pollMs, signal });
  const lost = new AbortController();
  const done = new AbortController();
  const renew = async (): Promise<void> => {
    let renewedMs = performance.now();
    while (!done.signal.aborted && !lost.signal.aborted) {
      await sleep(holdMs / 10, undefined, { signal: done.signal }).catch(() => undefined);
      if (done.signal.aborted) return;
      const startedMs = performance.now();
      // Well before others may take the lease.
      const isLate = (): boolean => performance.now() - renewedMs > holdMs / 2;
      const next = isLate() ? undefined : await renewed(store, key, etag, holder).catch(() => etag);
      if (next === undefined || isLate()) lost.abort(leaseLost(key));
      else if (next !== etag) [etag, renewedMs] = [next, startedMs];
    }
  };
  const renewing = renew();
  try {
    return await work(lost.signal);
  } finally {
    done.abort();
    await renewing;
    // Release it. If this fails, it expires soon.
    if (!lost.signal.aborted) await store.replace(key, etag, bodyOf('', 0), JSON_TYPE).catch(() => undefined);
  }
}

interface Waiting extends Required<Pick<LeaseOptions, 'onWait' | 'holdMs' | 'pollMs'>> {
  readonly signal: AbortSignal | undefined;
}

/** Waits for the lease; returns the version that names us as its holder. */
async function acquire(
  store: VersionedStore,
  key: string,
  holder: string,
  { onWait, holdMs, pollMs, signal }: Waiting,
): Promise<string> {
  /** Since when we have seen the current version, by our own clock: those of other machines may be wrong. */
  let seen: { readonly etag: string; readonly sinceMs: number } | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const present = await store.read(key);
    if (present !== undefined && present.etag !== seen?.etag) {
      if (seen === undefined && !isFree(present.body)) onWait();
      seen = { etag: present.etag, sinceMs: performance.now() };
    }
    // An earlier request of ours may have succeeded although its response was lost.
    if (present !== undefined && holderOf(present.body) === holder) return present.etag;
    const isStale = seen !== undefined && performance.now() - seen.sinceMs > holdMs;
    if (present === undefined || isFree(present.body) || isStale) {
      const taken = await store.replace(key, present?.etag, bodyOf(holder, 1), JSON_TYPE);
      if (taken !== undefined) return taken;
    }
    await sleep(pollMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
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
  // It may be ours: written by a request whose response was lost.
  const present = await store.read(key);
  return present !== undefined && holderOf(present.body) === holder ? present.etag : undefined;
}

/** Every renewal has another body, so that it gets another tag. */
function bodyOf(holder: string, renewal: number): Uint8Array {
  return Buffer.from(`${JSON.stringify({ holder, renewal })}\n`);
}

function isFree(body: Uint8Array): boolean {
  return holderOf(body) === '';
}

function holderOf(body: Uint8Array): string {
  try {
    const lease: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    return isObject(lease) && typeof lease['holder'] === 'string' ? lease['holder'] : '';
  } catch {
    // Not written by wikigauge, so free.
    return '';
  }
}

function leaseLost(key: string): PipelineError {
  return new PipelineError(s3Problems.leaseLost.shows({ key }), {
    code: 'storage_unavailable',
    op: 'hold the lease',
    subject: key,
    retryable: true,
    hint: s3Problems.leaseLost.remedy,
  });
}
