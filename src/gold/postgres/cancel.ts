/** Asks a server to stop what one of its connections does. A server goes on with a statement that nobody waits for. */
import { connect } from 'node:net';
import type { ClientBase } from 'pg';

/** @see https://www.postgresql.org/docs/current/protocol-message-formats.html, CancelRequest */
const CANCEL_REQUEST = 80_877_102;
const LIMIT_MS = 2_000;

/** What `pg` knows of a connection beyond its types. */
interface Backend {
  readonly host: string;
  readonly port: number;
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/**
 * Resolves once the server, or the pooler before it, has taken the request, or cannot be asked: the time limit of
 * statements remains. The request is not encrypted, as in libpq before 17; the key in it is good for nothing else.
 */
export function cancelStatement(client: ClientBase): Promise<void> {
  const { host, port, processID, secretKey } = client as unknown as Backend;
  if (processID === null || secretKey === null) return Promise.resolve();
  const request = Buffer.alloc(16);
  for (const [at, value] of [request.length, CANCEL_REQUEST, processID, secretKey].entries())
    request.writeInt32BE(value, at * 4);
  return new Promise(resolve => {
    const socket = connect(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port });
    socket.setTimeout(LIMIT_MS, () => socket.destroy());
    // Closed is what matters, and it follows.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.resume();
    // Not ended: a pooler forgets the request of a client that has hung up. The server closes it.
    socket.write(request);
  });
}
