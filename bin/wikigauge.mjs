#!/usr/bin/env node
/**
 * The entry point of every npm script in a clone, and of `npx wikigauge` in an installed package. In a clone it first
 * installs and builds what is missing (dev/bootstrap/prepare.mjs), then runs dev/cli; an installed package runs src/cli.
 *
 * This folder has only this file. An old Node must be able to parse it and print that it is too old, so it has no
 * dependencies, no top-level await and no recent syntax.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NEEDED = { major: 20, minor: 19 };

/** @returns {Promise<void>} */
async function main() {
  const root = fileURLToPath(new URL('..', import.meta.url));
  // npm packages never contain package-lock.json, so its presence means that this is a clone.
  const isClone = existsSync(`${root}package-lock.json`);
  if (isClone) {
    const { prepare } = await import('../dev/bootstrap/prepare.mjs');
    const outcome = await prepare(root, process.argv.slice(2));
    if (outcome.kind === 'exit') process.exit(outcome.code);
  }
  // Node 20 is supported deliberately, so silence the AWS SDK's deprecation warning about it.
  if (process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] === undefined) {
    process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  }
  const isTest = ['check', 'test', 'test:long', 'test:faults'].includes(process.argv[2] ?? '');
  if (isClone && isTest) await import('../scripts/test.mjs');
  else await import(isClone ? '../dist/dev/cli.js' : '../dist/src/cli.js');
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < NEEDED.major || (major === NEEDED.major && minor < NEEDED.minor)) {
  console.error(
    `wikigauge needs Node ${NEEDED.major}.${NEEDED.minor} or newer, but this is Node ${process.versions.node} ` +
      `(${process.execPath}). Install a newer version from https://nodejs.org, or with a version manager (nvm install 22).`,
  );
  process.exitCode = 1;
} else {
  main().catch(error => {
    console.error(error);
    process.exitCode = 1;
  });
}
