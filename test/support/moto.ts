/** moto's S3 server, which supports lifecycle rules like AWS. */
import { join } from 'node:path';
import { inject } from 'vitest';
import { startChild } from '../../dev/stack/child.ts';
import type { Child } from '../../dev/stack/child.ts';
import { LOOPBACK, freePort } from '../../dev/stack/ports.ts';
import { pythonPackage } from './python-packages.ts';

export interface Moto {
  readonly url: string;
  readonly server: Child;
}

/** Starts an empty server. */
export async function startMoto(): Promise<Moto> {
  const packages = await pythonPackage({ name: 'moto', version: '5.2.5', extras: 'server,s3' });
  const port = await freePort();
  const url = `http://${LOOPBACK}:${port}`;
  const server = await startChild({
    name: 'moto',
    command: 'python3',
    args: ['-m', 'moto.server', '-H', LOOPBACK, '-p', String(port)],
    env: { ...process.env, PYTHONPATH: packages },
    logFile: join(inject('folder'), 'moto.log'),
    ready: async signal => (await fetch(`${url}/moto-api/`, { signal })).body?.cancel(),
  });
  return { url, server };
}
