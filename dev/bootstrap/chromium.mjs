/**
 * Finds a Chromium for the browser tests and the screenshots, or installs one.
 * Plain JS without dependencies.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runQuietly } from './run-quietly.mjs';
import { findOnPath } from './servers.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_PATHS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** @typedef {Readonly<Record<string, string | undefined>>} Env */

/**
 * Path of a working Chromium.
 *
 * @param {object} options
 * @param {string} options.root folder with `node_modules`, for Playwright's own download
 * @param {import('./progress.mjs').Progress} options.progress reports the installation
 * @param {Env} [options.env]
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<string>}
 * @throws Error that says what was tried and how to fix it
 */
export async function obtainChromium({ root, progress, env = process.env, signal }) {
  const found = findChromium(env) ?? (await playwrightChromium());
  if (found !== undefined) return found;
  /** @type {string[]} */
  const failures = [];
  for (const install of [installWithApt, installWithPlaywright]) {
    try {
      const path = await install({ root, progress, env, signal });
      if (path !== undefined) return path;
    } catch (error) {
      signal?.throwIfAborted();
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  const tried = failures.map(failure => `\n  - ${failure.replaceAll('\n', '\n    ')}`).join('');
  throw new Error(
    `No Chromium on PATH (${NAMES.join(', ')}), and installing one failed:${tried}\nInstall one and put it on PATH.`,
  );
}

/**
 * Arguments for an automated Chromium that connects to nothing but the page under test. Playwright gives each launch a
 * fresh profile folder and removes it afterwards.
 */
export const CHROMIUM_ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @param {Env} env @returns {string | undefined} one that starts: on Ubuntu `chromium` can be a stub that only points to snap */
function findChromium(env) {
  const candidates = NAMES.map(name => findOnPath(name, env)).filter(path => path !== undefined);
  return [...candidates, ...MAC_PATHS.filter(existsSync)].find(runs);
}

/** @param {string} path @returns {boolean} */
function runs(path) {
  try {
    execFileSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

/** @returns {Promise<string | undefined>} */
async function playwrightChromium() {
  try {
    const { chromium } = await import('playwright-core');
    const path = chromium.executablePath();
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** @typedef {{ root: string, progress: import('./progress.mjs').Progress, env: Env, signal: AbortSignal | undefined }} Install */

/** @param {Install} options @returns {Promise<string | undefined>} */
async function installWithApt({ root, progress, env, signal }) {
  const apt = findOnPath('apt-get', env);
  if (apt === undefined || process.getuid?.() !== 0) return undefined;
  const options = { cwd: root, signal };
  return progress.track('chromium', 'installing with apt-get (once, about a minute)', async () => {
    await runQuietly('apt-get update', apt, ['update'], options);
    await runQuietly(
      'apt-get install chromium',
      apt,
      ['install', '-y', '--no-install-recommends', 'chromium'],
      options,
    );
    return findChromium(env);
  });
}

/** @param {Install} options @returns {Promise<string | undefined>} */
async function installWithPlaywright({ root, progress, signal }) {
  const cli = join(root, 'node_modules', 'playwright-core', 'cli.js');
  if (!existsSync(cli)) throw new Error(`playwright-core is not installed in ${root}; run npm ci`);
  return progress.track('chromium', 'downloading with Playwright (once, about a minute)', async () => {
    await runQuietly('playwright-core install chromium', process.execPath, [cli, 'install', 'chromium'], {
      cwd: root,
      signal,
    });
    return playwrightChromium();
  });
}
