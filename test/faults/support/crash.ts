/** Kills a server with all its processes, and starts it again on the same port with the same data. */
import { expect } from 'vitest';
import { isTaken } from '../../../dev/stack/ports.ts';
import type { KillableServer, Servers } from './servers.ts';
import type { Pipeline } from './pipeline.ts';
import type { TcpProxy } from './tcp-proxy.ts';

type Parts = Pick<Pipeline, 'servers' | 'proxies'>;

/** kill -9; its port stays closed until `restart`. */
export async function crash(pipeline: Parts, which: keyof Servers): Promise<void> {
  const [server, way] = placeOf(pipeline, which);
  await Promise.all([server.kill(), way.refuse()]);
  expect(await isTaken(server.port)).toBe(false);
}

/** Resolves when it can be reached again. */
export async function restart(pipeline: Parts, which: keyof Servers): Promise<void> {
  const [server, way] = placeOf(pipeline, which);
  await server.start();
  await way.pass();
}

function placeOf({ servers, proxies }: Parts, which: keyof Servers): [KillableServer, TcpProxy] {
  const [server, way] = [servers[which], proxies[which]];
  if (server === undefined || way === undefined) throw new Error(`this pipeline has no ${which}`);
  return [server, way];
}
