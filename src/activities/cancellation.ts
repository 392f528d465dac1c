/** Cancellation of an activity, as Temporal needs to see it. */

/** Once the signal has aborted, its reason replaces any error, because the error is only a consequence of the abort. */
export async function reasonIfAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw signal.aborted ? signal.reason : error;
  });
}
