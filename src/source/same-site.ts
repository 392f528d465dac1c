/**
 * `fetch` for all sources, which follows redirects within a site only. Whoever answers for a source, or for a name on the
 * way to it, could otherwise make a worker send requests into its own network, and read the answers in its failures.
 */
import { isWikimediaHost } from '../contracts/wikimedia.ts';
import { shownUrl } from '../core/shown-url.ts';
import { refused, unreachable } from './source-failure.ts';
import { sourceProblems } from './known-problems.ts';

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export interface SiteRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Sends a GET.
 * @throws PipelineError `source_refused` (retryable: the answer may be that of an edge) for a redirect to another site;
 *   what `fetch` throws
 */
export async function fetchOnSite(url: string, { headers, signal }: SiteRequest): Promise<Response> {
  let target = new URL(url);
  const credentials = credentialsIn(target);
  for (let redirects = 0; ; redirects += 1) {
    // `fetch` refuses an address with credentials, with a message that shows them.
    const address = shownUser(target);
    const own = target.origin === new URL(url).origin ? credentials : {};
    const response = await fetch(address, { headers: { ...headers, ...own }, signal, redirect: 'manual' });
    const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
    if (location === null) return response;
    await response.body?.cancel();
    if (redirects === MAX_REDIRECTS) throw tooMany(url);
    const next = URL.canParse(location, address) ? new URL(location, address) : undefined;
    if (next === undefined || !isSameSite(target, next)) throw leftSite(url, next);
    target = next;
  }
}

/** The same server, or another one of Wikimedia; never from https to http. */
function isSameSite(from: URL, to: URL): boolean {
  if (to.protocol !== from.protocol && !(from.protocol === 'http:' && to.protocol === 'https:')) return false;
  if (to.host === from.host) return true;
  // The usual step from http to https, on the usual ports.
  if (to.hostname === from.hostname && to.port === '' && from.port === '') return true;
  return isWikimediaHost(from.hostname) && isWikimediaHost(to.hostname) && to.port === '';
}

function credentialsIn({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function shownUser(url: URL): string {
  const address = new URL(url);
  address.username = '';
  address.password = '';
  return address.href;
}

function leftSite(url: string, to: URL | undefined): Error {
  const where = to === undefined ? 'to an address that cannot be read' : `to ${to.protocol}//${to.host}`;
  const { shows, remedy } = sourceProblems.leavesSite;
  return refused(`${shownUrl(url)} ${shows({ where })}. ${remedy}`, url, remedy, true);
}

function tooMany(url: string): Error {
  return unreachable(url, `redirects more than ${MAX_REDIRECTS} times`);
}
