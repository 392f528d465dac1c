/**
 * Gets the servers of the local stack that are not there yet: the vendor's release archive, else a build with Go, once
 * per user. Any number of processes may ask at the same time: one gets it, the others wait, and nobody sees half a file.
 * Plain JS without dependencies: it runs before `npm ci`.
 */
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { lock, tryLock } from './pid-lock.mjs';
import { buildWithGo } from './server-build.mjs';
import { downloadRelease } from './server-release.mjs';
import { SERVERS, cacheFolder, cachedPath, findServer, isExecutable } from './servers.mjs';

/** @typedef {import('./servers.mjs').ServerName} ServerName */
/** @typedef {import('./servers.mjs').PinnedServer} PinnedServer */

/** Temporary folders of builds that were killed are swept after this long; no build takes an hour. */
const LEFT_OVER_MS = 3_600_000;

/**
 * Gets every named server that is not there yet, at the same time, and returns where all of them are.
 *
 * @param {readonly ServerName[]} names
 * @param {object} options
 * @param {Readonly<Record<string, string | undefined>>} options.env
 * @param {import('./progress.mjs').Progress} options.progress
 * @param {AbortSignal | undefined} [options.signal] stops downloads and builds
 * @param {string | undefined} [options.releases] another place for the release archives (tests)
 * @returns {Promise<Partial<Record<ServerName, string>>>}
 * @throws Error that says what was tried for each server and which commands mend it
 */
export async function obtainServers(names, options) {
  const results = await Promise.allSettled(names.map(name => obtain(SERVERS[name], options)));
  const failed = results.filter(result => result.status === 'rejected').map(result => result.reason);
  if (failed.length > 0) throw failed.length === 1 ? failed[0] : new Error(failed.map(messageOf).join('\n'));
  return Object.fromEntries(
    results.map((result, i) => [names[i], result.status === 'fulfilled' ? result.value : '']),
  );
}

/**
 * @param {PinnedServer} server
 * @param {Parameters<typeof obtainServers>[1]} options
 * @returns {Promise<string>}
 */
async function obtain(server, { env, progress, signal, releases }) {
  const found = findServer(server.name, env);
  if (found !== undefined) return found;

  const target = cachedPath(server, env);
  const title = `${server.name} ${server.version}`;
  const lockFile = `${target}.lock`;
  const taken = tryLock(lockFile);
  const release =
    taken.kind === 'taken'
      ? taken.release
      : await progress.track(title, `process ${taken.by.pid} is getting it already; waiting for that`, () =>
          lock(lockFile, { signal }),
        );
  try {
    if (isExecutable(target)) return target;
    const folder = await freshFolder(server, env);
    try {
      const binary = await obtainInto(folder, server, { env, progress, signal, releases });
      await rename(binary, target);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    return target;
  } finally {
    release();
  }
}

/**
 * @param {string} folder
 * @param {PinnedServer} server
 * @param {Parameters<typeof obtainServers>[1]} options
 * @returns {Promise<string>} path of the binary inside the folder
 */
async function obtainInto(folder, server, { env, progress, signal, releases }) {
  const downloaded = await downloadRelease(server, { folder, progress, signal, releases });
  if (downloaded.kind === 'binary') return downloaded.path;
  progress.say(`${server.name} ${server.version}: ${downloaded.reason}`);
  const built = await buildWithGo(server, { folder, env, progress, signal });
  if (built.kind === 'binary') return built.path;
  throw new Error(howToMend(server, [downloaded.reason, built.reason], cachedPath(server, env)));
}

/**
 * @param {PinnedServer} server
 * @param {string[]} reasons
 * @param {string} target
 * @returns {string}
 */
function howToMend(server, reasons, target) {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const goArchive = `https://go.dev/dl/go1.25.0.linux-${arch}.tar.gz`;
  const installGo =
    process.platform === 'darwin'
      ? ['brew install go']
      : [`curl -fsSL ${goArchive} | sudo tar -C /usr/local -xz`, 'export PATH=$PATH:/usr/local/go/bin'];
  return [
    `${server.name} ${server.version} is needed, and is neither on PATH nor could it be obtained:`,
    ...reasons.map(reason => `  - ${reason}`),
    'Any one of these mends it; then run the same command again:',
    `  - let it be built (once, some minutes), with Go 1.25 or newer:`,
    ...installGo.map(line => `      ${line}`),
    ...(server.name === 'temporal' && process.platform === 'darwin' ? ['  - brew install temporal'] : []),
    `  - unpack ${server.releases}/${server.archive(process.platform, process.arch)}`,
    `    and put ${server.name} on PATH, or at ${target}`,
    `  - use a server of your own: ${server.givenBy}=${server.givenExample}`,
  ].join('\n');
}

/**
 * A new folder beside the target, so that the finished binary moves into place in one step.
 *
 * @param {PinnedServer} server
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {Promise<string>}
 */
async function freshFolder(server, env) {
  const bin = join(cacheFolder(env), 'bin');
  const prefix = `.${server.name}-`;
  await mkdir(bin, { recursive: true });
  for (const entry of await readdir(bin)) {
    const path = join(bin, entry);
    if (entry.startsWith(prefix) && Date.now() - (await stat(path)).mtimeMs > LEFT_OVER_MS) {
      await rm(path, { recursive: true, force: true });
    }
  }
  return mkdtemp(join(bin, prefix));
}

/** @param {unknown} error @returns {string} */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
