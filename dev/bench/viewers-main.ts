/**
 * A process that watches the live route over many sockets, for `live-fanout`. Its parent sends messages: how many
 * viewers to open, and when to report. It counts the bytes that arrive, and keeps nothing else.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

export interface ViewersOrder {
  readonly port: number;
  readonly host: string;
  readonly viewers: number;
  /** Addresses of this machine to connect from: each has ports of its own. */
  readonly from: readonly string[];
}

/** Since the report before. */
export interface ViewersReport {
  readonly open: number;
  readonly bytes: number;
}

const AT_ONCE = 100;

let open = 0;
let bytes = 0;

async function view({ host, port, from }: ViewersOrder, index: number): Promise<void> {
  const localAddress = from[index % from.length];
  const socket: Socket = connect({ host, port, ...(localAddress !== undefined && { localAddress }) });
  socket.on('error', () => undefined);
  socket.write('GET /api/v1/live?wiki=all HTTP/1.1\r\nHost: wikigauge\r\n\r\n');
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  if (!chunk.toString('latin1', 0, 15).includes(' 200 ')) throw new Error(chunk.toString('latin1', 0, 300));
  open += 1;
  socket.on('data', (more: Buffer) => (bytes += more.length));
  socket.once('close', () => (open -= 1));
}

async function openAll(order: ViewersOrder): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < order.viewers) await view(order, next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

function report(): void {
  const answer: ViewersReport = { open, bytes };
  bytes = 0;
  process.send?.(answer);
}

process.on('message', (message: ViewersOrder | 'report') => {
  if (message === 'report') report();
  else
    openAll(message).then(report, error => {
      console.error(error);
      process.exit(1);
    });
});
process.once('disconnect', () => process.exit(0));
