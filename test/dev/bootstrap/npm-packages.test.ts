import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { packagesMatch } from '../../../dev/bootstrap/npm-packages.mjs';
import { temporaryFolder } from '../../support/temporary.ts';

type Packages = Record<string, { version: string; optional?: boolean }>;

/** A clone with a lock file and npm's record of the packages it installed. */
function clone(locked: Packages, installed: Packages | undefined): string {
  const root = temporaryFolder();
  writeFileSync(
    join(root, 'package-lock.json'),
    JSON.stringify({ packages: { '': { version: '1' }, ...locked } }),
  );
  if (installed !== undefined) {
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: installed }));
  }
  return root;
}

const pg = { 'node_modules/pg': { version: '8.0.0' } };
const foreign = { 'node_modules/pg-windows': { version: '8.0.0', optional: true } };

describe('packagesMatch', () => {
  it('is false on a clean clone', () => {
    expect(packagesMatch(clone(pg, undefined))).toBe(false);
  });

  it('is true after a plain npm install that skipped the packages of other platforms', () => {
    expect(packagesMatch(clone({ ...pg, ...foreign }, pg))).toBe(true);
  });

  it('is false when a package is missing or has another version', () => {
    expect(packagesMatch(clone(pg, {}))).toBe(false);
    expect(packagesMatch(clone(pg, { 'node_modules/pg': { version: '8.0.1' } }))).toBe(false);
  });

  it('remembers a match until the lock file changes', () => {
    const root = clone(pg, pg);
    expect(packagesMatch(root)).toBe(true);
    rmSync(join(root, 'node_modules', '.package-lock.json'));
    expect(packagesMatch(root)).toBe(true);
    writeFileSync(
      join(root, 'package-lock.json'),
      JSON.stringify({ packages: { ...pg, ...foreign, more: { version: '1' } } }),
    );
    expect(packagesMatch(root)).toBe(false);
    expect(existsSync(join(root, 'node_modules'))).toBe(true);
  });
});

test('install scripts of packages do not run in a clone', () => {
  const root = temporaryFolder();
  copyFileSync(new URL('../../../.npmrc', import.meta.url), join(root, '.npmrc'));
  const scripts = { postinstall: `touch ${join(root, 'has-run')}` };
  mkdirSync(join(root, 'other'));
  writeFileSync(
    join(root, 'other', 'package.json'),
    JSON.stringify({ name: 'other', version: '1.0.0', scripts }),
  );
  writeFileSync(join(root, 'package.json'), JSON.stringify({ dependencies: { other: 'file:other' } }));
  execFileSync('npm', ['install', '--offline', '--no-package-lock'], { cwd: root, stdio: 'pipe' });
  expect(existsSync(join(root, 'node_modules', 'other'))).toBe(true);
  expect(existsSync(join(root, 'has-run'))).toBe(false);
});
