/** How many connections a server holds. Viewers stay for hours, and must not use up what requests need. */
import type { Server } from 'node:http';

/** @param viewers how many of the open connections are those of viewers, which have a limit of their own */
export function limitConnections(server: Server, most: number, viewers: () => number): void {
  let open = 0;
  server.on('connection', socket => {
    if (open - viewers() >= most) {
      socket.destroy();
      return;
    }
    open += 1;
    socket.once('close', () => (open -= 1));
  });
}
