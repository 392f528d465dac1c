/**
 * Checks that this machine can read the live stream. `npm start` calls it before anything is installed.
 * Plain JS without dependencies: it runs before `npm ci`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const LIMIT_MS = 8_000;

/** @typedef {Readonly<Record<string, string | undefined>>} Env */
/** @typedef {{ kind: 'usable' } | { kind: 'unusable', message: string }} StreamCheck */

/**
 * @param {string} root folder of `.env.example`, which is generated and lists the default settings
 * @param {Env} env
 * @param {number} [limitMs]
 * @returns {Promise<StreamCheck>}
 */
export async function checkStream(root, env, limitMs = LIMIT_MS) {
  const example = exampleIn(root);
  const url = env['EVENTSTREAMS_URL'] || example('EVENTSTREAMS_URL') || '';
  const userAgent = env['USER_AGENT'] || example('USER_AGENT') || '';
  // A missing or malformed address: let the program report it together with all other wrong settings.
  if (!URL.canParse(url)) return { kind: 'usable' };
  const problem = await ask(url, userAgent, limitMs);
  if (problem === undefined) return { kind: 'usable' };
  return {
    kind: 'unusable',
    message: [
      `Cannot read the stream of edits: ${url}`,
      `  ${problem}`,
      'To try the whole pipeline on a simulated stream instead, run:',
      '  npm run demo',
    ].join('\n'),
  };
}

/**
 * @param {string} url
 * @param {string} userAgent
 * @param {number} limitMs
 * @returns {Promise<string | undefined>} what is wrong and how to fix it
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
      return `No response from ${host} within ${limitMs / 1000} s. Check the network and any firewall.`;
    }
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const detail = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    return `Cannot reach ${host} (${detail}). Check the network, and any proxy or firewall.`;
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
  const type = headers.get('content-type') ?? 'no content type';
  if (status === 403) {
    return `${host} refuses this client (403). It requires contact details in USER_AGENT, which is "${userAgent}".`;
  }
  if (status === 429) {
    const wait = headers.get('retry-after');
    return `${host} asks this client to slow down (429). Use a single connection, and try again ${wait === null ? 'later' : `in ${wait} s`}.`;
  }
  if (status >= 500) return `${host} has a server error (${status}). Try again later.`;
  if (!response.ok) return `${host} responds with ${status}. Check EVENTSTREAMS_URL.`;
  if (!type.startsWith('text/event-stream')) {
    return `${host} responds with ${type} instead of an event stream. Check EVENTSTREAMS_URL, and that no login page intercepts the request.`;
  }
  return undefined;
}

/** @param {string} root @returns {(name: string) => string | undefined} */
function exampleIn(root) {
  let text = '';
  try {
    text = readFileSync(join(root, '.env.example'), 'utf8');
  } catch {
    // Without the file there are no defaults; the environment may still have the settings.
  }
  return name => new RegExp(`^#?\\s*${name}=["']?(.*?)["']?$`, 'm').exec(text)?.[1]?.trim();
}
