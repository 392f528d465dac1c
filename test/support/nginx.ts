/** Debian's nginx in front of an address, with the settings that Debian ships; undefined where it is not installed. */
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '../../dev/stack/child.ts';
import { freePort } from '../../dev/stack/ports.ts';

const BINARY = '/usr/sbin/nginx';
const SETTINGS = '/etc/nginx/nginx.conf';
/** Of an installed nginx, which may run: files of its own, and the sites that it serves. */
const OF_THE_MACHINE =
  /^\s*(?:pid|error_log|access_log|include \/etc\/nginx\/(?:conf\.d|sites-enabled)\/).*;$/gm;
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

export const hasNginx = existsSync(BINARY) && existsSync(SETTINGS);

export interface Nginx {
  readonly address: string;
  stop(): Promise<void>;
}

/** Passes everything on to `upstream`. */
export async function startNginx(upstream: string): Promise<Nginx> {
  const home = await mkdtemp(join(tmpdir(), 'wikigauge-nginx-'));
  // Its workers run as another user.
  await chmod(home, 0o755);
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const site = `server { listen 127.0.0.1:${port}; location / { proxy_pass ${upstream}; } }`;
  const folders = TEMPORARY.map(name => `${name}_temp_path ${home}/${name};`);
  const settings = (await readFile(SETTINGS, 'utf8')).replace(OF_THE_MACHINE, '');
  const log = join(home, 'error.log');
  const file = join(home, 'nginx.conf');
  await writeFile(
    file,
    `pid ${home}/pid;\nerror_log ${log};\n${settings.replace(/^http \{$/m, ['http {', 'access_log off;', ...folders, site].join('\n'))}`,
  );
  const child = await startChild({
    name: 'nginx',
    command: BINARY,
    args: ['-c', file, '-e', log, '-g', 'daemon off;'],
    env: process.env,
    logFile: join(home, 'nginx.log'),
    ready: async signal => void (await fetch(`${address}/healthz`, { signal })),
  });
  return {
    address,
    async stop() {
      await child.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
