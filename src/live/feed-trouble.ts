/** Why no frames come, as the log of an API says it. */

export type FeedTrouble =
  /** No run of ingest says where its feed is, or Temporal does not answer. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unreachable'; readonly url: string; readonly reason: string }
  | { readonly kind: 'silent'; readonly url: string };

export function feedTroubleText(trouble: FeedTrouble): string {
  if (trouble.kind === 'unknown')
    return 'its address is unknown, because no worker reads the stream, its METRICS_PORT is 0, or Temporal does not answer. LIVE_URL sets the address.';
  const { url } = trouble;
  return trouble.kind === 'silent'
    ? `${url} is open and sends nothing: its worker is frozen, or no longer reads the stream.`
    : `${url} cannot be reached (${trouble.reason}). A worker on another machine needs LIVE_HOST or METRICS_HOST, and LIVE_ADVERTISE if it has another name here.`;
}
