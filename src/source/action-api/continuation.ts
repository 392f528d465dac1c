/** ① Where a list of the Action API continues. The keys are opaque: each is sent back as it was received. */
import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../core/json.ts';
import { unreachable } from '../source-failure.ts';
import type { ApiAnswer } from './client.ts';

/** Parameters for the next page. JSON-plain, so that it can be kept in a heartbeat. */
export type Continuation = Readonly<Record<string, string>>;

/**
 * The `continue` of an answer; undefined only if it was the last one.
 * @throws PipelineError `source_unreachable` when it is malformed, or leads back to the same page, which would never end.
 */
export function continuationOf(
  { url, body }: ApiAnswer,
  asked: Continuation | undefined,
): Continuation | undefined {
  const given = body['continue'];
  if (given === undefined) return undefined;
  const next = isObject(given) ? Object.entries(given) : [];
  // Without one of its keys a continuation leads elsewhere, e.g. back to the first page.
  if (next.length === 0 || !next.every(isParameter))
    throw unreachable(url, `cannot continue with ${JSON.stringify(given)}`);
  const parameters = Object.fromEntries(next.map(([name, value]) => [name, String(value)]));
  if (isDeepStrictEqual(parameters, asked)) throw unreachable(url, 'continues with the same page again');
  return parameters;
}

function isParameter(entry: [string, unknown]): entry is [string, string | number] {
  return typeof entry[1] === 'string' || typeof entry[1] === 'number';
}
