/** Runs the tools of node_modules/.bin. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * @param {string} command a tool of node_modules/.bin, or node
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
function start(command, args, options) {
  const path = command === 'node' ? process.execPath : join(ROOT, 'node_modules', '.bin', command);
  const child = spawn(path, args, { cwd: ROOT, ...options });
  /** @type {Promise<number>} */
  const exited = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => resolve(code ?? 1));
  });
  return { child, exited };
}

/**
 * Runs a tool to its end.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function capture(command, args) {
  const { child, exited } = start(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', text => (output += String(text)));
  return { code: await exited, output };
}

/**
 * Runs a tool to its end and shows its output. With a label each line begins with it, so that two tools can run at once.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: Readonly<Record<string, string>>, label?: string | undefined }} options
 * @returns {Promise<number>} exit code
 */
export async function show(command, args, { env = {}, label }) {
  const environment = { ...process.env, ...env };
  if (label === undefined) return start(command, args, { stdio: 'inherit', env: environment }).exited;
  const { child, exited } = start(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment });
  for (const input of [child.stdout, child.stderr]) {
    if (input === null) continue;
    createInterface({ input }).on('line', line => console.log(`${label} | ${line}`));
  }
  return exited;
}
