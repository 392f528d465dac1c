/**
 * Generates `.env.example` and `docs/configuration.md` from the declared settings, `docs/troubleshooting.md` from the
 * declared problems, and the types of the dashboard's requests from the description of the API. With `--check` it writes
 * nothing, and exits with 1 if a file is stale. Reads everything from `dist/`, so run `npm run build` first.
 * Plain JS, because Node 20 runs no TypeScript.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { clientTypes } from './docs/client.mjs';
import { troubleshootingPage } from './docs/troubleshooting.mjs';

/** @typedef {Pick<import('../src/config/kinds.ts').Setting<unknown>, 'fallbackText' | 'expected' | 'example' | 'about' | 'secret'>} Explained */
/** @typedef {Readonly<Record<string, Explained>>} Declarations */

/** Groups of settings, in the order of the documents. Settings without a group come last. */
const GROUPS = [
  {
    title: 'Source',
    names: ['EVENTSTREAMS_URL', 'ACTION_API_URL', 'DUMPS_URL', 'USER_AGENT', 'FILTER_WIKI', 'EDIT_TYPES'],
  },
  { title: 'S3', names: ['BUCKET', 'AWS_REGION', 'AWS_PROFILE', 'AWS_ENDPOINT_URL'] },
  { title: 'Gold', names: ['GOLD', 'PG_DSN', 'HOURS'] },
  {
    title: 'Temporal',
    names: [
      'TEMPORAL_ADDRESS',
      'TEMPORAL_NAMESPACE',
      'TEMPORAL_API_KEY',
      'TEMPORAL_TLS_CLIENT_CERT_PATH',
      'TEMPORAL_PROFILE',
      'TEMPORAL_UI_URL',
    ],
  },
  { title: 'Flushing', names: ['FLUSH_MIN_LINES', 'FLUSH_MAX_SEC', 'LATENESS_SEC'] },
  {
    title: 'API, dashboard, metrics and log',
    names: [
      'HOST',
      'PORT',
      'ADMIN_TOKEN',
      'CORS_ORIGINS',
      'RATE_LIMIT_PER_MINUTE',
      'TRUSTED_PROXIES',
      'METRICS_PORT',
      'METRICS_HOST',
      'LIVE_HOST',
      'LIVE_URL',
      'LIVE_ADVERTISE',
      'LOG_LEVEL',
    ],
  },
  {
    title: 'Local stack',
    names: [
      'WIKIGAUGE_HOME',
      'STACK_TEMPORAL_PORT',
      'STACK_TEMPORAL_UI_PORT',
      'STACK_POSTGRES_PORT',
      'STACK_S3_PORT',
      'SIMULATE_PORT',
    ],
  },
];

/**
 * The declared settings by group.
 *
 * @param {Declarations} declarations
 * @returns {{ title: string, settings: [name: string, setting: Explained][] }[]}
 */
function grouped(declarations) {
  const known = new Set(GROUPS.flatMap(({ names }) => names));
  const others = Object.keys(declarations).filter(name => !known.has(name));
  return [...GROUPS, { title: 'More', names: others }]
    .map(({ title, names }) => ({
      title,
      settings: names.flatMap(name => {
        const setting = declarations[name];
        return setting === undefined ? [] : [/** @type {[string, Explained]} */ ([name, setting])];
      }),
    }))
    .filter(({ settings }) => settings.length > 0);
}

/**
 * Text of `.env.example`. Lines of the form `# NAME=value` can be uncommented, one by one or all at once.
 *
 * @param {Declarations} declarations
 * @returns {string}
 */
export function envExample(declarations) {
  const groups = grouped(declarations).map(({ title, settings }) => {
    const entries = settings.map(([name, { fallbackText, example, about }]) => {
      const [value, note] = fallbackText === '' ? [example, ' No default; an example:'] : [fallbackText, ''];
      return `# ${about}${note}\n# ${name}=${quoted(value)}\n`;
    });
    return `# == ${title} ==\n\n${entries.join('\n')}`;
  });
  const head = [
    '# Settings of wikigauge, with their defaults. Copy this file to .env and uncomment what you change. Variables in the',
    '# environment override .env. Generated from src/config/declarations.ts by scripts/docs.mjs.',
  ];
  return `${head.join('\n')}\n\n${groups.join('\n')}`;
}

/**
 * Quotes a value for shells and .env files.
 *
 * @param {string} value
 * @returns {string}
 */
function quoted(value) {
  return /^["']|^[\w./:,@+…-]*$/.test(value) ? value : `"${value}"`;
}

/**
 * Text of `docs/configuration.md`.
 *
 * @param {Declarations} declarations
 * @returns {string}
 */
export function configurationPage(declarations) {
  const groups = grouped(declarations).map(({ title, settings }) => {
    const rows = settings.map(([name, { fallbackText, expected, example, about, secret }]) => {
      const cells = [
        `${code(name)}${secret ? ' (secret)' : ''}`,
        fallbackText === '' ? '–' : code(fallbackText),
        `${about} Expected: ${expected}.`,
        code(example),
      ];
      return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
    });
    return `## ${title}\n\n| variable | default | what it is | example |\n|---|---|---|---|\n${rows.join('\n')}\n`;
  });
  const head = [
    '# Configuration',
    '',
    '<!-- Generated from src/config/declarations.ts by scripts/docs.mjs. Edit the declarations, not this file. -->',
    '',
    'Every process reads its settings from the environment, and those missing there from `.env` in its working folder.',
    '[`.env.example`](../.env.example) lists them all. An empty variable counts as unset. With an invalid value a process',
    'exits at start, with one message that lists every problem. Values of settings marked as secret are never printed.',
    'Quotes around a value, and a byte order mark before the first name, are left out. Variables that Kubernetes or Docker set for',
    'a service of the same name (`SIMULATE_PORT=tcp://…`) are ignored.',
    '',
    'Proxies (`HTTPS_PROXY` and the like): only the client of a Temporal on another machine uses one, as every gRPC client',
    'does. The stream, the Action API, the dumps and S3 are reached directly, and so is everything on this machine.',
    '',
  ];
  return `${head.join('\n')}\n${groups.join('\n')}`;
}

/**
 * @param {string} text
 * @returns {string}
 */
function code(text) {
  return `\`${text}\``;
}

/**
 * Writes the stale files, or with `check` only lists them.
 *
 * @param {string} root
 * @param {{ check: boolean }} options
 * @returns {Promise<string[]>} paths of the stale files
 */
async function generate(root, { check }) {
  /** @type {(module: string) => Promise<any>} */
  const load = async module => {
    const path = `dist/${module}.js`;
    if (!existsSync(join(root, path))) throw new Error(`${path} is missing: run \`npm run build\` first`);
    return import(pathToFileURL(join(root, path)).href);
  };
  /** @type {{ declarations: Declarations }} */
  const { declarations } = await load('src/config/declarations');
  const { ERROR_CODES: codes } = await load('src/contracts/error-codes');
  const { REFUSED: refusedKeywords } = await load('src/config/dsn-keywords');
  const files = [
    { path: '.env.example', text: envExample(declarations) },
    { path: 'docs/configuration.md', text: configurationPage(declarations) },
    { path: 'src/dashboard/api-types.ts', text: await apiTypes(load) },
    { path: 'docs/troubleshooting.md', text: await troubleshootingPage({ codes, refusedKeywords, load }) },
  ];
  const stale = [];
  for (const { path, text } of files) {
    const file = join(root, path);
    const present = await readFile(file, 'utf8').catch(() => undefined);
    if (present === text) continue;
    stale.push(path);
    if (check) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return stale;
}

/**
 * Text of `src/dashboard/api-types.ts`.
 *
 * @param {(module: string) => Promise<any>} load
 * @returns {Promise<string>}
 */
async function apiTypes(load) {
  const { buildApp } = await load('src/api/app');
  // Nothing is asked of gold: only the description is read.
  const app = await buildApp({ gold: {}, dashboardDir: 'none', version: '0.0.0' });
  const description = (await app.inject('/api/v1/openapi.json')).json();
  await app.close();
  const style = await resolveConfig(fileURLToPath(import.meta.url));
  return format(clientTypes(description), { ...style, parser: 'typescript' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes('--check');
  try {
    const stale = await generate(fileURLToPath(new URL('..', import.meta.url)), { check });
    for (const path of stale) {
      if (check) console.error(`${path} is stale; run \`npm run build && node scripts/docs.mjs\``);
      else console.log(`Wrote ${path}`);
    }
    if (check && stale.length > 0) process.exitCode = 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
