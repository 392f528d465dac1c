/** What `doctor` says of a proxy in the environment. Pure. */
import type { Environment } from '../temporal/client.ts';

const NAMES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];

/** Undefined when no proxy is set: most programs would use it, and we reach Wikimedia and S3 directly. */
export function proxyAdvice(env: Environment): string | undefined {
  const name = NAMES.find(each => (env[each] ?? '') !== '');
  if (name === undefined) return undefined;
  return `${name} is set, but the stream, the Action API, the dumps and S3 are reached without a proxy. Let this machine through to them, or set the addresses of a gateway (EVENTSTREAMS_URL, ACTION_API_URL, DUMPS_URL, AWS_ENDPOINT_URL).`;
}
