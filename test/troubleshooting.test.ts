/** docs/troubleshooting.md has every message about what we run on: it is generated, and nothing is written past it. */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { SECTIONS, troubleshootingPage } from '../scripts/docs/troubleshooting.mjs';
import { REFUSED } from '../src/config/dsn-keywords.ts';
import { ERROR_CODES } from '../src/contracts/error-codes.ts';
import type { KnownProblems } from '../src/contracts/known-problems.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DECLARATIONS = 'known-problems.ts';

function filesOf(folder: string): string[] {
  return readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .map(path => `${folder}/${path}`);
}

function load(module: string): Promise<Readonly<Record<string, KnownProblems>>> {
  return import(`${ROOT}${module}.ts`) as Promise<Readonly<Record<string, KnownProblems>>>;
}

const page = await troubleshootingPage({ codes: ERROR_CODES, refusedKeywords: REFUSED, load });

test('the page is up to date (else run: npm run docs:gen)', () => {
  expect(readFileSync(`${ROOT}docs/troubleshooting.md`, 'utf8')).toBe(page);
});

test('every code of a failure has a row with its cause and what to do', () => {
  const rows = page.split('\n').map(line => line.split(' | '));
  const explained = rows.flatMap(([first = '', , cause, remedy]) =>
    cause !== undefined && remedy !== undefined ? [first.replace('| ', '').replaceAll('`', '')] : [],
  );
  expect(explained).toEqual(expect.arrayContaining(Object.keys(ERROR_CODES)));
});

test('every file of known problems, and every list in it, is on the page', async () => {
  const listed = SECTIONS.flatMap(({ tables }) => tables);
  const files = [...filesOf('src'), ...filesOf('dev')].filter(path => path.endsWith(`/${DECLARATIONS}`));
  const modules = files
    .map(path => path.replace(/\.ts$/, ''))
    .filter(path => path !== 'src/contracts/known-problems');
  expect(listed.map(({ module }) => module).toSorted()).toEqual(modules.toSorted());
  for (const { module, names } of listed)
    expect(Object.keys(await load(module)).toSorted()).toEqual(names.map(({ name }) => name).toSorted());
});

/** Folders that meet servers, files and ports of others. The engines only meet these through them. */
const OUTER = 'src/store src/source src/bronze src/gold src/temporal src/api src/commands dev/stack'.split(
  ' ',
);

test('no hint is written past the declarations, so none is missing on the page', () => {
  const files = OUTER.flatMap(filesOf).filter(path => !path.endsWith(`/${DECLARATIONS}`));
  const stray = files.flatMap(path => {
    const text = readFileSync(`${ROOT}${path}`, 'utf8');
    return [...text.matchAll(/\bhint\b\s*[:=]\s*(?:'[^']|"[^"]|`[^`])[^\n]*/g)].map(
      ([found]) => `${path}: ${found}; declare it in the ${DECLARATIONS} of its folder`,
    );
  });
  expect(stray).toEqual([]);
});
