/** Waiting for slow readers. */

import type { ServerResponse } from 'node:http';

/** Resolves when more can be written or the connection is closed. */
export async function drained(response: ServerResponse): Promise<void> {
  await new Promise<void>(resolve => {
    const go = (): void => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.once('drain', go).once('close', go);
  });
}
