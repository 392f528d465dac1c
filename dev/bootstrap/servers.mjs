/**
 * The servers of the local stack that no npm package brings: which versions, where their binaries are: on PATH,
 * else in the per-user cache (`obtain-servers.mjs` puts them there).
 * Plain JS without dependencies: it runs before `npm ci`.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** @typedef {'temporal' | 'versitygw'} ServerName */

/**
 * @typedef {object} PinnedServer
 * @property {ServerName} name
 * @property {string} version
 * @property {string} module what `go install` takes
 * @property {string} releases folder of the release's files
 * @property {(os: string, arch: string) => string} archive name of the archive for Node's platform and arch names
 * @property {number} buildCoreSeconds time of a first build times cores, with all pinned servers building at once
 * @property {number} packages Go packages such a build compiles
 * @property {string} givenBy the variable that names one's own server instead
 * @property {string} givenExample
 */

/** @type {Record<ServerName, PinnedServer>} */
export const SERVERS = {
  // The newest version of the CLI that `go install` takes: later ones carry a replace directive.
  temporal: {
    name: 'temporal',
    version: '1.5.1',
    module: 'github.com/temporalio/cli/cmd/temporal@v1.5.1',
    releases: 'https://github.com/temporalio/cli/releases/download/v1.5.1',
    archive: (os, arch) => `temporal_cli_1.5.1_${os}_${arch === 'x64' ? 'amd64' : arch}.tar.gz`,
    buildCoreSeconds: 490,
    packages: 1300,
    givenBy: 'TEMPORAL_ADDRESS',
    givenExample: 'localhost:7233',
  },
  versitygw: {
    name: 'versitygw',
    version: '1.8.0',
    module: 'github.com/versity/versitygw/cmd/versitygw@v1.8.0',
    releases: 'https://github.com/versity/versitygw/releases/download/v1.8.0',
    archive: (os, arch) =>
      `versitygw_v1.8.0_${os === 'darwin' ? 'Darwin' : 'Linux'}_${arch === 'x64' ? 'x86_64' : arch}.tar.gz`,
    buildCoreSeconds: 290,
    packages: 600,
    givenBy: 'AWS_ENDPOINT_URL',
    givenExample: 'http://localhost:9000',
  },
};

/**
 * Servers for which the environment names no server of one's own.
 *
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {ServerName[]}
 */
export function serversNeeded(env) {
  return Object.values(SERVERS)
    .filter(server => !env[server.givenBy])
    .map(server => server.name);
}

/**
 * Per-user cache of wikigauge: `$XDG_CACHE_HOME/wikigauge`, else `~/Library/Caches/wikigauge` or `~/.cache/wikigauge`.
 *
 * @param {Readonly<Record<string, string | undefined>>} env
 * @param {NodeJS.Platform} [platform]
 * @returns {string}
 */
export function cacheFolder(env, platform = process.platform) {
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'wikigauge');
  const home = env['HOME'] || homedir();
  return platform === 'darwin'
    ? join(home, 'Library', 'Caches', 'wikigauge')
    : join(home, '.cache', 'wikigauge');
}

/**
 * Path of an executable on PATH.
 *
 * @param {string} name
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {string | undefined}
 */
export function findOnPath(name, env) {
  return (env['PATH'] ?? '')
    .split(delimiter)
    .filter(folder => folder !== '')
    .map(folder => join(folder, name))
    .find(isExecutable);
}

/**
 * Where the binary of a server is: on PATH or in the cache; `undefined` when it has yet to be obtained.
 *
 * @param {ServerName} name
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {string | undefined}
 */
export function findServer(name, env) {
  const cached = cachedPath(SERVERS[name], env);
  return findOnPath(name, env) ?? (isExecutable(cached) ? cached : undefined);
}

/**
 * Where the binary of a server is kept once it was obtained.
 *
 * @param {PinnedServer} server
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {string}
 */
export function cachedPath(server, env) {
  return join(cacheFolder(env), 'bin', `${server.name}-${server.version}`);
}

/**
 * @param {string} path
 * @returns {boolean} whether it is a file that may be executed
 */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
