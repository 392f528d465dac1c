/** Whether somebody still waits for an answer. */
import type { FastifyReply } from 'fastify';

/** Aborts when the answer is sent, or its connection has closed. */
export function leaving({ raw }: FastifyReply): AbortSignal {
  const left = new AbortController();
  for (const event of ['finish', 'close']) raw.once(event, () => left.abort());
  return left.signal;
}
