/**
 * Known vulnerabilities of the packages that production uses, as the package registry lists them. Machines without a
 * registry, or with one that has no advisories, run the tests all the same: then a line says that nothing was checked.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { npm } from '../../dev/bootstrap/npm-packages.mjs';

/** @typedef {import('./vitest.mjs').Outcome} Outcome */
/** @typedef {{ kind: 'found', lines: string[] } | { kind: 'unanswered' }} Advisories */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TIMEOUT_MS = 20_000;
/** Of npm's levels; the others are listed by `npm audit --omit=dev` itself. */
const SEVERE = ['high', 'critical'];
const AUDIT = ['audit', '--omit=dev', '--json', '--fetch-retries=0', `--fetch-timeout=${TIMEOUT_MS}`];

/**
 * Asks the registry and prints what it found. Takes no longer than its limit.
 *
 * @param {{ command: string, args: readonly string[], timeoutMs: number, print: (line: string) => void }} [how]
 * @returns {Promise<Outcome>}
 */
export async function checkAdvisories(how = auditing()) {
  const { command, args, timeoutMs, print } = how;
  const output = await new Promise(resolve => {
    // Exits with 1 for any finding: its output says more.
    const options = {
      cwd: ROOT,
      timeout: timeoutMs,
      killSignal: /** @type {const} */ ('SIGKILL'),
      maxBuffer: 64 << 20,
    };
    execFile(command, args, options, (_error, stdout) => resolve(stdout));
  });
  const advisories = readAudit(String(output));
  if (advisories.kind === 'unanswered') {
    print('- advisories not checked: the registry did not answer');
    return { passed: 0, failed: 0, files: [] };
  }
  const { lines } = advisories;
  if (lines.length === 0) print('✓ advisories: none of severity high or critical');
  else print(['✗ advisories of production packages:', ...lines.map(line => `    ${line}`)].join('\n'));
  return { passed: lines.length === 0 ? 1 : 0, failed: lines.length === 0 ? 0 : 1, files: [] };
}

/** @returns {NonNullable<Parameters<typeof checkAdvisories>[0]>} */
function auditing() {
  const { command, args } = npm();
  return { command, args: [...args, ...AUDIT], timeoutMs: TIMEOUT_MS, print: line => console.log(line) };
}

/**
 * What `npm audit --json` has printed: one line for each vulnerable package, or that nobody answered.
 *
 * @param {string} output
 * @returns {Advisories}
 */
export function readAudit(output) {
  /** @type {{ vulnerabilities?: Record<string, { severity?: string, range?: string, via?: unknown[], fixAvailable?: unknown }> } | undefined} */
  let report;
  try {
    report = JSON.parse(output);
  } catch {
    return { kind: 'unanswered' };
  }
  if (typeof report?.vulnerabilities !== 'object') return { kind: 'unanswered' };
  const severe = Object.entries(report.vulnerabilities).filter(([, { severity }]) =>
    SEVERE.includes(severity ?? ''),
  );
  return {
    kind: 'found',
    lines: severe.map(([name, { severity, range = '', via = [], fixAvailable }]) => {
      const about = via.map(cause => (typeof cause === 'string' ? `through ${cause}` : titleOf(cause)));
      const fix = fixAvailable === false ? 'no fix yet' : 'fixed in a newer version: npm audit fix';
      return `${name} ${range} (${severity}): ${about.join('; ')}; ${fix}`;
    }),
  };
}

/**
 * @param {unknown} advisory
 * @returns {string}
 */
function titleOf(advisory) {
  const { title, url } = /** @type {{ title?: string, url?: string }} */ (advisory ?? {});
  return [title, url].filter(text => text !== undefined).join(' ');
}
