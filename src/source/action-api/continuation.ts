/** ① Where a list of the Action API goes on. What it says is opaque: every key is sent back as it came. */
import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../core/json.ts';
import { unreachable } from '../source-failure.ts';
import type { ApiAnswer } from './client.ts';

/** Parameters for the next page. JSON-plain, so that it can be kept in a heartbeat. */
export type Continuation = Readonly<Record<string, string>>;

/**
 * The `continue` of an answer; undefined when it was the last one, and only then.
 * @throws PipelineError `source_unreachable` when it cannot be followed, or leads where we were: that would never end.
 */
export function continuationOf(
  { url, body }: ApiAnswer,
  asked: Continuation | undefined,
): Continuation | undefined {
  const said = body['continue'];
  if (said === undefined) return undefined;
  const next = isObject(said) ? Object.entries(said) : [];
  // A key left out would lead elsewhere, such as back to the first page.
  if (next.length === 0 || !next.every(isParameter))
    throw unreachable(url, `continues with ${JSON.stringify(said)}`);
  const parameters = Object.fromEntries(next.map(([name, value]) => [name, String(value)]));
  if (isDeepStrictEqual(parameters, asked)) throw unreachable(url, 'continues where it was asked to begin');
  return parameters;
}

function isParameter(entry: [string, unknown]): entry is [string, string | number] {
  return typeof entry[1] === 'string' || typeof entry[1] === 'number';
}
