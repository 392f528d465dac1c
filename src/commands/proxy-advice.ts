/** What `doctor` says of a proxy in the environment. Pure. */
import type { Environment } from '../temporal/client.ts';
import { sourceProblems } from '../source/known-problems.ts';

const NAMES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];

/** Undefined when no proxy is set: most programs would use it, and we reach Wikimedia and S3 directly. */
export function proxyAdvice(env: Environment): string | undefined {
  const name = NAMES.find(each => (env[each] ?? '') !== '');
  if (name === undefined) return undefined;
  return sourceProblems.proxy.remedy({ name });
}
