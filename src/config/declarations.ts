/**
 * Every setting, declared once. `.env.example` and docs/configuration.md are generated from here (`npm run docs:gen`),
 * so they always match the code.
 *
 * This folder, config, turns environment variables into typed settings: their kinds, their declarations, and what
 * follows from them alone, such as where the bucket and the database are. It opens no connection.
 */
import { isIP } from 'node:net';
import * as kinds from '../contracts/kinds.ts';
import {
  DEFAULT_API_REQUESTS,
  DEFAULT_HOURS,
  DEFAULT_REQUESTS_PER_MINUTE,
  MAX_HOURS,
} from '../contracts/limits.ts';
import { WIKIMEDIA_API } from '../contracts/wikimedia.ts';
import { COUNTABLE_TYPES, DEFAULT_TYPES, STREAM_URL } from '../recentchange/definition.ts';
import { parseDsn } from './dsn.ts';
import {
  choice,
  explainedText,
  integer,
  integerIfSet,
  list,
  readSettings,
  text,
  webAddress,
} from './kinds.ts';
import type { Values } from './kinds.ts';

const port = { min: 0, max: 65_535 };

export const declarations = {
  BUCKET: text(
    {
      good: value => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(value),
      expected: 'a bucket name of 3 to 63 lower case letters, digits, dots and hyphens',
    },
    'wikigauge',
    {
      about: 'S3 bucket of bronze, log, dead letters and gold. Created at start if it is missing.',
      example: 'wikigauge',
    },
  ),
  AWS_REGION: text({ good: value => /^[a-z0-9-]+$/.test(value), expected: 'a region name' }, 'us-east-1', {
    about: 'Region of the bucket; otherwise AWS_DEFAULT_REGION, or the region of the AWS profile.',
    example: 'eu-central-1',
  }),
  AWS_PROFILE: text({ good: () => true, expected: 'a profile name' }, undefined, {
    about:
      'Profile in the AWS configuration files (AWS_CONFIG_FILE): credentials, region and endpoint_url. Alternatively, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    example: 'wikipedia',
  }),
  AWS_ENDPOINT_URL: webAddress(undefined, {
    about:
      'S3 endpoint, unless it is AWS; AWS_ENDPOINT_URL_S3 goes before it, the endpoint_url of the AWS profile after it. It must support If-None-Match on PUT, and If-Match too when GOLD contains s3.',
    example: 'http://127.0.0.1:7070',
  }),
  FILTER_WIKI: list(kinds.list(kinds.wikiName, 'database names such as enwiki, separated by commas'), [], {
    about: 'Wikis to keep; empty keeps all.',
    example: 'enwiki,dewiki',
  }),
  FLUSH_MIN_LINES: integer({ min: 1, max: 1_000_000 }, 20_000, {
    about: 'A flush is due when this many events are buffered.',
  }),
  FLUSH_MAX_SEC: integer({ min: 1, max: 3_600 }, 300, {
    about: 'A flush is due this many seconds after the first buffered event.',
  }),
  EDIT_TYPES: list(
    kinds.list(kinds.choice(COUNTABLE_TYPES), 'edit, new, or both separated by a comma', {
      atLeastOne: true,
    }),
    DEFAULT_TYPES,
    { about: 'Event types that count as edits; edit,new also counts page creations.', example: 'edit,new' },
  ),
  LATENESS_SEC: integer({ min: 0, max: 86_400 }, 300, {
    about:
      'Seconds that the watermark lags behind the newest event. An hour waits this long for late events.',
  }),
  EVENTSTREAMS_URL: webAddress(STREAM_URL, {
    about: 'URL of the stream of recent changes.',
    example: 'http://127.0.0.1:5001/v2/stream/recentchange',
  }),
  ACTION_API_URL: webAddress(WIKIMEDIA_API, {
    about: 'URL of the Action API, used by backfills; {server_name} stands for the host of the wiki.',
    example: 'http://127.0.0.1:5001/{server_name}/w/api.php',
  }),
  ACTION_API_PER_MINUTE: integer({ min: 1, max: 100_000 }, 200, {
    about:
      'Requests a minute to the Action API, for all workers together. Wikimedia allows anonymous clients 200.',
  }),
  ACTION_API_AT_ONCE: integer({ min: 1, max: 100 }, DEFAULT_API_REQUESTS, {
    about: 'Requests to the Action API that one worker sends in parallel. Wikimedia allows 3.',
  }),
  DUMPS_URL: webAddress('https://dumps.wikimedia.org/other/mediawiki_history', {
    about: 'URL of the mediawiki_history dumps, used by backfills of more than a month.',
    example: 'http://127.0.0.1:5001/dumps',
  }),
  USER_AGENT: text(
    {
      // A header cannot carry other characters: every request would fail.
      good: value => /https?:\/\/\S+\.\S+|\S+@\S+\.\S+/.test(value) && /^[\x20-\x7E\xA0-\xFF]+$/.test(value),
      expected:
        'a product name with a contact (web or e-mail address), as Wikimedia requires, in characters of Latin-1',
    },
    'wikigauge/0.1 (https://github.com/wikigauge/wikigauge)',
    {
      about: 'User-Agent of requests to Wikimedia. Use your own contact: requests without one get 403.',
      example: 'my-wikigauge/1.0 (https://example.org/about; me@example.org)',
    },
  ),
  GOLD: list(
    kinds.list(kinds.choice(['postgres', 's3']), 'postgres, s3, or both separated by a comma', {
      atLeastOne: true,
    }),
    ['postgres'],
    {
      about:
        'Where counts are stored: in a database, as Parquet in the bucket, or both. The API reads from the first one.',
      example: 's3',
    },
  ),
  PG_DSN: explainedText(
    {
      problem: value => {
        const dsn = parseDsn(value);
        return typeof dsn === 'string' ? dsn : undefined;
      },
      expected: 'a libpq keyword string or a postgres:// URL',
    },
    undefined,
    {
      about: 'The database for counts; not needed when GOLD is s3.',
      example: '"host=127.0.0.1 port=5433 dbname=wikigauge user=wikigauge password=secret"',
      secret: true,
    },
  ),
  HOURS: integer({ min: 1, max: MAX_HOURS }, DEFAULT_HOURS, {
    about: 'Hours that `npm run transform` goes back by default.',
  }),
  TEMPORAL_ADDRESS: text({ good: value => /^\S+:\d+$/.test(value), expected: 'host:port' }, undefined, {
    about:
      'Address of the Temporal frontend; 127.0.0.1:7233 by default. All TEMPORAL_ variables and profiles of the temporal CLI work too.',
    example: '127.0.0.1:7233',
  }),
  TEMPORAL_NAMESPACE: text({ good: value => /^\S+$/.test(value), expected: 'a namespace name' }, undefined, {
    about: 'Temporal namespace; “default” by default.',
    example: 'default',
  }),
  TEMPORAL_API_KEY: text({ good: () => true, expected: 'an API key' }, undefined, {
    about: 'API key of Temporal Cloud; turns on TLS.',
    example: '…',
    secret: true,
  }),
  TEMPORAL_TLS_CLIENT_CERT_PATH: text({ good: () => true, expected: 'a path' }, undefined, {
    about: 'Client certificate for mutual TLS; set its key in TEMPORAL_TLS_CLIENT_KEY_PATH.',
    example: '/etc/wikigauge/client.pem',
  }),
  TEMPORAL_PROFILE: text({ good: () => true, expected: 'a profile name' }, undefined, {
    about: 'Profile in the configuration file of the temporal CLI.',
    example: 'production',
  }),
  TEMPORAL_UI_URL: webAddress(undefined, {
    about: 'Address of the Temporal Web UI, for the link on the dashboard.',
    example: 'http://127.0.0.1:8233',
  }),
  HOST: text({ good: value => /^\S+$/.test(value), expected: 'an address to listen on' }, '127.0.0.1', {
    about: 'Address that the API and dashboard listen on.',
    example: '0.0.0.0',
  }),
  PORT: integer(port, 5_000, { about: 'Port of the API and dashboard.' }),
  ADMIN_TOKEN: text({ good: value => /^\S+$/.test(value), expected: 'a secret without spaces' }, undefined, {
    about:
      'Whoever sends it as `Authorization: Bearer …` may start, pause and cancel backfills over the API. Without it nobody may. Make one with `openssl rand -hex 32`.',
    example: '…',
    secret: true,
  }),
  CORS_ORIGINS: list(
    kinds.list(
      kinds.text('an origin', isOrigin),
      '*, or origins such as https://example.org, separated by commas',
      {
        atLeastOne: true,
      },
    ),
    ['*'],
    {
      about:
        'Origins whose pages may read from the API in a browser; * means all. Pages of other origins can never change anything.',
      example: 'https://example.org,https://www.example.org',
    },
  ),
  RATE_LIMIT_PER_MINUTE: integer({ min: 0, max: 100_000_000 }, DEFAULT_REQUESTS_PER_MINUTE, {
    about:
      'What one client address may ask of the API in a minute: a request counts 1, and 1 more for each week of each wiki that it asks about. 0: no limit.',
  }),
  TRUSTED_PROXIES: list(
    kinds.list(
      kinds.text('an address or range', isAddressRange),
      'addresses, ranges such as 10.0.0.0/8, or loopback, separated by commas',
    ),
    [],
    {
      about:
        'Reverse proxies whose X-Forwarded-For says who the client is. Without it, all clients behind a proxy share the limit of its address.',
      example: 'loopback,10.0.0.0/8',
    },
  ),
  METRICS_PORT: integerIfSet(port, {
    about:
      'Port of /metrics, /livez and /readyz. Unless it is set: 9464 on a worker, 9465 on the API, or the next free one. 0 turns it off.',
    example: '9500',
  }),
  METRICS_HOST: text(
    { good: value => /^\S+$/.test(value), expected: 'an address to listen on' },
    '127.0.0.1',
    {
      about:
        'Address that METRICS_PORT is opened on. Probes and Prometheus on other machines need 0.0.0.0; so do APIs, unless LIVE_HOST is set.',
      example: '0.0.0.0',
    },
  ),
  LIVE_HOST: text({ good: value => /^\S+$/.test(value), expected: 'an address to listen on' }, undefined, {
    about:
      'Address on which METRICS_PORT of a worker serves the live feed, if it is not METRICS_HOST. APIs on other machines need 0.0.0.0, or an address that they reach.',
    example: '0.0.0.0',
  }),
  LIVE_URL: webAddress(undefined, {
    about:
      'Address of the live feed, on the port of the worker that reads the stream. The API finds it by itself where Temporal answers; otherwise, or with a proxy in between, set it.',
    example: 'http://worker:9464',
  }),
  LIVE_ADVERTISE: webAddress(undefined, {
    about:
      'Address at which APIs on other machines reach METRICS_PORT of this worker. Unless it is set: LIVE_HOST, or the host name of this machine where that is every address.',
    example: 'http://worker:9464',
  }),
  LOG_LEVEL: choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal'], 'info', {
    about: 'Minimum log level.',
  }),
  WIKIGAUGE_HOME: text({ good: () => true, expected: 'a folder' }, '.wikigauge', {
    about: 'Folder for the state of the local servers.',
    example: '/var/lib/wikigauge',
  }),
  STACK_TEMPORAL_PORT: integer(port, 7_233, { about: 'Port of the local Temporal server.' }),
  STACK_TEMPORAL_UI_PORT: integer(port, 8_233, { about: 'Port of the local Temporal Web UI.' }),
  STACK_POSTGRES_PORT: integer(port, 5_433, { about: 'Port of the local Postgres.' }),
  STACK_S3_PORT: integer(port, 7_070, { about: 'Port of the local S3 gateway.' }),
  SIMULATE_PORT: integer(port, 5_001, { about: 'Port of the simulated Wikimedia.' }),
};

/** As a browser sends it: without a path, and without the port that its scheme has anyway. */
function isOrigin(value: string): boolean {
  return (
    value === '*' || (/^https?:[^*]+$/.test(value) && URL.canParse(value) && new URL(value).origin === value)
  );
}

/** `loopback`, `linklocal` and `uniquelocal` stand for the ranges of these names. */
function isAddressRange(value: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(value)) return true;
  const [address = '', prefix, ...rest] = value.split('/');
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  if (bits === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) >= 1 && Number(prefix) <= bits);
}

/** The value of every setting, by the name of its variable. */
export type Config = Values<typeof declarations>;

/** @throws ConfigurationError that lists every wrong variable. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return readSettings(declarations, env);
}
