/** Pinned Python packages that tests use; pip installs missing ones into the cache. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../dev/bootstrap/servers.mjs';

const run = promisify(execFile);

export interface PythonPackage {
  readonly name: string;
  readonly version: string;
  /** Its extras: `server,s3`. */
  readonly extras?: string;
}

/** The folder with a package and its dependencies, for PYTHONPATH. */
export async function pythonPackage({ name, version, extras = '' }: PythonPackage): Promise<string> {
  // Compiled packages fit one version of Python.
  const tag = await run('python3', ['-c', 'import sys; print(sys.implementation.cache_tag)']);
  const folder = join(cacheFolder(process.env), `${name}-${version}-${tag.stdout.trim()}`);
  if (existsSync(folder)) return folder;
  const half = `${folder}.${process.pid}`;
  await mkdir(dirname(folder), { recursive: true });
  const wanted = `${name}${extras === '' ? '' : `[${extras}]`}==${version}`;
  await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', half, wanted]);
  // Another process may have installed it first, which is as good.
  await rename(half, folder).catch(() => rm(half, { recursive: true, force: true }));
  return folder;
}
