/** What expectations and detection cost, in CPU time, once the hours of the past are loaded. */
import { ACCOUNT_KINDS } from '../../src/core/usual/anomaly.ts';
import { next } from '../../src/core/usual/detect.ts';
import { expectationOf } from '../../src/core/usual/expectation.ts';
import { PastHours } from '../../src/core/usual/past-hours.ts';
import type { HourCount } from '../../src/core/usual/past-hours.ts';
import { lookAt } from '../../src/core/usual/readings.ts';
import { Usual } from '../../src/core/usual/usual.ts';
import { Random, hash, keyOf } from '../simulator/random.ts';
import { overdispersed } from './noise.ts';
import { modelsOf, usualRate } from './wikis.ts';
import type { AccountKind } from '../../src/core/usual/anomaly.ts';
import type { WikiModel } from './wikis.ts';

/** Milliseconds of CPU time, each the median of several. */
export interface Cost {
  /** A week of five wikis, hour by hour, of people and of bots. */
  readonly expectationMs: number;
  /** A look at each of 1,000 wikis. */
  readonly detectionMs: number;
}

const HOUR = 3_600;
const WEEK = 7 * 24 * HOUR;
const WEEKS = 9;
const NOW = Date.UTC(2026, 8, 7) / 1000;
const WIKIS = 1_000;
const ROUNDS = 7;

export function measureCost(seed: number): Cost {
  const models = modelsOf(seed, 300);
  const histories = Array.from({ length: WIKIS }, (_, index) => models[index % models.length]).flatMap(
    wiki =>
      wiki === undefined
        ? []
        : ACCOUNT_KINDS.map(account => ({ wiki, account, hours: pastOf(seed, wiki, account) })),
  );
  return {
    expectationMs: medianMs(() => {
      for (const { hours } of histories.slice(0, 5 * ACCOUNT_KINDS.length)) {
        const usual = new Usual(new PastHours(hours));
        for (let from = NOW - WEEK; from < NOW; from += HOUR) expectationOf(usual, { from, to: from + HOUR });
      }
    }),
    detectionMs: medianMs(() => {
      for (const { wiki, account, hours } of histories) {
        const usual = new Usual(new PastHours(hours));
        const look = lookAt(usual, NOW, ({ from, to }) => (wiki.hourly[account] * (to - from)) / HOUR);
        next({ kind: 'usual' }, look, { wiki: wiki.db, account });
      }
    }),
  };
}

function pastOf(seed: number, wiki: WikiModel, account: AccountKind): readonly HourCount[] {
  const random = new Random(hash(keyOf(seed, `cost ${wiki.db} ${account}`), 0));
  return Array.from({ length: (WEEKS * WEEK) / HOUR }, (_, index) => {
    const start = NOW - WEEKS * WEEK + index * HOUR;
    return { start, value: overdispersed(random, usualRate(wiki, account, start), 4), knownMinutes: 60 };
  });
}

function medianMs(work: () => void): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
}
