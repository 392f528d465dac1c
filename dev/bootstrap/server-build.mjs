/**
 * Builds a pinned server with `go install` when its release archive is unavailable, for example on a machine that reaches
 * the Go module proxy but not GitHub. The user's Go settings (GOFLAGS, GOPROXY, GOTOOLCHAIN …) apply.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findOnPath } from './servers.mjs';

/** Both pinned servers require `go 1.25.0` in their go.mod. */
const NEEDED_MINOR = 25;
/** From this minor version on, Go downloads a newer toolchain when needed, unless GOTOOLCHAIN=local. */
const SELF_UPDATING_MINOR = 21;

/**
 * @param {import('./servers.mjs').PinnedServer} server
 * @param {{ folder: string, env: Readonly<Record<string, string | undefined>>, progress: import('./progress.mjs').Progress, signal?: AbortSignal | undefined }} options
 * @returns {Promise<{ kind: 'binary', path: string } | { kind: 'none', reason: string }>}
 */
export async function buildWithGo(server, { folder, env, progress, signal }) {
  const go = findGo(env);
  if (go.kind === 'none') return go;
  const title = `${server.name} ${server.version}`;
  const cores = availableParallelism();
  const opening = `building with Go (once, about ${minutes(server.buildCoreSeconds / cores)} on ${cores} cores)`;
  const failure = await progress.track(title, opening, update =>
    install(go.path, server, { folder, env, update, signal }),
  );
  if (failure === undefined) return { kind: 'binary', path: join(folder, server.name) };
  return { kind: 'none', reason: `go install ${server.module}: ${failure}` };
}

/**
 * @param {string} go
 * @param {import('./servers.mjs').PinnedServer} server
 * @param {{ folder: string, env: Readonly<Record<string, string | undefined>>, update: (status: string) => void, signal?: AbortSignal | undefined }} options
 * @returns {Promise<string | undefined>} the failure, if any
 */
async function install(go, server, { folder, env, update, signal }) {
  // The binary is for this machine: drop the GOOS and GOARCH of a user who cross-compiles.
  const { GOOS: _os, GOARCH: _arch, ...inherited } = env;
  const child = spawn(go, ['install', '-v', server.module], {
    // Outside the clone, so that no go.work or go.mod in a parent folder applies.
    cwd: folder,
    env: { ...inherited, GOBIN: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  });
  /** @type {Promise<string | undefined>} */
  const ended = new Promise(resolve => {
    child.on('error', error => resolve(error.message));
    child.on('close', (code, killed) => resolve(code === 0 ? undefined : `exit code ${code ?? killed}`));
  });
  /** @type {string[]} */
  const tail = [];
  let compiled = 0;
  for await (const line of createInterface({ input: child.stderr })) {
    tail.push(line);
    if (tail.length > 15) tail.shift();
    if (line.startsWith('go: downloading')) update('downloading modules');
    else update(`${(compiled += 1)} of up to ${server.packages} packages compiled`);
  }
  const failure = await ended;
  return failure === undefined ? undefined : [failure, ...tail].join('\n      ');
}

/**
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {{ kind: 'go', path: string } | { kind: 'none', reason: string }}
 */
function findGo(env) {
  const defaultPath = '/usr/local/go/bin/go';
  const path = findOnPath('go', env) ?? (existsSync(defaultPath) ? defaultPath : undefined);
  if (path === undefined)
    return { kind: 'none', reason: `build: no Go on PATH (needs 1.${NEEDED_MINOR} or newer)` };
  try {
    const output = execFileSync(path, ['env', 'GOVERSION', 'GOTOOLCHAIN'], {
      encoding: 'utf8',
      env: { ...env },
    });
    const [version = '', toolchain = ''] = output.split('\n');
    const minor = Number(/^go1\.(\d+)/.exec(version)?.[1] ?? '0');
    const updatesItself = minor >= SELF_UPDATING_MINOR && toolchain !== 'local';
    if (minor >= NEEDED_MINOR || updatesItself) return { kind: 'go', path };
    return {
      kind: 'none',
      reason: `build: ${path} is ${version}; needs Go 1.${NEEDED_MINOR} or newer`,
    };
  } catch (error) {
    return {
      kind: 'none',
      reason: `build: ${path} does not run (${error instanceof Error ? error.message : ''})`,
    };
  }
}

/** @param {number} seconds @returns {string} */
function minutes(seconds) {
  return seconds < 90 ? `${Math.ceil(seconds / 10) * 10} s` : `${Math.round(seconds / 60)} minutes`;
}
