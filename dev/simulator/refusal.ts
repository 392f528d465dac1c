/**
 * Refusals of the server: a status and a JSON body in the format of the real server's error handler.
 */

import type { ServerResponse } from 'node:http';

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

/** A refusal by KafkaSSE, the library that reads Kafka; its errors have a different format. */
export function kafkaRefusal(status: number, name: string, message: string, more: object = {}): Refusal {
  return {
    kind: 'refusal',
    status,
    body: { message, origin: 'KafkaSSE', name, ...more, statusCode: status },
  };
}

/** Sends a refusal, with method and path added like in the real server. */
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
