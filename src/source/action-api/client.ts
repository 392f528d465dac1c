/**
 * ① The read-only side of MediaWiki's Action API: its requests, lists and rows, one wiki at a time. This file makes one
 * request: parameters in, parsed answer out, or a failure that says whether and when to retry. It never retries: the
 * caller knows what else is waiting.
 */
import { isObject } from '../../core/json.ts';
import { WIKIMEDIA_API, isWikimediaHost } from '../../contracts/wikimedia.ts';
import { shownUrl } from '../../core/shown-url.ts';
import type { Json } from '../../core/json.ts';
import { Link } from '../link.ts';
import { fetchOnSite } from '../same-site.ts';
import { isSimulated } from '../simulated.ts';
import {
  WRONG_REQUEST,
  asSourceFailure,
  contentType,
  refusal,
  refused,
  unreachable,
} from '../source-failure.ts';
import type { Advice } from '../source-failure.ts';
import { RATE_LIMIT_MS, apiFailure } from './api-failure.ts';
import { sourceProblems } from '../known-problems.ts';

export interface ActionApi {
  /** URL of the API, e.g. `https://{server_name}/w/api.php`; `{server_name}` is replaced. */
  readonly urlTemplate: string;
  readonly userAgent: string;
  readonly signal: AbortSignal;
}

export interface ApiAnswer {
  /** What was requested, for messages. */
  readonly url: string;
  readonly body: Json;
  /** Size of the uncompressed answer. */
  readonly bytes: number;
  /** Whether the server labels its data as simulated. */
  readonly simulated: boolean;
  /** Warnings of the API about the request, each as `module: text`. */
  readonly warnings: readonly string[];
}

/** For the whole answer. A page of 500 rows takes a second or two. */
const DEADLINE_MS = 30_000;
/** MediaWiki stops adding rows at 8 MiB (`$wgAPIMaxResultSize`), before escapes and the surrounding JSON. */
const MAX_BYTES = 16 << 20;
/** The API refuses us when its replicas lag by more seconds; Wikimedia asks this of unattended clients. */
const MAX_LAG = '5';

const URL_ADVICE = sourceProblems.wrongApi.remedy;
const ADVICE: Advice = {
  byStatus: { 403: sourceProblems.blocked.remedy },
  otherwise: URL_ADVICE,
  final: WRONG_REQUEST,
  rateLimitMs: RATE_LIMIT_MS,
};
/** Server names come from the site matrix, and must not redirect a request to another path or host. */
const SERVER_NAME = /^[a-z0-9.-]+$/i;

/**
 * Sends one request to one wiki. `question`: the parameters except format and lag, several values joined by `|`.
 * @throws the signal's reason when it aborts; else PipelineError `source_unreachable` (trying again may help;
 *   `RetryLater` when it is known how much later), `source_refused` (retryable where it may pass), `cursor_refused` (the
 *   API no longer accepts `continue`: start the window again).
 * @see https://www.mediawiki.org/wiki/API:Etiquette
 */
export async function askActionApi(
  { urlTemplate, userAgent, signal }: ActionApi,
  serverName: string,
  question: Readonly<Record<string, string>>,
): Promise<ApiAnswer> {
  signal.throwIfAborted();
  const url = addressOf(urlTemplate, serverName, question);
  const link = new Link(signal);
  const answer = async (): Promise<ApiAnswer> => {
    const response = await fetchOnSite(url, { headers: { 'User-Agent': userAgent }, signal: link.signal });
    if (response.status !== 200) throw await refusal(url, response, ADVICE);
    return readAnswer(url, response);
  };
  try {
    return await link.within(DEADLINE_MS, answer(), () =>
      unreachable(url, `no whole answer within ${DEADLINE_MS / 1000} s`),
    );
  } catch (error) {
    signal.throwIfAborted();
    throw asSourceFailure(url, error);
  } finally {
    // An answer that was not read to its end would keep its connection open.
    link.end();
  }
}

function addressOf(
  urlTemplate: string,
  serverName: string,
  question: Readonly<Record<string, string>>,
): string {
  if (!SERVER_NAME.test(serverName)) throw refused(`“${serverName}” is not a server name`, serverName);
  if (urlTemplate === WIKIMEDIA_API && !isWikimediaHost(serverName)) {
    const { shows, remedy } = sourceProblems.foreignServer;
    throw refused(`${shows({ server: serverName })}. ${remedy}`, serverName, remedy);
  }
  const text = urlTemplate.replaceAll('{server_name}', serverName);
  if (!URL.canParse(text)) throw refused(`${shownUrl(text)} is not a URL. ${URL_ADVICE}`, text, URL_ADVICE);
  const address = new URL(text);
  const parameters = { format: 'json', formatversion: '2', maxlag: MAX_LAG, ...question };
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  return address.href;
}

async function readAnswer(url: string, response: Response): Promise<ApiAnswer> {
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/json')) {
    throw unreachable(
      url,
      sourceProblems.otherAnswer.shows({ type: contentType(response), expected: 'application/json' }),
    );
  }
  const bytes = await bodyOf(url, response);
  const body = parsed(url, bytes);
  if (isObject(body['error'])) throw apiFailure(url, body['error'], response);
  return {
    url,
    body,
    bytes: bytes.length,
    simulated: isSimulated(response),
    warnings: warningsIn(body['warnings']),
  };
}

async function bodyOf(url: string, { body }: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    // Refused for good, because the next answer would be as long.
    if (bytes > MAX_BYTES)
      throw refused(
        `${shownUrl(url)} answered with more than ${MAX_BYTES} bytes. ${URL_ADVICE}`,
        url,
        URL_ADVICE,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Broken or truncated JSON was damaged on the way, possibly inside gzip, so trying again may help. */
function parsed(url: string, bytes: Buffer): Json {
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw unreachable(url, `answered with ${bytes.length} bytes that are not JSON`, error);
  }
  if (!isObject(body)) throw unreachable(url, 'answered with JSON that is not an object');
  return body;
}

/** `{module: {warnings: text}}` of formatversion 2, `{module: {"*": text}}` of formatversion 1. */
function warningsIn(warnings: unknown): string[] {
  if (!isObject(warnings)) return [];
  return Object.entries(warnings).flatMap(([module, said]) => {
    const text = isObject(said) ? (said['warnings'] ?? said['*']) : undefined;
    return typeof text === 'string' ? [`${module}: ${text}`] : [];
  });
}
