/** moto's S3 server, which knows lifecycle rules as AWS does; installed with pip into the cache when it is missing. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { startChild } from '../../local/child.ts';
import type { Child } from '../../local/child.ts';
import { LOOPBACK, freePort } from '../../local/ports.ts';
import { cacheFolder } from '../../local/servers.mjs';

const run = promisify(execFile);
const VERSION = '5.2.5';

export interface Moto {
  readonly url: string;
  readonly server: Child;
}

/** Starts one with nothing in it. */
export async function startMoto(): Promise<Moto> {
  const packages = await installed();
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

async function installed(): Promise<string> {
  const folder = join(cacheFolder(process.env), `moto-${VERSION}`);
  if (existsSync(folder)) return folder;
  const half = `${folder}.${process.pid}`;
  await mkdir(dirname(folder), { recursive: true });
  await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', half, `moto[server,s3]==${VERSION}`]);
  // Somebody else may have been faster: theirs is as good.
  await rename(half, folder).catch(() => rm(half, { recursive: true, force: true }));
  return folder;
}
