/**
 * Every setting, declared once. `.env.example` and docs/configuration.md are generated from here
 * (`npm run docs:gen`), so what they say is what the code does.
 */
import { isWikiName } from '../core/wiki-name.ts';
import { parseDsn } from './dsn.ts';
import { choice, integer, list, readSettings, text, webAddress } from './kinds.ts';
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
      about: 'S3 bucket of bronze, log, dead letters and gold. Made at start when it is missing.',
      example: 'wikigauge',
    },
  ),
  AWS_REGION: text({ good: value => /^[a-z0-9-]+$/.test(value), expected: 'a region name' }, 'us-east-1', {
    about: 'Region of the bucket.',
    example: 'eu-central-1',
  }),
  AWS_PROFILE: text({ good: () => true, expected: 'a profile name' }, undefined, {
    about:
      'Profile of the AWS configuration files. Keys may come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead.',
    example: 'wikipedia',
  }),
  AWS_ENDPOINT_URL: webAddress(undefined, {
    about: 'S3 endpoint when it is not AWS. It must honour If-None-Match on PUT, and with GOLD=s3 If-Match.',
    example: 'http://127.0.0.1:7070',
  }),
  FILTER_WIKI: list({ good: isWikiName, each: 'a wiki’s database name such as enwiki' }, [], {
    about: 'Wikis to keep, comma separated; empty keeps all.',
    example: 'enwiki,dewiki',
  }),
  FLUSH_MIN_LINES: integer({ min: 1, max: 1_000_000 }, 20_000, {
    about: 'Events in the buffer that make a flush due.',
  }),
  FLUSH_MAX_SEC: integer({ min: 1, max: 3_600 }, 300, {
    about: 'Seconds since the first buffered event after which a flush is due.',
  }),
  EDIT_TYPES: list(
    { good: type => type === 'edit' || type === 'new', each: 'edit or new', atLeastOne: true },
    ['edit'],
    { about: 'Event types that count as edits; edit,new counts page creations too.', example: 'edit,new' },
  ),
  LATENESS_SEC: integer({ min: 0, max: 86_400 }, 300, {
    about:
      'Seconds that the watermark stays behind the newest event: how long an hour waits for late events.',
  }),
  EVENTSTREAMS_URL: webAddress('https://stream.wikimedia.org/v2/stream/recentchange', {
    about: 'The stream of recent changes.',
    example: 'http://127.0.0.1:5001/v2/stream/recentchange',
  }),
  ACTION_API_URL: webAddress('https://{server_name}/w/api.php', {
    about: 'The Action API, for backfills; {server_name} stands for the host of a wiki.',
    example: 'http://127.0.0.1:5001/{server_name}/w/api.php',
  }),
  ACTION_API_PER_MINUTE: integer({ min: 1, max: 100_000 }, 200, {
    about:
      'Requests a minute to the Action API, by all workers together. Wikimedia allows 200 to who is not logged in.',
  }),
  ACTION_API_AT_ONCE: integer({ min: 1, max: 100 }, 3, {
    about: 'Requests to the Action API that one worker has under way at once. Wikimedia allows 3.',
  }),
  DUMPS_URL: webAddress('https://dumps.wikimedia.org/other/mediawiki_history', {
    about: 'The mediawiki_history dumps, for backfills of more than a month.',
    example: 'http://127.0.0.1:5001/dumps',
  }),
  USER_AGENT: text(
    {
      good: value => /https?:\/\/\S+\.\S+|\S+@\S+\.\S+/.test(value),
      expected: 'a product name with a contact (an address or e-mail), as Wikimedia demands',
    },
    'wikigauge/0.1 (https://github.com/wikigauge/wikigauge)',
    {
      about:
        'How we name ourselves to Wikimedia. Put your own contact in: requests without one are refused with 403.',
      example: 'my-wikigauge/1.0 (https://example.org/about; me@example.org)',
    },
  ),
  GOLD: list(
    { good: place => place === 'postgres' || place === 's3', each: 'postgres or s3', atLeastOne: true },
    ['postgres'],
    {
      about:
        'Where the counts are kept: in a database, or as Parquet in the bucket. With both they are written to both, and the API reads the first.',
      example: 's3',
    },
  ),
  PG_DSN: text(
    {
      good: value => typeof parseDsn(value) === 'object',
      expected: 'a libpq keyword string or a postgres:// URL',
    },
    undefined,
    {
      about: 'The database of the counts; not needed with GOLD=s3.',
      example: '"host=127.0.0.1 port=5433 dbname=wikigauge user=wikigauge password=secret"',
      secret: true,
    },
  ),
  HOURS: integer({ min: 1, max: 87_600 }, 1_440, {
    about: 'Hours that a transform of a range reaches back.',
  }),
  TEMPORAL_ADDRESS: text({ good: value => /^\S+:\d+$/.test(value), expected: 'host:port' }, undefined, {
    about:
      'Temporal frontend; 127.0.0.1:7233 when nothing else says so. Every TEMPORAL_ variable and profile of the temporal CLI works.',
    example: '127.0.0.1:7233',
  }),
  TEMPORAL_NAMESPACE: text({ good: value => /^\S+$/.test(value), expected: 'a namespace name' }, undefined, {
    about: 'Temporal namespace; “default” when nothing else says so.',
    example: 'default',
  }),
  TEMPORAL_API_KEY: text({ good: () => true, expected: 'an API key' }, undefined, {
    about: 'API key of Temporal Cloud; turns TLS on.',
    example: '…',
    secret: true,
  }),
  TEMPORAL_TLS_CLIENT_CERT_PATH: text({ good: () => true, expected: 'a path' }, undefined, {
    about: 'Client certificate for mutual TLS; TEMPORAL_TLS_CLIENT_KEY_PATH is its key.',
    example: '/etc/wikigauge/client.pem',
  }),
  TEMPORAL_PROFILE: text({ good: () => true, expected: 'a profile name' }, undefined, {
    about: 'Profile of the temporal CLI’s configuration file.',
    example: 'production',
  }),
  TEMPORAL_UI_URL: webAddress(undefined, {
    about: 'Address of the Temporal Web UI, for the dashboard’s link to it.',
    example: 'http://127.0.0.1:8233',
  }),
  HOST: text({ good: value => /^\S+$/.test(value), expected: 'an address to listen on' }, '127.0.0.1', {
    about: 'Address that the API and dashboard listen on.',
    example: '0.0.0.0',
  }),
  PORT: integer(port, 5_000, { about: 'Port of the API and dashboard.' }),
  LOG_LEVEL: choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal'], 'info', {
    about: 'Least level that is logged.',
  }),
  WIKIGAUGE_HOME: text({ good: () => true, expected: 'a folder' }, '.wikigauge', {
    about: 'State folder of the local servers.',
    example: '/var/lib/wikigauge',
  }),
  STACK_TEMPORAL_PORT: integer(port, 7_233, { about: 'Port of the local Temporal server.' }),
  STACK_TEMPORAL_UI_PORT: integer(port, 8_233, { about: 'Port of the local Temporal Web UI.' }),
  STACK_POSTGRES_PORT: integer(port, 5_433, { about: 'Port of the local Postgres.' }),
  STACK_S3_PORT: integer(port, 7_070, { about: 'Port of the local S3 gateway.' }),
  SIMULATE_PORT: integer(port, 5_001, { about: 'Port of the simulated Wikimedia.' }),
};

/** Values of all settings, by the name of their variable. */
export type Config = Values<typeof declarations>;

/** @throws ConfigurationError that lists every wrong variable. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return readSettings(declarations, env);
}
