/**
 * Obtains the missing server binaries of the local stack, once per user: from the vendor's release archive, else by
 * building with Go. Safe to call from any number of processes at once: one does the work, the others wait, and a
 * half-written file is never visible.
 * Plain JS without dependencies: it runs before `npm ci`.
 */
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { lock, tryLock } from './pid-lock.mjs';
import { buildWithGo } from './server-build.mjs';
import { downloadRelease } from './server-release.mjs';
import { SERVERS, cacheFolder, cachedPath, findServer, isExecutable } from './servers.mjs';
import { makeWritable } from './writable-folder.mjs';

/** @typedef {import('./servers.mjs').ServerName} ServerName */
/** @typedef {import('./servers.mjs').PinnedServer} PinnedServer */

/** Temporary folders older than this are left over from killed builds and are removed; no build takes an hour. */
const LEFT_OVER_MS = 3_600_000;

/**
 * Obtains the missing servers in parallel, and returns the path of every named one.
 *
 * @param {readonly ServerName[]} names
 * @param {object} options
 * @param {Readonly<Record<string, string | undefined>>} options.env
 * @param {import('./progress.mjs').Progress} options.progress
 * @param {AbortSignal | undefined} [options.signal] stops downloads and builds
 * @param {string | undefined} [options.releases] base URL of the release archives, replaced in tests
 * @returns {Promise<Partial<Record<ServerName, string>>>}
 * @throws Error that says what was tried for each server and which commands fix it
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
  makeWritable(dirname(target), {
    what: `where ${server.name} ${server.version} is to be kept`,
    advice: `Set XDG_CACHE_HOME to a folder that this user may write, put ${server.name} on PATH, or use your own server: ${server.givenBy}=${server.givenExample}`,
  });
  const title = `${server.name} ${server.version}`;
  const lockFile = `${target}.lock`;
  const taken = tryLock(lockFile);
  const release =
    taken.kind === 'taken'
      ? taken.release
      : await progress.track(
          title,
          `waiting for process ${taken.by.pid}, which is already obtaining it`,
          () => lock(lockFile, { signal }),
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
  throw new Error(notObtained(server, [downloaded.reason, built.reason], cachedPath(server, env)));
}

/**
 * @param {PinnedServer} server
 * @param {string[]} reasons
 * @param {string} target
 * @returns {string}
 */
function notObtained(server, reasons, target) {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const goArchive = `https://go.dev/dl/go1.25.0.linux-${arch}.tar.gz`;
  const installGo =
    process.platform === 'darwin'
      ? ['brew install go']
      : [`curl -fsSL ${goArchive} | sudo tar -C /usr/local -xz`, 'export PATH=$PATH:/usr/local/go/bin'];
  return [
    `${server.name} ${server.version} is not on PATH and could not be obtained:`,
    ...reasons.map(reason => `  - ${reason}`),
    'Do one of the following, then run the same command again:',
    '  - install Go 1.25 or newer, so that it can be built (once, a few minutes):',
    ...installGo.map(line => `      ${line}`),
    ...(server.name === 'temporal' && process.platform === 'darwin' ? ['  - brew install temporal'] : []),
    `  - download and unpack ${server.releases}/${server.archive(process.platform, process.arch)}`,
    `    and put ${server.name} on PATH or at ${target}`,
    `  - use your own server: ${server.givenBy}=${server.givenExample}`,
  ].join('\n');
}

/**
 * Creates a folder next to the target, so that the finished binary moves into place with one rename.
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
