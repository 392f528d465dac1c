/** Finds the process that listens on a port, to name it in a "port is taken" error. Best effort, for messages only. */
import { execFile } from 'node:child_process';
import { readFile, readdir, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { commandLineOf } from '../../src/commands/process-id.mjs';

const LISTEN = '0A';
const MAX_COMMAND_LENGTH = 100;

/** `process 4711 (postgres -D /data)`, or undefined when unknown: processes of other users are hidden. */
export async function holderOf(port: number): Promise<string | undefined> {
  const pid = process.platform === 'linux' ? await pidFromProc(port) : await pidFromLsof(port);
  if (pid === undefined) return undefined;
  const command = commandLineOf(pid);
  return `process ${pid}${command === '' ? '' : ` (${command.slice(0, MAX_COMMAND_LENGTH)})`}`;
}

async function pidFromProc(port: number): Promise<number | undefined> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map(path => readFile(path, 'utf8').catch(() => '')),
  );
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const sockets = new Set(
    tables
      .flatMap(table => table.split('\n').slice(1))
      .map(line => line.trim().split(/\s+/))
      .filter(([, local, , state]) => local?.endsWith(`:${hexPort}`) && state === LISTEN)
      .map(fields => `socket:[${fields[9]}]`),
  );
  if (sockets.size === 0) return undefined;
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const folder = `/proc/${entry}/fd`;
    for (const fd of await readdir(folder).catch(() => [])) {
      if (sockets.has(await readlink(`${folder}/${fd}`).catch(() => ''))) return Number(entry);
    }
  }
  return undefined;
}

async function pidFromLsof(port: number): Promise<number | undefined> {
  try {
    const { stdout } = await promisify(execFile)('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t']);
    return Number(stdout.split('\n')[0]) || undefined;
  } catch {
    return undefined;
  }
}
