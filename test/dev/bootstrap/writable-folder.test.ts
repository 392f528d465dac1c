/** Folders that cannot be written: each command that needs one names it, the reason, and the variable to set. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { packagesMatch } from '../../../dev/bootstrap/npm-packages.mjs';
import { obtainServers } from '../../../dev/bootstrap/obtain-servers.mjs';
import { createProgress } from '../../../dev/bootstrap/progress.mjs';
import { makeWritable } from '../../../dev/bootstrap/writable-folder.mjs';
import { openHome } from '../../../dev/stack/stack-home.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const about = { what: 'which keeps things', advice: 'Set THINGS to another folder.' };

test('a folder that is missing is created, with its parents', () => {
  const folder = join(temporaryFolder(), 'a', 'b');
  makeWritable(folder, about);
  makeWritable(folder, about);
  expect(readdirSync(folder)).toEqual([]);
});

test.each(['', 'below'])('a file in place of the folder is named (%j)', below => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const folder = join(file, below);
  expect(() => makeWritable(folder, about)).toThrow(
    `Cannot write to ${folder}, which keeps things: a file is in its place. Set THINGS to another folder.`,
  );
});

const UID = 54_321;
const asOther = ['setpriv', `--reuid=${UID}`, `--regid=${UID}`, '--clear-groups', process.execPath] as const;
const [command, ...args] = asOther;
const script = join(import.meta.dirname, '../../../dev/bootstrap/writable-folder.mjs');
const canRun =
  process.getuid?.() === 0 &&
  spawnSync(command, [...args, '--check', script], { stdio: 'ignore', cwd: '/' }).status === 0;

test.runIf(canRun).each(['', 'new'])(
  'a folder of another user is named, with who may not write it (%j)',
  name => {
    const parent = temporaryFolder();
    chmodSync(parent, 0o755);
    const folder = join(parent, name);
    const code = `import(process.argv[1]).then(({ makeWritable }) =>
    makeWritable(process.argv[2], ${JSON.stringify(about)})).catch(error => console.log(error.message))`;
    const { stdout } = spawnSync(command, [...args, '-e', code, script, folder], {
      encoding: 'utf8',
      cwd: '/',
    });
    expect(stdout).toBe(
      `Cannot write to ${folder}, which keeps things: user ${UID} may not. Set THINGS to another folder.\n`,
    );
  },
);

test('the folder of the local servers is set by WIKIGAUGE_HOME', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  await expect(openHome(join(file, 'home'), () => undefined)).rejects.toThrow(
    /Cannot write to .*file\/home, which keeps the data of the local servers: .* Set WIKIGAUGE_HOME to/,
  );
});

test('the folder of downloaded servers is set by XDG_CACHE_HOME', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  const options = {
    env: { PATH: dirname(file), XDG_CACHE_HOME: file },
    progress: createProgress(process.stderr),
    signal: new AbortController().signal,
  };
  await expect(obtainServers(['temporal'], options)).rejects.toThrow(
    /Cannot write to .*file\/wikigauge\/bin, where temporal .* is to be kept: .* Set XDG_CACHE_HOME to .*TEMPORAL_ADDRESS=/,
  );
});

test('packages that match do so in a read-only clone', () => {
  const root = temporaryFolder();
  const lock = JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } });
  // Nobody can write to this one.
  mkdirSync(join(root, 'node_modules', '.wikigauge-lock-hash'), { recursive: true });
  writeFileSync(join(root, 'package-lock.json'), lock);
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), lock);
  expect(packagesMatch(root)).toBe(true);
});
