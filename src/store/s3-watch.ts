/**
 * Takes each answer from the wire before the SDK reads it. The SDK turns any XML or HTML page into an empty listing, and
 * an error page into an error without a code; nothing of headers and body is left for a decision.
 */
import type { S3Client } from '@aws-sdk/client-s3';
import { isObject } from '../core/json.ts';
import { bodyOf, wordsOf } from './s3-answer.ts';
import type { S3Answer, S3Body, S3Operation } from './s3-answer.ts';
import { mayBeNoObject, meaningOf } from './s3-meaning.ts';
import type { Outcome, Place } from './s3-meaning.ts';

/** By the response that an error of the SDK refers to. */
const answers = new WeakMap<object, S3Answer>();

/** Only these are told apart when an answer is a success. */
const OPERATIONS: Readonly<Record<string, S3Operation>> = {
  GetObjectCommand: 'get',
  ListObjectsV2Command: 'list',
  HeadBucketCommand: 'find bucket',
};
/** Of what is not a listing or an object, only the beginning matters. */
const MAX_BYTES = 1 << 20;

/** An answer that says it is a success and is not one. */
class FalseSuccess extends Error {
  override readonly name = 'FalseSuccess';
  readonly $response: object;
  readonly $metadata: { readonly httpStatusCode: number };
  constructor(answer: S3Answer, response: object) {
    super(`it answers ${wordsOf(answer)}`);
    this.$response = response;
    this.$metadata = { httpStatusCode: answer.status };
  }
}

/** Makes a client keep what `outcomeOf` needs, and reject answers that are no success whatever their status. */
export function watchAnswers(client: S3Client, place: Place): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async args => {
        const result = await next(args);
        const { response } = result;
        if (!isResponse(response)) return result;
        const operation = OPERATIONS[commandName] ?? 'delete';
        const headers = lowerCased(response.headers);
        const isObjectBody = operation === 'get' && response.statusCode < 300 && !mayBeNoObject({ headers });
        const body = isObjectBody ? UNREAD : await readBody(response, operation);
        const answer = { status: response.statusCode, headers, body };
        answers.set(response, answer);
        const isFalse = answer.status < 300 && meaningOf(operation, answer, place, 0).kind !== 'done';
        if (isFalse) throw new FalseSuccess(answer, response);
        return result;
      },
    // Next to the wire.
    { step: 'deserialize', priority: 'low', name: 'watchAnswers' },
  );
}

/** What a failed call got: the answer, or the name of the error that came instead of one. */
export function outcomeOf(error: unknown): Outcome {
  const response: unknown = error instanceof Error && '$response' in error ? error.$response : undefined;
  const answer = typeof response === 'object' && response !== null ? answers.get(response) : undefined;
  return answer ?? { status: undefined, name: error instanceof Error ? error.name : '' };
}

const UNREAD: S3Body = { kind: 'unread' };

interface Response {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  body?: AsyncIterable<Uint8Array> | Uint8Array;
}

function isResponse(value: unknown): value is Response {
  return isObject(value) && typeof value['statusCode'] === 'number' && isObject(value['headers']);
}

/** Reads the body and puts it back for the SDK. */
async function readBody(response: Response, operation: S3Operation): Promise<S3Body> {
  if (operation === 'find bucket' || response.body === undefined) return UNREAD;
  const bytes = await bytesOf(response.body);
  response.body = bytes;
  return bodyOf(new TextDecoder().decode(bytes.subarray(0, MAX_BYTES)));
}

async function bytesOf(body: AsyncIterable<Uint8Array> | Uint8Array): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
