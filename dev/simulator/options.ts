/**
 * The settings of the simulated Wikimedia: their flags, and parsing from the command line.
 * Guarantee: `parseSimulateOptions` is pure and reports all problems at once, each with the value and an example.
 */

import { parseDuration } from './duration.ts';
import { DUMP_COLUMNS, type DumpColumns } from './dump-rows.ts';
import { FAULTS_EXAMPLE, type FaultPlan, parseFaults } from './fault-plan.ts';
import { FIRST_SECOND } from './rhythm.ts';
import type { OffsetHole, ProducerOutage } from './universe.ts';

/** Settings of {@link startWikimedia}; missing ones come from {@link DEFAULTS}. */
export interface WikimediaOptions {
  readonly host: string;
  /** 0 = any free port */
  readonly port: number;
  /** mean events per second over a day */
  readonly rate: number;
  readonly seed: number;
  readonly faults: FaultPlan;
  /** how far back the stream reaches, ms */
  readonly retentionMs: number;
  /** how long the edge keeps a connection open, ms; Infinity = forever */
  readonly connectionMaxMs: number;
  /** path of an NDJSON file to serve instead of the universe */
  readonly replay: string | undefined;
  /** epoch ms, whole seconds; nothing earlier exists */
  readonly fromMs: number | undefined;
  /** epoch ms, whole seconds; the universe ends there */
  readonly untilMs: number | undefined;
  /** epoch ms at which traffic moves to the other datacentre; undefined = twice a year */
  readonly switchesMs: readonly number[] | undefined;
  /** partitions of each topic */
  readonly partitions: number;
  /** offsets that a partition of the active topic skips, and when */
  readonly holes: readonly OffsetHole[];
  /** epoch ms from which stories happen; undefined = never */
  readonly storiesFromMs: number | undefined;
  /** when nothing is sent, though no offset is missing */
  readonly outages: readonly ProducerOutage[];
  /** maximum messages per second and connection; Infinity = no limit */
  readonly replayRate: number;
  /** how far back the Action API reaches, ms */
  readonly apiRetentionMs: number;
  /** layout of the dumps */
  readonly dumpColumns: DumpColumns;
  /** delay between the end of a month and the release of its dump, ms */
  readonly dumpDelayMs: number;
  /** how often a comment is sent once a source is exhausted, ms */
  readonly commentMs: number;
}

export const DEFAULTS: WikimediaOptions = {
  host: '127.0.0.1',
  port: 5001,
  rate: 40,
  seed: 1,
  faults: {},
  retentionMs: 7 * 86_400_000,
  connectionMaxMs: 15 * 60_000,
  replay: undefined,
  fromMs: undefined,
  untilMs: undefined,
  switchesMs: undefined,
  partitions: 1,
  holes: [],
  storiesFromMs: undefined,
  outages: [],
  replayRate: Infinity,
  apiRetentionMs: 30 * 86_400_000,
  dumpColumns: 78,
  dumpDelayMs: 6 * 86_400_000,
  commentMs: 5000,
};

/** One flag of `wikigauge simulate`. */
interface OptionDeclaration {
  /** name on the command line, without dashes */
  readonly flag: string;
  /** key in the object from the command-line parser */
  readonly key: string;
  readonly value: string;
  readonly meaning: string;
  /** undefined = no default */
  readonly defaultValue: string | undefined;
}

/** All flags, in help order. */
export const SIMULATE_OPTIONS: readonly OptionDeclaration[] = [
  { flag: 'host', key: 'host', value: 'HOST', meaning: 'address to listen on', defaultValue: '127.0.0.1' },
  {
    flag: 'port',
    key: 'port',
    value: 'PORT',
    meaning: 'port to listen on; 0 = any free port',
    defaultValue: '5001',
  },
  { flag: 'rate', key: 'rate', value: 'N', meaning: 'mean events per second over a day', defaultValue: '40' },
  {
    flag: 'seed',
    key: 'seed',
    value: 'N',
    meaning: 'selects the universe: the same seed gives the same history',
    defaultValue: '1',
  },
  {
    flag: 'faults',
    key: 'faults',
    value: 'SPEC',
    meaning: `faults to inject: ${FAULTS_EXAMPLE}`,
    defaultValue: 'none',
  },
  {
    flag: 'retention',
    key: 'retention',
    value: 'TIME',
    meaning: 'how far back the stream reaches',
    defaultValue: '7d',
  },
  {
    flag: 'connection-max',
    key: 'connectionMax',
    value: 'TIME',
    meaning: 'how long the server keeps a connection open, or "off"',
    defaultValue: '15m',
  },
  {
    flag: 'replay',
    key: 'replay',
    value: 'FILE',
    meaning: 'serve a captured NDJSON file instead of the universe',
    defaultValue: undefined,
  },
  { flag: 'from', key: 'from', value: 'ISO', meaning: 'start of the universe', defaultValue: undefined },
  { flag: 'until', key: 'until', value: 'ISO', meaning: 'end of the universe', defaultValue: undefined },
  {
    flag: 'switch',
    key: 'switch',
    value: 'ISO,…',
    meaning: 'when traffic moves to the other datacentre; starts with eqiad',
    defaultValue: undefined,
  },
  {
    flag: 'partitions',
    key: 'partitions',
    value: 'N',
    meaning: 'partitions of each topic of the universe',
    defaultValue: '1',
  },
  {
    flag: 'holes',
    key: 'holes',
    value: 'ISO=N,…',
    meaning: 'when a partition of the active topic skips N offsets, as if messages were missing',
    defaultValue: undefined,
  },
  {
    flag: 'stories',
    key: 'stories',
    value: 'ISO',
    meaning: 'when stories begin: a bot run, an edit war, news or spam every five minutes',
    defaultValue: undefined,
  },
  {
    flag: 'outages',
    key: 'outages',
    value: 'ISO=TIME,…',
    meaning: 'when the producers send nothing, and for how long, though no offset is missing',
    defaultValue: undefined,
  },
  {
    flag: 'api-retention',
    key: 'apiRetention',
    value: 'TIME',
    meaning: 'how far back the Action API reaches',
    defaultValue: '30d',
  },
  {
    flag: 'dump-columns',
    key: 'dumpColumns',
    value: 'N',
    meaning: 'layout of the dumps: 70, 76 or 78 columns',
    defaultValue: '78',
  },
  {
    flag: 'dump-delay',
    key: 'dumpDelay',
    value: 'TIME',
    meaning: 'delay between the end of a month and the release of its dump',
    defaultValue: '6d',
  },
  {
    flag: 'replay-rate',
    key: 'replayRate',
    value: 'N',
    meaning: 'maximum messages per second and connection',
    defaultValue: undefined,
  },
];

/** All problems of a command line. */
export class OptionsError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The simulator cannot start:\n${problems.map(problem => `  - ${problem}`).join('\n')}`);
    this.name = 'OptionsError';
    this.problems = problems;
  }
}

/**
 * Parses the text of the flags. Keys are those of {@link SIMULATE_OPTIONS}; missing ones get their default.
 * @throws OptionsError that lists every problem
 */
export function parseSimulateOptions(raw: Readonly<Record<string, string | undefined>>): WikimediaOptions {
  const problems: string[] = [];

  /** The value of a flag, or undefined when it is missing or invalid; collects the problem. */
  const read = <T>(key: string, parse: (text: string) => T | undefined, expected: string): T | undefined => {
    const text = raw[key];
    if (text === undefined) return undefined;
    const value = parse(text.trim());
    const flag = SIMULATE_OPTIONS.find(option => option.key === key)?.flag ?? key;
    if (value === undefined) problems.push(`--${flag}: got "${text}", expected ${expected}`);
    return value;
  };

  const port = read('port', integerUpTo(65_535), 'a port from 0 to 65535, e.g. 5001');
  const seed = read('seed', integerUpTo(4_294_967_295), 'an integer from 0 to 4294967295, e.g. 1');
  const rate = read('rate', numberUpTo(10_000), 'events per second above 0 and up to 10000, e.g. 40');
  const replayRate = read('replayRate', numberUpTo(Infinity), 'messages per second above 0, e.g. 500');
  const retentionMs = read('retention', parseDuration, 'a duration like 7d or 12h');
  const connectionMaxMs = read('connectionMax', durationOrOff, 'a duration like 15m, or off');
  const fromMs = read('from', instant, 'a time like 2026-11-20T10:00:00Z, not before 2020');
  const untilMs = read('until', instant, 'a time like 2026-11-20T11:00:00Z, not before 2020');
  const switchesMs = read('switch', instants, 'times like 2026-11-20T10:30:00Z, separated by commas');
  const partitions = read('partitions', between(1, 64), 'an integer from 1 to 64, e.g. 2');
  const holes = read(
    'holes',
    holesOf,
    'times and numbers of offsets like 2026-11-20T10:30:00Z=5000, separated by commas',
  );
  const storiesFromMs = read('stories', instant, 'a time like 2026-11-20T10:00:00Z, not before 2020');
  const outages = read(
    'outages',
    outagesOf,
    'times and durations like 2026-11-20T10:30:00Z=2h, separated by commas',
  );
  const apiRetentionMs = read('apiRetention', parseDuration, 'a duration like 30d');
  const dumpDelayMs = read('dumpDelay', parseDuration, 'a duration like 6d');
  const dumpColumns = read(
    'dumpColumns',
    text => DUMP_COLUMNS.find(columns => String(columns) === text),
    'one of 70, 76 and 78',
  );
  const host = read('host', notEmpty, 'an address like 127.0.0.1');
  const replay = read('replay', notEmpty, 'the path of an NDJSON file');
  const faults = parseFaults(raw['faults'] ?? '');
  if (faults.kind === 'wrong') {
    problems.push(
      ...faults.problems.map(problem => `--faults: ${problem}. Example: --faults ${FAULTS_EXAMPLE}`),
    );
  }
  if (fromMs !== undefined && untilMs !== undefined && fromMs >= untilMs) {
    problems.push(`--until: got "${raw['until']}", expected a time after --from ${raw['from']}`);
  }
  for (const key of Object.keys(raw)) {
    if (raw[key] === undefined || SIMULATE_OPTIONS.some(option => option.key === key)) continue;
    problems.push(`${key}: unknown option`);
  }
  if (problems.length > 0) throw new OptionsError(problems);

  return {
    host: host ?? DEFAULTS.host,
    port: port ?? DEFAULTS.port,
    rate: rate ?? DEFAULTS.rate,
    seed: seed ?? DEFAULTS.seed,
    faults: faults.kind === 'plan' ? faults.plan : DEFAULTS.faults,
    retentionMs: retentionMs ?? DEFAULTS.retentionMs,
    connectionMaxMs: connectionMaxMs ?? DEFAULTS.connectionMaxMs,
    replay,
    fromMs,
    untilMs,
    switchesMs,
    partitions: partitions ?? DEFAULTS.partitions,
    holes: holes ?? DEFAULTS.holes,
    storiesFromMs,
    outages: outages ?? DEFAULTS.outages,
    replayRate: replayRate ?? DEFAULTS.replayRate,
    apiRetentionMs: apiRetentionMs ?? DEFAULTS.apiRetentionMs,
    dumpColumns: dumpColumns ?? DEFAULTS.dumpColumns,
    dumpDelayMs: dumpDelayMs ?? DEFAULTS.dumpDelayMs,
    commentMs: DEFAULTS.commentMs,
  };
}

function integerUpTo(largest: number): (text: string) => number | undefined {
  return between(0, largest);
}

function between(least: number, largest: number): (text: string) => number | undefined {
  return text =>
    /^\d+$/.test(text) && Number(text) >= least && Number(text) <= largest ? Number(text) : undefined;
}

function numberUpTo(largest: number): (text: string) => number | undefined {
  return text => (text !== '' && Number(text) > 0 && Number(text) <= largest ? Number(text) : undefined);
}

function notEmpty(text: string): string | undefined {
  return text === '' ? undefined : text;
}

function durationOrOff(text: string): number | undefined {
  return text === 'off' ? Infinity : parseDuration(text);
}

/** Whole seconds: the universe is computed second by second. */
function instant(text: string): number | undefined {
  // Date.parse would read a bare number as a year.
  const ms = /^\d{4}-\d\d/.test(text) ? Math.floor(Date.parse(text) / 1000) * 1000 : NaN;
  return ms >= FIRST_SECOND * 1000 ? ms : undefined;
}

function instants(text: string): readonly number[] | undefined {
  const all = text.split(',').map(part => instant(part.trim()));
  const known = all.filter(ms => ms !== undefined);
  return known.length === all.length ? known : undefined;
}

function outagesOf(text: string): readonly ProducerOutage[] | undefined {
  const all = text.split(',').map(part => {
    const [at = '', length = ''] = part.trim().split('=');
    return { fromMs: instant(at), lastsMs: parseDuration(length) };
  });
  const known = all.flatMap(({ fromMs, lastsMs }) =>
    fromMs === undefined || lastsMs === undefined
      ? []
      : [{ fromMs, toMs: fromMs + Math.ceil(lastsMs / 1000) * 1000 }],
  );
  return known.length === all.length ? known : undefined;
}

function holesOf(text: string): readonly OffsetHole[] | undefined {
  const all = text.split(',').map(part => {
    const [at = '', size = ''] = part.trim().split('=');
    return { atMs: instant(at), size: between(1, 1_000_000)(size) };
  });
  const known = all.flatMap(({ atMs, size }) =>
    atMs === undefined || size === undefined ? [] : [{ atMs, size }],
  );
  return known.length === all.length ? known : undefined;
}
