/**
 * What a command talks to, as its first line: a wrong environment is noticed before anything happens. It goes to
 * stderr, and is left out where the output is JSON, so that scripts get what they expect.
 */
import type { Client } from '@temporalio/client';
import { s3Settings } from '../config/places.ts';
import type { GoldPlace } from '../config/places.ts';
import { describeDsn } from '../gold/postgres/connection.ts';
import { endpointOf } from '../store/s3.ts';

/** `Temporal 127.0.0.1:7233, namespace default`. */
export function temporalPlace({ connection, options }: Client): string {
  const address = 'options' in connection ? (connection.options as { address?: string }).address : undefined;
  return `Temporal ${address ?? 'at its default address'}, namespace ${options.namespace}`;
}

/** `bucket wikigauge at http://127.0.0.1:7070`. */
export function bucketPlace(config: Parameters<typeof s3Settings>[0]): string {
  const settings = s3Settings(config);
  return `bucket ${settings.bucket} at ${endpointOf(settings)}`;
}

/** `gold in Postgres 127.0.0.1:5433/wikigauge and in S3`. */
export function goldPlace(places: readonly GoldPlace[]): string {
  const names = places.map(place => (place.kind === 's3' ? 'S3' : `Postgres ${describeDsn(place.dsn)}`));
  return `gold in ${names.join(' and in ')}`;
}

/** Prints the places on one line. */
export function announce(...places: readonly string[]): void {
  console.error(places.join(' · '));
}
