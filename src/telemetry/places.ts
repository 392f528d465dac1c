/** A port that is open on several addresses, each of which answers its own routes. */
import { lookup } from 'node:dns/promises';
import type { AddressSetting } from './address-error.ts';
import type { Routes } from './http-port.ts';

export interface Place {
  /** The address to listen on, and the setting that changes it. */
  readonly host: AddressSetting<string>;
  readonly routes: Routes;
}

export interface Placed {
  /** To listen on. Where one of them is every address, there is no other. */
  readonly hosts: readonly AddressSetting<string>[];
  /** What a connection that came to an address of this machine may ask. */
  readonly routesAt: (localAddress: string | undefined) => Routes;
}

/** Whether a host is every address of this machine. */
export function isEverywhere(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

export async function place(places: readonly Place[]): Promise<Placed> {
  const everywhere = places.find(({ host }) => isEverywhere(host.value));
  const isOne = new Set(places.map(({ host }) => host.value)).size === 1;
  const known = await Promise.all(
    places.map(async ({ host, routes }) => {
      const isEach = isOne || isEverywhere(host.value);
      return { host, routes, addresses: isEach ? undefined : await addressesOf(host.value) };
    }),
  );
  // Two names can be one address: the first one counts.
  const byAddress = new Map(
    known.toReversed().map(({ host, addresses }) => [addresses?.[0] ?? host.value, host]),
  );
  return {
    hosts: everywhere === undefined ? [...byAddress.values()].toReversed() : [everywhere.host],
    routesAt: localAddress => {
      const local = (localAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '');
      const found = known.filter(({ addresses }) => addresses === undefined || addresses.includes(local));
      return Object.fromEntries(found.flatMap(({ routes }) => Object.entries(routes)));
    },
  };
}

/** Of one that is not found none: listening on it fails, and says why. */
async function addressesOf(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}
