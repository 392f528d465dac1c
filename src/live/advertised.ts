/** The address at which APIs reach the feed of a worker. */
import { hostname } from 'node:os';
import { isIPv6 } from 'node:net';
import { isEverywhere } from '../telemetry/places.ts';

/** @param host that the port was opened on: on every interface, others can reach it by the name of this machine */
export function advertised(host: string, port: number): string {
  const name = isEverywhere(host) ? hostname() : host;
  return `http://${isIPv6(name) ? `[${name}]` : name}:${port}`;
}
