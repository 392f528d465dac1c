/** Where the bucket and gold are, according to the settings. */
import { declarations } from './declarations.ts';
import type { Config } from './declarations.ts';
import { ConfigurationError } from './kinds.ts';

export interface S3Settings {
  readonly bucket: string;
  readonly region: string;
  /** Undefined for AWS itself. */
  readonly endpoint: string | undefined;
}

/** A place that stores counts. */
export type GoldPlace = { readonly kind: 's3' } | { readonly kind: 'postgres'; readonly dsn: string };

/** The API and the dashboard read the first one. */
export type GoldPlaces = readonly [GoldPlace, ...GoldPlace[]];

/** Where the bucket is. */
export function s3Settings({
  BUCKET,
  AWS_REGION,
  AWS_ENDPOINT_URL,
}: Pick<Config, 'BUCKET' | 'AWS_REGION' | 'AWS_ENDPOINT_URL'>): S3Settings {
  return { bucket: BUCKET, region: AWS_REGION, endpoint: AWS_ENDPOINT_URL };
}

/** Where gold is. @throws ConfigurationError when it is in Postgres and PG_DSN is missing */
export function goldPlaces({
  GOLD,
  PG_DSN,
}: {
  readonly GOLD: readonly string[];
  readonly PG_DSN: string | undefined;
}): GoldPlaces {
  const places = GOLD.map((kind): GoldPlace => {
    if (kind === 's3') return { kind };
    if (PG_DSN !== undefined) return { kind: 'postgres', dsn: PG_DSN };
    throw new ConfigurationError([
      `PG_DSN: not set, and GOLD=${GOLD.join(',')} needs it. Example: PG_DSN=${declarations.PG_DSN.example}. \`npm run demo\` starts its own Postgres; GOLD=s3 needs none.`,
    ]);
  });
  // The kind of GOLD requires at least one.
  return places as unknown as GoldPlaces;
}
