/** An address that cannot be listened on: which settings it comes from, and how to change them. */
import { PipelineError, messageOf } from './errors.ts';

/** A value, and the name of the setting that it comes from. */
export interface AddressSetting<T> {
  readonly name: string;
  readonly value: T;
  /** Another value, as an example. */
  readonly example: T;
}

export interface ListenAddress {
  readonly host: AddressSetting<string>;
  readonly port: AddressSetting<number>;
}

/** @param error as `listen` of a server of Node reports it */
export function addressError(error: unknown, { host, port }: ListenAddress): PipelineError {
  const { message, hint } = problemOf(error, { host, port });
  return new PipelineError(`${port.name} ${port.value} on ${host.name} ${host.value} ${message}`, {
    code: 'bad_configuration',
    op: 'listen',
    subject: `${host.value}:${port.value}`,
    retryable: false,
    hint,
    cause: error,
  });
}

function problemOf(error: unknown, { host, port }: ListenAddress): { message: string; hint: string } {
  const otherPort = `${port.name}=${port.example}`;
  const otherHost = `Set ${host.name} to 127.0.0.1 or 0.0.0.0.`;
  const { code } = error as { readonly code?: unknown };
  switch (code) {
    case 'EADDRINUSE':
      return {
        message: 'is already in use',
        hint: `Stop the program that uses it, or set ${port.name} to another number, e.g. ${otherPort}.`,
      };
    case 'EACCES':
      return {
        message: 'is not allowed',
        hint: `Ports below 1024 need privileges: set ${port.name} to a higher number, e.g. ${otherPort}.`,
      };
    case 'EADDRNOTAVAIL':
      return { message: 'is not an address of this machine', hint: otherHost };
    case 'ENOTFOUND':
      return { message: 'is an unknown host', hint: otherHost };
    default:
      return { message: `cannot be used: ${messageOf(error)}`, hint: '' };
  }
}

/** The address to open on this machine: loopback when the server listens on every interface. */
export function shownAddress({
  address,
  family,
  port,
}: {
  readonly address: string;
  readonly family: string;
  readonly port: number;
}): string {
  if (address === '0.0.0.0' || address === '::') return `http://127.0.0.1:${port}`;
  return family === 'IPv6' ? `http://[${address}]:${port}` : `http://${address}:${port}`;
}
