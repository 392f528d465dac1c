/** Chooses the ports of the local stack. A fixed port must be free before anything starts; 0 means any free port. */
import { createConnection, createServer } from 'node:net';
import { once } from 'node:events';
import { holderOf } from './port-holder.ts';
import { stackProblems } from './known-problems.ts';

export const LOOPBACK = '127.0.0.1';

/**
 * Free ports are chosen below the range that systems use for outgoing connections and for "any port", so that no other
 * process is given the port between this check and the server's start.
 */
const FREE_FROM = 20_000;
const FREE_TO = 32_000;

export interface PortWish {
  /** What listens there, for messages. */
  readonly server: string;
  /** The setting that changes the port. */
  readonly variable: string;
  /** 0 means any free port. */
  readonly port: number;
}

/**
 * Resolves every wish to a port.
 *
 * @throws Error that names every taken port, the process that holds it, and the setting that changes it
 */
export async function choosePorts<Name extends string>(
  wishes: Readonly<Record<Name, PortWish>>,
): Promise<Record<Name, number>> {
  const entries = Object.entries<PortWish>(wishes);
  const fixed = entries.map(([, wish]) => wish).filter(wish => wish.port !== 0);
  const problems = await Promise.all(fixed.map((wish, i) => problemOf(wish, fixed.slice(0, i))));
  const message = problems.filter(problem => problem !== undefined).join('\n');
  if (message !== '') throw new Error(message);

  const used = new Set(fixed.map(wish => wish.port));
  const chosen = new Map<string, number>();
  for (const [name, wish] of entries) {
    const port = wish.port === 0 ? await freePort(used) : wish.port;
    used.add(port);
    chosen.set(name, port);
  }
  return Object.fromEntries(chosen) as Record<Name, number>;
}

/** Whether a process listens on this port of the loopback interface. */
export async function isTaken(port: number): Promise<boolean> {
  // On some systems listening on 127.0.0.1 succeeds although another process listens on all interfaces: check both ways.
  return !(await canListen(port)) || (await answers(port));
}

/** A free port that is not in `except`. */
export async function freePort(except: ReadonlySet<number> = new Set()): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = FREE_FROM + Math.floor(Math.random() * (FREE_TO - FREE_FROM));
    if (!except.has(port) && !(await isTaken(port))) return port;
  }
  const { shows, remedy } = stackProblems.noFreePort;
  throw new Error(`${shows({ from: String(FREE_FROM), to: String(FREE_TO) })} ${remedy}`);
}

async function problemOf(wish: PortWish, earlier: readonly PortWish[]): Promise<string | undefined> {
  const { server, variable, port } = wish;
  const twin = earlier.find(other => other.port === port);
  if (twin) {
    const { shows, remedy } = stackProblems.samePort;
    return `${shows({ one: twin.variable, other: variable, port: String(port) })} ${remedy}`;
  }
  if (!(await isTaken(port))) return undefined;
  const holder = await holderOf(port);
  const { shows, remedy } = stackProblems.portTaken;
  const by = holder === undefined ? '' : ` by ${holder}`;
  return `${shows({ port: String(port), server, by })} ${remedy({ variable, next: String(port + 1) })}`;
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port, host: LOOPBACK, exclusive: true });
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    await new Promise(resolve => server.close(resolve));
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = createConnection({ port, host: LOOPBACK });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
