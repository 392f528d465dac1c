/**
 * Downloads a pinned server from its vendor's release page: seconds instead of minutes of building.
 * Gives up quickly when the page is unreachable, checks the archive against the release's checksums, and test-runs the
 * binary once.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { duration } from './progress.mjs';

/** With no response for this long the page counts as unreachable, and building is faster. */
const CONNECT_MS = 5_000;
/** Longest pause between two chunks of an archive. */
const STALL_MS = 15_000;

/**
 * @param {import('./servers.mjs').PinnedServer} server
 * @param {{ folder: string, progress: import('./progress.mjs').Progress, signal?: AbortSignal | undefined, releases?: string | undefined }} options
 * @returns {Promise<{ kind: 'binary', path: string } | { kind: 'none', reason: string }>}
 */
export async function downloadRelease(server, { folder, progress, signal, releases = server.releases }) {
  const { platform, arch } = process;
  const url = `${releases}/${server.archive(platform, arch)}`;
  if (!['linux', 'darwin'].includes(platform) || !['x64', 'arm64'].includes(arch)) {
    return { kind: 'none', reason: `release archive: none exists for ${platform} ${arch}` };
  }
  const startedMs = Date.now();
  try {
    const archive = await fetchArchive(url, {
      folder,
      signal,
      onStart: bytes =>
        progress.say(
          `${server.name} ${server.version}: downloading ${(bytes / 1e6).toFixed(0)} MB from ${new URL(url).host} (once)`,
        ),
    });
    await check(archive, server.archive(platform, arch), `${releases}/checksums.txt`, signal);
    // Some vendors wrap the files in a folder, so look for the binary by name.
    execFileSync('tar', ['-xzf', archive, '-C', folder], { stdio: 'pipe' });
    const path = execFileSync('find', [folder, '-type', 'f', '-name', server.name], {
      encoding: 'utf8',
    }).split('\n')[0];
    if (!path) throw new Error(`the archive contains no ${server.name}`);
    execFileSync(path, ['--version'], { stdio: 'pipe' });
    progress.say(`${server.name} ${server.version}: downloaded in ${duration(Date.now() - startedMs)}`);
    return { kind: 'binary', path };
  } catch (error) {
    signal?.throwIfAborted();
    return { kind: 'none', reason: `release archive ${url}: ${reasonOf(error)}` };
  }
}

/**
 * @param {string} url
 * @param {{ folder: string, signal?: AbortSignal | undefined, onStart: (bytes: number) => void }} options
 * @returns {Promise<string>} path of the archive
 */
async function fetchArchive(url, { folder, signal, onStart }) {
  const path = join(folder, 'release.tar.gz');
  const stall = new AbortController();
  const failAfter = (/** @type {number} */ ms) =>
    setTimeout(() => stall.abort(new Error(`no data for ${ms / 1000} s`)), ms);
  let timer = failAfter(CONNECT_MS);
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any(signal === undefined ? [stall.signal] : [stall.signal, signal]),
    });
    if (!response.ok || response.body === null) throw new Error(`HTTP status ${response.status}`);
    onStart(Number(response.headers.get('content-length') ?? 0));
    const watched = async function* (/** @type {AsyncIterable<Uint8Array>} */ chunks) {
      for await (const chunk of chunks) {
        clearTimeout(timer);
        timer = failAfter(STALL_MS);
        yield chunk;
      }
    };
    await pipeline(response.body, watched, createWriteStream(path));
    return path;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Compares the archive with the checksum that its release lists. Without one it is refused: the server is built with Go,
 * whose checksum database vouches for the source, or the user provides it.
 *
 * @param {string} archive
 * @param {string} name of the archive in the checksum file
 * @param {string} checksumsUrl
 * @param {AbortSignal | undefined} signal
 */
async function check(archive, name, checksumsUrl, signal) {
  const limit = AbortSignal.timeout(STALL_MS);
  const response = await fetch(checksumsUrl, {
    signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
  });
  if (!response.ok)
    throw new Error(`checksums.txt: HTTP status ${response.status}; an unchecked program is not run`);
  const expected = (await response.text())
    .split('\n')
    .map(line => line.trim().split(/\s+/))
    .find(([, file]) => file === name || file === `*${name}`)?.[0];
  if (expected === undefined)
    throw new Error(`checksums.txt does not list ${name}; an unchecked program is not run`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(archive), hash);
  const found = hash.digest('hex');
  if (found !== expected.toLowerCase()) throw new Error(`SHA-256 is ${found}, the release lists ${expected}`);
}

/** @param {unknown} error @returns {string} */
function reasonOf(error) {
  if (!(error instanceof Error)) return String(error);
  // fetch only says "fetch failed"; the reason is in its cause.
  return error.cause instanceof Error ? error.cause.message : error.message;
}
