/** The address at which APIs reach the feed of a worker. */
import { hostname } from 'node:os';

/**
 * @param url of the port on this machine
 * @param host that the port was opened on: on every interface, others can reach it by the name of this machine
 */
export function advertised(url: string, host: string): string {
  const address = new URL(url);
  if (host === '0.0.0.0' || host === '::') address.hostname = hostname();
  return address.origin;
}
