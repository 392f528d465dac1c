/**
 * Builds `dist/`: the compiled program, the bundle of the Temporal workflows, the dashboard, the SQL migrations.
 * It builds into a temporary folder and renames that when complete, so that a partial build is never run.
 * `bin/wikigauge.mjs` calls this when the sources have changed. Plain JS, because Node 20 runs no TypeScript.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { cp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runQuietly } from '../dev/bootstrap/run-quietly.mjs';

/** The sources of the build; folders include all files in them. */
const SOURCES = [
  'src',
  'dev',
  'scripts/build.mjs',
  'scripts/bundle-workflows.mjs',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'vite.config.ts',
];

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string} from the step is skipped if this path does not exist
 * @property {(context: { root: string, out: string, run: (tool: string, args: string[]) => Promise<void> }) => Promise<void>} run
 */

/** Groups run in parallel; the steps of a group run in sequence. @type {Step[][]} */
const STEPS = [
  [
    {
      name: 'compile',
      from: 'tsconfig.build.json',
      run: ({ out, run }) => run('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', out]),
    },
    {
      name: 'bundle workflows',
      from: 'src/workflows/index.ts',
      run: ({ out, run }) =>
        run(process.execPath, [
          'scripts/bundle-workflows.mjs',
          join(out, 'src/workflows/index.js'),
          join(out, 'workflow-bundle.js'),
        ]),
    },
  ],
  [
    {
      name: 'dashboard',
      from: 'src/dashboard/index.html',
      run: ({ root, out, run }) =>
        run('node_modules/.bin/vite', [
          'build',
          'src/dashboard',
          `--outDir=${join(out, 'dashboard')}`,
          '--emptyOutDir',
          '--logLevel=warn',
          ...(existsSync(join(root, 'vite.config.ts')) ? ['--config=vite.config.ts'] : []),
        ]),
    },
  ],
  [
    {
      name: 'migrations',
      from: 'src/gold/postgres/migrations',
      run: ({ root, out }) =>
        cp(join(root, 'src/gold/postgres/migrations'), join(out, 'src/gold/postgres/migrations'), {
          recursive: true,
        }),
    },
  ],
];

/**
 * Whether `dist/` was built from the current sources.
 *
 * @param {string} root
 * @returns {boolean}
 */
export function isBuilt(root) {
  try {
    return readFileSync(join(root, 'dist', '.sources-hash'), 'utf8') === sourcesHash(root);
  } catch {
    return false;
  }
}

/**
 * Builds `dist/`. The caller must make sure that only one build runs at a time.
 *
 * @param {string} root
 * @param {import('../dev/bootstrap/progress.mjs').Progress} progress
 * @param {AbortSignal} [signal]
 * @throws Error with the name and the output of the step that failed
 */
export async function build(root, progress, signal) {
  for (const entry of await readdir(root)) {
    if (entry.startsWith('.dist-')) await rm(join(root, entry), { recursive: true, force: true });
  }
  // Computed before the build, so that sources edited meanwhile are rebuilt next time.
  const hash = sourcesHash(root);
  const out = join(root, `.dist-${process.pid}`);
  const groups = STEPS.map(group => group.filter(step => existsSync(join(root, step.from))));
  const names = groups.flat().map(step => step.name);
  await progress.track('build', names.join(', '), async () => {
    try {
      await Promise.all(groups.map(group => runGroup(group, root, out, signal)));
      await writeFile(join(out, '.sources-hash'), hash);
      const old = join(root, `.dist-${process.pid}-old`);
      if (existsSync(join(root, 'dist'))) await rename(join(root, 'dist'), old);
      await rename(out, join(root, 'dist'));
      await rm(old, { recursive: true, force: true });
    } finally {
      await rm(out, { recursive: true, force: true });
    }
  });
}

/**
 * @param {Step[]} group
 * @param {string} root
 * @param {string} out
 * @param {AbortSignal | undefined} signal
 */
async function runGroup(group, root, out, signal) {
  for (const step of group) {
    const what = `build step "${step.name}"`;
    await step.run({ root, out, run: (tool, args) => runQuietly(what, tool, args, { cwd: root, signal }) });
  }
}

/** @param {string} root @returns {string} */
function sourcesHash(root) {
  const hash = createHash('sha256');
  for (const path of SOURCES.flatMap(source => filesOf(root, source)).sort()) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** @param {string} root @param {string} path @returns {string[]} */
function filesOf(root, path) {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (!found.isDirectory()) return [path];
  return readdirSync(join(root, path)).flatMap(name => filesOf(root, join(path, name)));
}
