/** The documents lead somewhere: every link, and every path that they name, exists. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DOCUMENTS = [
  ...['README', 'ARCHITECTURE', 'CONTRIBUTING', 'AGENTS'].map(name => `${name}.md`),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.md'))
    .map(path => `docs/${path}`),
];
/** A path may leave out how the file's name ends. */
const ENDINGS = [
  '',
  '.ts',
  '.tsx',
  '.mjs',
  '.test.ts',
  '.int.test.ts',
  '.e2e.test.ts',
  '.browser.test.ts',
  '.faults.test.ts',
];

describe.each(DOCUMENTS)('%s', document => {
  const text = readFileSync(join(ROOT, document), 'utf8');

  test('links to files that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)].map(([, link = '']) => link);
    expect(links.filter(link => !existsSync(join(ROOT, dirname(document), link)))).toEqual([]);
  });

  test('names files and folders that exist', () => {
    const paths = [...text.matchAll(/`((?:src|dev|test|docs|scripts|bin)\/[\w./-]*)`/g)].map(
      ([, path = '']) => path,
    );
    const exists = (path: string): boolean =>
      ENDINGS.some(ending => existsSync(join(ROOT, `${path}${ending}`)));
    expect(paths.filter(path => !exists(path))).toEqual([]);
  });

  test('quotes titles of tests as they are', () => {
    const quoted = [...text.matchAll(/`(test\/[\w./-]+)`(?:,| \()? ?“([^”]+)”/g)];
    const missing = quoted.filter(([, path = '', title = '']) => {
      const file = ENDINGS.map(ending => join(ROOT, `${path}${ending}`)).find(each => existsSync(each));
      return file === undefined || !readFileSync(file, 'utf8').includes(title);
    });
    expect(missing.map(([quote]) => quote)).toEqual([]);
  });
});
