/** The text of docs/troubleshooting.md, from the problems that the code declares. */

/** @typedef {import('../../src/contracts/known-problems.ts').KnownProblems} KnownProblems */
/** @typedef {import('../../src/contracts/known-problems.ts').ProblemText} ProblemText */
/** @typedef {Readonly<Record<string, { readonly cause: string, readonly remedy: string }>>} Codes */

/**
 * What each module declares.
 *
 * @typedef {object} Declared
 * @property {Codes} codes
 * @property {ReadonlyMap<string, string>} refusedKeywords of libpq, with what to do instead
 * @property {(module: string) => Promise<Readonly<Record<string, KnownProblems>>>} load
 */

/**
 * The sections of the page. Every file `known-problems.ts` is in one of them.
 *
 * @type {readonly { title: string, about: string, tables: readonly { module: string, names: readonly { name: string, before?: string }[] }[] }[]}
 */
export const SECTIONS = [
  {
    title: 'Settings and flags',
    about: 'Printed by every command and process, before it connects to anything.',
    tables: [{ module: 'src/commands/known-problems', names: [{ name: 'settingProblems' }] }],
  },
  {
    title: 'S3',
    about:
      'Messages have the form “S3: ‹call› ‹key› at ‹endpoint›: it answers ‹status› ‹code›: ‹S3’s own words›”, followed by what to do.',
    tables: [{ module: 'src/store/known-problems', names: [{ name: 's3Problems' }] }],
  },
  {
    title: 'Objects in the bucket',
    about: '`npm run verify` finds these too.',
    tables: [
      { module: 'src/bronze/known-problems', names: [{ name: 'bronzeProblems' }] },
      { module: 'src/gold/parquet/known-problems', names: [{ name: 'goldObjectProblems' }] },
    ],
  },
  {
    title: 'Stream, Action API and dumps',
    about: 'Messages begin with the address that was asked, without what may be secret in it.',
    tables: [{ module: 'src/source/known-problems', names: [{ name: 'sourceProblems' }] }],
  },
  {
    title: 'Postgres',
    about:
      'Messages begin with “Postgres at ‹host›:‹port›/‹database›”, “PG_DSN”, “Cannot migrate” or “Cannot set policies”.',
    tables: [
      {
        module: 'src/gold/postgres/known-problems',
        names: [
          { name: 'connectionProblems' },
          { name: 'sqlStateProblems' },
          { name: 'dsnProblems', before: 'PG_DSN ' },
          { name: 'migrationProblems', before: 'Cannot migrate: ' },
          { name: 'timescaleProblems', before: 'Cannot set policies of gold.edits_per_min: ' },
        ],
      },
    ],
  },
  {
    title: 'Temporal',
    about: '`npm run doctor` checks the connection, the namespace, the search attributes and the workers.',
    tables: [{ module: 'src/temporal/known-problems', names: [{ name: 'temporalProblems' }] }],
  },
  {
    title: 'Addresses that a process listens on',
    about: 'Printed when an API or a worker starts. HOST and PORT can also be METRICS_HOST and METRICS_PORT.',
    tables: [
      {
        module: 'src/telemetry/known-problems',
        names: [{ name: 'addressProblems', before: 'PORT ‹port› on HOST ‹host› ' }],
      },
    ],
  },
  {
    title: 'Local stack',
    about: 'Printed by `npm run demo`, `npm start` and `npm run stack`, which start servers on this machine.',
    tables: [{ module: 'dev/stack/known-problems', names: [{ name: 'stackProblems' }] }],
  },
];

/**
 * @param {Declared} declared
 * @returns {Promise<string>}
 */
export async function troubleshootingPage({ codes, refusedKeywords, load }) {
  const head = [
    '# Troubleshooting',
    '',
    '<!-- Generated from the files known-problems.ts and src/contracts/error-codes.ts by scripts/docs.mjs. Edit those, not this file. -->',
    '',
    'Start with `npm run doctor`: it checks every setting and server, and says what is wrong. This page has every message about what',
    'wikigauge runs on, with its cause and what to do; search it for a few words of yours. Words in ‹› differ from case to case.',
    '',
  ];
  const sections = [];
  for (const { title, about, tables } of SECTIONS) {
    const rows = [];
    for (const { module, names } of tables) {
      const found = await load(module);
      for (const { name, before = '' } of names)
        for (const { shows, cause, remedy } of Object.values(found[name] ?? {}))
          rows.push(row([`${before}${fixed(shows)}`, cause ?? '–', fixed(remedy)]));
    }
    sections.push(
      `## ${title}\n\n${about}\n\n| you see | because | what to do |\n|---|---|---|\n${rows.join('\n')}\n`,
    );
    if (title === 'Postgres') sections.push(keywordTable(refusedKeywords));
  }
  return `${head.join('\n')}\n${sections.join('\n')}\n${codeTable(codes)}`;
}

/**
 * @param {ReadonlyMap<string, string>} refused
 * @returns {string}
 */
function keywordTable(refused) {
  const rows = [...refused].map(([keyword, instead]) => row([`\`${keyword}\``, `${capital(instead)}.`]));
  return `Keywords of libpq that PG_DSN refuses, because they cannot be honoured:\n\n| keyword | what to do |\n|---|---|\n${rows.join('\n')}\n`;
}

/**
 * @param {Codes} codes
 * @returns {string}
 */
function codeTable(codes) {
  const rows = Object.entries(codes).map(([code, { cause, remedy }]) =>
    row([`\`${code}\``, `\`${failureType(code)}\``, cause, remedy]),
  );
  return [
    '## Codes',
    '',
    'Every failure has a code. In the Temporal Web UI it is the type of the failure.',
    '',
    '| code | in Temporal | because | what to do |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/**
 * A text with each word that is known only when it happens as ‹word›.
 *
 * @param {ProblemText} text
 * @returns {string}
 */
function fixed(text) {
  if (typeof text === 'string') return text;
  const words = new Proxy({}, { get: (_, name) => `‹${String(name)}›` });
  return text(/** @type {never} */ (words));
}

/**
 * @param {readonly string[]} cells
 * @returns {string}
 */
function row(cells) {
  return `| ${cells
    .map(cell =>
      cell
        .trim()
        .replaceAll('|', '\\|')
        .replaceAll(/\s*\n\s*/g, '<br>')
        .replaceAll('*', '\\*'),
    )
    .join(' | ')} |`;
}

/**
 * @param {string} code
 * @returns {string}
 */
function failureType(code) {
  return code.replaceAll(/(?:^|_)([a-z])/g, (_, letter) => String(letter).toUpperCase());
}

/**
 * @param {string} text
 * @returns {string}
 */
function capital(text) {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
