/** Which servers gRPC reaches through the proxy of `http_proxy` and `https_proxy`, which it takes for all of them. */

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/** Options of a gRPC channel. No proxy reaches the servers of this machine, such as those of the local stack. */
export function channelArgsFor(address: string): Readonly<Record<string, number>> {
  return LOOPBACK.test(address) ? { 'grpc.enable_http_proxy': 0 } : {};
}
