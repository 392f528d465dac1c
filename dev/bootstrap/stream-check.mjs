/**
 * Whether the live stream can be read from here: asked by `npm start` before anything is installed.
 * Plain JS without dependencies: it runs before `npm ci`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const LIMIT_MS = 8_000;

/** @typedef {Readonly<Record<string, string | undefined>>} Env */
/** @typedef {{ kind: 'usable' } | { kind: 'unusable', message: string }} StreamCheck */

/**
 * @param {string} root folder with `.env.example`, which is generated from the settings and has their defaults
 * @param {Env} env
 * @param {number} [limitMs]
 * @returns {Promise<StreamCheck>}
 */
export async function checkStream(root, env, limitMs = LIMIT_MS) {
  const example = exampleIn(root);
  const url = env['EVENTSTREAMS_URL'] || example('EVENTSTREAMS_URL') || '';
  const userAgent = env['USER_AGENT'] || example('USER_AGENT') || '';
  // No address, or one that is none: the program itself reports wrong settings, all at once.
  if (!URL.canParse(url)) return { kind: 'usable' };
  const problem = await ask(url, userAgent, limitMs);
  if (problem === undefined) return { kind: 'usable' };
  return {
    kind: 'unusable',
    message: [
      `The stream of edits cannot be read: ${url}`,
      `  ${problem}`,
      'To see the whole pipeline at work without it, on a simulated stream:',
      '  npm run demo',
    ].join('\n'),
  };
}

/**
 * @param {string} url
 * @param {string} userAgent
 * @param {number} limitMs
 * @returns {Promise<string | undefined>} what is wrong and how to mend it
 */
async function ask(url, userAgent, limitMs) {
  const host = new URL(url).host;
  try {
    const response = await fetch(url, {
      headers: { accept: 'text/event-stream', ...(userAgent === '' ? {} : { 'user-agent': userAgent }) },
      signal: AbortSignal.timeout(limitMs),
    });
    await response.body?.cancel();
    return refusal(response, host, userAgent);
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') {
      return `No answer from ${host} within ${limitMs / 1000} s: no route to it, or a firewall that drops it.`;
    }
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const detail = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    return `No way to ${host} from this machine (${detail}): no network, or a proxy or firewall in between.`;
  }
}

/**
 * @param {Response} response
 * @param {string} host
 * @param {string} userAgent
 * @returns {string | undefined}
 */
function refusal(response, host, userAgent) {
  const { status, headers } = response;
  const type = headers.get('content-type') ?? 'nothing';
  if (status === 403) {
    return `${host} is there and refuses us (403). It wants a contact in USER_AGENT; ours is "${userAgent}".`;
  }
  if (status === 429) {
    const wait = headers.get('retry-after');
    return `${host} is there and asks us to slow down (429)${wait === null ? '' : `, for ${wait} s`}. Try again later; keep to one connection.`;
  }
  if (status >= 500) return `${host} is there and has a problem of its own (${status}). Try again later.`;
  if (!response.ok) return `${host} is there and answers ${status}. Is EVENTSTREAMS_URL right?`;
  if (!type.startsWith('text/event-stream')) {
    return `${host} answers with ${type} instead of an event stream. Is EVENTSTREAMS_URL right? Is a login page in between?`;
  }
  return undefined;
}

/** @param {string} root @returns {(name: string) => string | undefined} */
function exampleIn(root) {
  let text = '';
  try {
    text = readFileSync(join(root, '.env.example'), 'utf8');
  } catch {
    // Without it only what is set explicitly can be asked.
  }
  return name => new RegExp(`^#?\\s*${name}=["']?(.*?)["']?$`, 'm').exec(text)?.[1]?.trim();
}
