/**
 * How the stream server says no: status, and a JSON body in the shape of the real one's error handler.
 */

import type { ServerResponse } from 'node:http';

/** A request that is not served. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A refusal by EventStreams itself. */
export function refusal(
  status: number,
  type: string,
  title: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  return { kind: 'refusal', status, headers, body: { status, type, title, detail } };
}

/** A refusal by KafkaSSE, the library that reads Kafka, which words its errors differently. */
export function kafkaRefusal(status: number, name: string, message: string, more: object = {}): Refusal {
  return {
    kind: 'refusal',
    status,
    body: { message, origin: 'KafkaSSE', name, ...more, statusCode: status },
  };
}

/** Sends it, with the method and the path as the real server adds them. */
export function refuse(
  response: ServerResponse,
  { status, headers, body }: Refusal,
  method: string,
  uri: string,
): void {
  const text = `${JSON.stringify(body['origin'] === undefined ? { ...body, method, uri } : body)}\n`;
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(text);
}
