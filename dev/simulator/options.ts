/**
 * The settings of the simulated Wikimedia: declared once, read from the command line as text.
 * Guarantee: `parseSimulateOptions` is pure and reports every problem at once, with what it got and an example.
 */

import { parseDuration } from './duration.ts';
import { DUMP_COLUMNS, type DumpColumns } from './dump-rows.ts';
import { FAULTS_EXAMPLE, type FaultPlan, parseFaults } from './fault-plan.ts';
import { FIRST_SECOND } from './rhythm.ts';

/** Settings of {@link startWikimedia}. What is not given is as {@link DEFAULTS} says. */
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
  /** the edge ends a connection after this long, ms; Infinity = never */
  readonly connectionMaxMs: number;
  /** path of an NDJSON file that is served instead of the universe */
  readonly replay: string | undefined;
  /** epoch ms, whole seconds; nothing earlier exists */
  readonly fromMs: number | undefined;
  /** epoch ms, whole seconds; the universe ends there */
  readonly untilMs: number | undefined;
  /** epoch ms at which the other datacentre takes over; undefined = twice a year */
  readonly switchesMs: readonly number[] | undefined;
  /** ceiling on messages per second and connection; Infinity = none */
  readonly replayRate: number;
  /** how far back the Action API reaches, ms */
  readonly apiRetentionMs: number;
  /** layout of the dumps */
  readonly dumpColumns: DumpColumns;
  /** how long after the end of its month a dump comes out, ms */
  readonly dumpDelayMs: number;
  /** when a source has nothing more to tell, how often it says so with a comment, ms */
  readonly commentMs: number;
}

/** What is used unless it is said otherwise. */
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
  replayRate: Infinity,
  apiRetentionMs: 30 * 86_400_000,
  dumpColumns: 78,
  dumpDelayMs: 6 * 86_400_000,
  commentMs: 5000,
};

/** One flag of `wikigauge simulate`. */
interface OptionDeclaration {
  /** as it stands on the command line, without the dashes */
  readonly flag: string;
  /** key in the object that a command line parser makes of it */
  readonly key: string;
  readonly value: string;
  readonly meaning: string;
  /** undefined = none */
  readonly usual: string | undefined;
}

/** All flags, in the order in which help should show them. */
export const SIMULATE_OPTIONS: readonly OptionDeclaration[] = [
  { flag: 'host', key: 'host', value: 'HOST', meaning: 'address to listen on', usual: '127.0.0.1' },
  { flag: 'port', key: 'port', value: 'PORT', meaning: 'port to listen on, 0 = any free one', usual: '5001' },
  { flag: 'rate', key: 'rate', value: 'N', meaning: 'mean events per second over a day', usual: '40' },
  {
    flag: 'seed',
    key: 'seed',
    value: 'N',
    meaning: 'which universe: the same seed tells the same history',
    usual: '1',
  },
  {
    flag: 'faults',
    key: 'faults',
    value: 'SPEC',
    meaning: `what goes wrong: ${FAULTS_EXAMPLE}`,
    usual: 'none',
  },
  {
    flag: 'retention',
    key: 'retention',
    value: 'TIME',
    meaning: 'how far back the stream reaches',
    usual: '7d',
  },
  {
    flag: 'connection-max',
    key: 'connectionMax',
    value: 'TIME',
    meaning: 'the server ends a connection after this long, or "off"',
    usual: '15m',
  },
  {
    flag: 'replay',
    key: 'replay',
    value: 'FILE',
    meaning: 'serve a captured NDJSON file instead',
    usual: undefined,
  },
  { flag: 'from', key: 'from', value: 'ISO', meaning: 'nothing earlier exists', usual: undefined },
  { flag: 'until', key: 'until', value: 'ISO', meaning: 'nothing later exists', usual: undefined },
  {
    flag: 'switch',
    key: 'switch',
    value: 'ISO,…',
    meaning: 'when the other datacentre takes over; eqiad is first',
    usual: undefined,
  },
  {
    flag: 'api-retention',
    key: 'apiRetention',
    value: 'TIME',
    meaning: 'how far back the Action API reaches',
    usual: '30d',
  },
  {
    flag: 'dump-columns',
    key: 'dumpColumns',
    value: 'N',
    meaning: 'layout of the dumps: 70, 76 or 78 columns',
    usual: '78',
  },
  {
    flag: 'dump-delay',
    key: 'dumpDelay',
    value: 'TIME',
    meaning: 'how long after the end of its month a dump comes out',
    usual: '6d',
  },
  {
    flag: 'replay-rate',
    key: 'replayRate',
    value: 'N',
    meaning: 'most messages per second and connection',
    usual: undefined,
  },
];

/** Says everything that is wrong with a command line. */
export class OptionsError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The simulator cannot start:\n${problems.map(problem => `  - ${problem}`).join('\n')}`);
    this.name = 'OptionsError';
    this.problems = problems;
  }
}

/**
 * Options from the text of the flags. Keys are those of {@link SIMULATE_OPTIONS}; a missing one has its usual value.
 * @throws OptionsError that lists every problem
 */
export function parseSimulateOptions(raw: Readonly<Record<string, string | undefined>>): WikimediaOptions {
  const problems: string[] = [];

  /** The flag's value if it is given and right; notes the problem if it is given and wrong. */
  const read = <T>(key: string, parse: (text: string) => T | undefined, expected: string): T | undefined => {
    const text = raw[key];
    if (text === undefined) return undefined;
    const value = parse(text.trim());
    const flag = SIMULATE_OPTIONS.find(option => option.key === key)?.flag ?? key;
    if (value === undefined) problems.push(`--${flag}: got "${text}", expected ${expected}`);
    return value;
  };

  const port = read('port', integerUpTo(65_535), 'a port from 0 to 65535, such as 5001');
  const seed = read('seed', integerUpTo(4_294_967_295), 'an integer from 0 to 4294967295, such as 1');
  const rate = read('rate', numberUpTo(10_000), 'events per second above 0 and up to 10000, such as 40');
  const replayRate = read('replayRate', numberUpTo(Infinity), 'messages per second above 0, such as 500');
  const retentionMs = read('retention', parseDuration, 'a length of time such as 7d or 12h');
  const connectionMaxMs = read('connectionMax', durationOrOff, 'a length of time such as 15m, or off');
  const fromMs = read('from', instant, 'an instant such as 2026-11-20T10:00:00Z, from 2020 on');
  const untilMs = read('until', instant, 'an instant such as 2026-11-20T11:00:00Z, from 2020 on');
  const switchesMs = read('switch', instants, 'instants such as 2026-11-20T10:30:00Z, separated by commas');
  const apiRetentionMs = read('apiRetention', parseDuration, 'a length of time such as 30d');
  const dumpDelayMs = read('dumpDelay', parseDuration, 'a length of time such as 6d');
  const dumpColumns = read(
    'dumpColumns',
    text => DUMP_COLUMNS.find(columns => String(columns) === text),
    'one of 70, 76 and 78',
  );
  const host = read('host', notEmpty, 'an address such as 127.0.0.1');
  const replay = read('replay', notEmpty, 'the path of an NDJSON file');
  const faults = parseFaults(raw['faults'] ?? '');
  if (faults.kind === 'wrong') {
    problems.push(
      ...faults.problems.map(problem => `--faults: ${problem}. Example: --faults ${FAULTS_EXAMPLE}`),
    );
  }
  if (fromMs !== undefined && untilMs !== undefined && fromMs >= untilMs) {
    problems.push(`--until: got "${raw['until']}", expected an instant after --from ${raw['from']}`);
  }
  for (const key of Object.keys(raw)) {
    if (raw[key] === undefined || SIMULATE_OPTIONS.some(option => option.key === key)) continue;
    problems.push(`${key}: there is no such option`);
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
    replayRate: replayRate ?? DEFAULTS.replayRate,
    apiRetentionMs: apiRetentionMs ?? DEFAULTS.apiRetentionMs,
    dumpColumns: dumpColumns ?? DEFAULTS.dumpColumns,
    dumpDelayMs: dumpDelayMs ?? DEFAULTS.dumpDelayMs,
    commentMs: DEFAULTS.commentMs,
  };
}

function integerUpTo(largest: number): (text: string) => number | undefined {
  return text => (/^\d+$/.test(text) && Number(text) <= largest ? Number(text) : undefined);
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
  // Date.parse takes a bare number for a year; nobody who writes one means that.
  const ms = /^\d{4}-\d\d/.test(text) ? Math.floor(Date.parse(text) / 1000) * 1000 : NaN;
  return ms >= FIRST_SECOND * 1000 ? ms : undefined;
}

function instants(text: string): readonly number[] | undefined {
  const all = text.split(',').map(part => instant(part.trim()));
  const known = all.filter(ms => ms !== undefined);
  return known.length === all.length ? known : undefined;
}
