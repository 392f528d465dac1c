/** An address that cannot be listened on: which settings it comes from, and how to change them. */
import { PipelineError, messageOf } from '../contracts/errors.ts';
import type { Words } from '../contracts/known-problems.ts';
import { addressProblems } from './known-problems.ts';

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

type Told = Words<'HOST' | 'PORT' | 'example'>;

const PROBLEMS: Readonly<
  Record<string, { readonly shows: string; readonly remedy: (words: Told) => string }>
> = addressProblems;

/** @param error as `listen` of a server of Node reports it */
export function addressError(error: unknown, { host, port }: ListenAddress): PipelineError {
  const { code } = error as NodeJS.ErrnoException;
  const problem = PROBLEMS[code ?? ''];
  const told = { HOST: host.name, PORT: port.name, example: String(port.example) };
  const shows = problem?.shows ?? `cannot be used: ${messageOf(error)}`;
  return new PipelineError(`${port.name} ${port.value} on ${host.name} ${host.value} ${shows}`, {
    code: 'bad_configuration',
    op: 'listen',
    subject: `${host.value}:${port.value}`,
    retryable: false,
    hint: problem?.remedy(told) ?? '',
    cause: error,
  });
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
