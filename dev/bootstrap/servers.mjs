/**
 * The servers of the local stack that are not npm packages: their versions, and where their binaries are: on PATH, else in
 * the per-user cache, where `obtain-servers.mjs` puts them.
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
 * @property {string} module argument of `go install`
 * @property {string} releases URL of the release's folder
 * @property {(os: string, arch: string) => string} archive archive name, by Node's platform and arch
 * @property {number} buildCoreSeconds time of a first build multiplied by the cores, with all pinned servers building at once
 * @property {number} packages number of Go packages that a first build compiles
 * @property {string} givenBy the variable that names an external server to use instead
 * @property {string} givenExample
 */

/** @type {Record<ServerName, PinnedServer>} */
export const SERVERS = {
  // The newest CLI that `go install` accepts: later versions have a replace directive.
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
 * The servers that the environment does not replace with external ones.
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
  const home = env['HOME'] || homeFolder();
  return platform === 'darwin'
    ? join(home, 'Library', 'Caches', 'wikigauge')
    : join(home, '.cache', 'wikigauge');
}

/** @returns {string} the root folder for a user without an entry in passwd, as container runtimes do */
function homeFolder() {
  try {
    return homedir();
  } catch {
    return '/';
  }
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
 * Path of a server binary, on PATH or in the cache; `undefined` when it is still to be obtained.
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
 * Where the cache keeps the binary of a server.
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
 * @returns {boolean} whether it is an executable file
 */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
