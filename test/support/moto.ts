/** moto's S3 server, which knows lifecycle rules as AWS does; installed with pip into the cache when it is missing. */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { LOOPBACK, choosePorts } from '../../local/ports.ts';
import { cacheFolder } from '../../local/servers.mjs';
import { untilHolds } from './until.ts';

const run = promisify(execFile);
const VERSION = '5.2.5';

export interface Moto {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts one with nothing in it. */
export async function startMoto(): Promise<Moto> {
  const packages = await installed();
  const { moto } = await choosePorts({ moto: { server: 'moto', variable: 'none', port: 0 } });
  const server = spawn('python3', ['-m', 'moto.server', '-H', LOOPBACK, '-p', String(moto)], {
    env: { ...process.env, PYTHONPATH: packages },
    stdio: 'ignore',
  });
  const ended = new Promise<void>(resolve => void server.once('exit', () => resolve()));
  const url = `http://${LOOPBACK}:${moto}`;
  await untilHolds(async () => (await fetch(`${url}/moto-api/`)).body?.cancel());
  return {
    url,
    async close() {
      server.kill();
      await ended;
    },
  };
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
