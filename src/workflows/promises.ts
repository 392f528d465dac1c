/**
 * The only ways not to await a promise at once. A promise that rejects before it has a handler fails the workflow task,
 * which Temporal repeats for ever: the run hangs, and not even a cancel ends it. `test/workflows/promises` holds that
 * every promise of this folder is awaited, returned, passed on, or goes through one of these.
 */

/** A promise that is awaited later, or more than once. Whoever awaits it still gets its rejection. */
export function handled<T>(promise: Promise<T>): Promise<T> {
  background(promise);
  return promise;
}

/** A promise that is never awaited: it reports its outcome, and its failure, by itself. */
export function background(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}
