/** Packages of Python that tests use, pinned; installed with pip into the cache when they are missing. */
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
  /** Optional parts of it: `server,s3`. */
  readonly extras?: string;
}

/** The folder, for PYTHONPATH, that holds a package and what it needs. */
export async function pythonPackage({ name, version, extras = '' }: PythonPackage): Promise<string> {
  // What is compiled fits one version of Python.
  const tag = await run('python3', ['-c', 'import sys; print(sys.implementation.cache_tag)']);
  const folder = join(cacheFolder(process.env), `${name}-${version}-${tag.stdout.trim()}`);
  if (existsSync(folder)) return folder;
  const half = `${folder}.${process.pid}`;
  await mkdir(dirname(folder), { recursive: true });
  const wanted = `${name}${extras === '' ? '' : `[${extras}]`}==${version}`;
  await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', half, wanted]);
  // Somebody else may have been faster: theirs is as good.
  await rename(half, folder).catch(() => rm(half, { recursive: true, force: true }));
  return folder;
}
