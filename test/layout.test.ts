/** The layout's rules are the linter's: each one is broken here once, in a copy of the folders, and must be noticed. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** From the bottom up. A folder may import what stands before it, unless `EXCEPTIONS` says otherwise. */
const FLOORS = [
  ['core'],
  ['contracts'],
  ['recentchange'],
  ['config', 'telemetry'],
  ['store', 'source'],
  ['bronze'],
  ['gold'],
  ['ingest', 'transform', 'backfill', 'dead-letters', 'verify', 'live', 'insight'],
  ['activities'],
  ['temporal'],
  ['api', 'commands'],
];
const FOLDERS = [...FLOORS.flat(), 'workflows', 'dashboard'];
const ENGINES = FLOORS[7] ?? [];

/** Whether a file of `from` may import a value of `to`. */
function mayImport(from: string, to: string): boolean {
  if (from === to) return true;
  // The pipeline gets the definition of its stream as a value and never names a stream itself.
  if (to === 'recentchange') return ['config', 'api', 'commands'].includes(from);
  if (from === 'workflows' || from === 'dashboard') return to === 'core' || to === 'contracts';
  if (to === 'workflows' || to === 'dashboard') return false;
  if (from === 'api' && (to === 'activities' || ENGINES.includes(to))) return false;
  if (from === 'commands' && to === 'api') return true;
  const floor = (folder: string): number => FLOORS.findIndex(folders => folders.includes(folder));
  if (from === 'telemetry' && to === 'config') return true;
  return floor(to) < floor(from);
}

test('every import that runs up, across, or out to dev is an error, and no other is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wikigauge-layout-'));
  try {
    await copyFile(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    const write = async (path: string, text: string): Promise<void> => {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    };
    const expected: string[] = [];
    for (const from of FOLDERS) {
      for (const to of [...FOLDERS, 'dev']) {
        if (from === to) continue;
        const path = `src/${from}/imports-${to}.ts`;
        const target = to === 'dev' ? '../../dev/stack/stack.ts' : `../${to}/thing.ts`;
        await write(path, `import { thing } from '${target}';\nexport const used = thing;\n`);
        if (to === 'dev' || !mayImport(from, to)) expected.push(path);
      }
    }
    for (const [from, library] of [
      ...[...ENGINES, 'store', 'source', 'bronze', 'gold'].map(
        engine => [engine, '@temporalio/activity'] as const,
      ),
      ['core', 'node:fs'],
      ['contracts', 'node:fs'],
      ['recentchange', 'node:fs'],
      ['workflows', 'node:fs'],
    ] as const) {
      const path = `src/${from}/imports-library.ts`;
      await write(path, `import * as library from '${library}';\nexport const used = library;\n`);
      expected.push(path);
    }
    const nested = (name: string, target: string): Promise<void> =>
      write(
        `src/core/idea/imports-${name}.ts`,
        `import { thing } from '${target}';\nexport const used = thing;\n`,
      );
    await nested('core', '../thing.ts');
    await nested('contracts', '../../contracts/thing.ts');
    expected.push('src/core/idea/imports-contracts.ts');
    // What the page knows of the API comes from its description, as for any other client.
    const typeOnly = 'src/dashboard/imports-types-of-api.ts';
    await write(typeOnly, `import type { Thing } from '../api/thing.ts';\nexport type Used = Thing;\n`);
    expected.push(typeOnly);
    const flagged = await lint(folder);
    expect([...flagged].sort()).toEqual(expected.sort());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** Files in which the linter finds a forbidden import. */
function lint(folder: string): Promise<Set<string>> {
  const oxlint = join(ROOT, 'node_modules/.bin/oxlint');
  return new Promise(resolve => {
    const options = { cwd: folder, maxBuffer: 64 << 20 };
    execFile(oxlint, ['--format', 'json', 'src'], options, (_, stdout) => {
      const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
      const forbidden = diagnostics.filter(({ code }) => code.includes('no-restricted-imports'));
      resolve(new Set(forbidden.map(({ filename }) => filename)));
    });
  });
}
