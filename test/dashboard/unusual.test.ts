/** ⑧ What is unusual: its flags, its rows, its words; and what is known of the minutes that a reader selects. */
import { describe, expect, test } from 'vitest';
import { isoSeconds } from '../../src/core/time.ts';
import { anomalyText } from '../../src/dashboard/anomaly-text.ts';
import { flagMark, flagsOf, spanOfFlag } from '../../src/dashboard/flags.ts';
import type { Anomaly } from '../../src/dashboard/insight-client.ts';
import { buildModel } from '../../src/dashboard/model.ts';
import { recentChangesUrl } from '../../src/dashboard/recent-changes.ts';
import { summaryOf } from '../../src/dashboard/selection.ts';
import { unusualRows, viewOf } from '../../src/dashboard/unusual.ts';
import { usualOf } from '../../src/dashboard/usual.ts';
import { COUNTING, FULL, PROVISIONAL, knownFrom } from './known.ts';

const T = Date.UTC(2026, 10, 20, 10, 0) / 1000;

interface Change {
  readonly id?: string;
  readonly event?: string;
  readonly wiki?: string;
  readonly account?: Anomaly['account'];
  /** Minutes from T. */
  readonly from?: number;
  readonly to?: number | null;
  readonly factor?: number;
  readonly reason?: Anomaly['reason'];
}

function anomaly(change: Change = {}): Anomaly {
  const { from = 0, to = 45, id = `id ${from}`, reason, ...others } = change;
  const at = (minute: number): string => isoSeconds(T + minute * 60);
  return {
    id,
    event: id,
    wiki: 'enwiki',
    account: 'human',
    from: at(from),
    to: to === null ? null : at(to),
    noticedAt: at(from + 5),
    countedTo: at(to ?? from + 10),
    edits: 900,
    expected: 150,
    factor: 6,
    peak: { from: at(from), to: at(from + 5), edits: 400, expected: 20, factor: 20 },
    ...(reason !== undefined && { reason }),
    ...others,
  };
}

describe('flags', () => {
  const span = { from: T - 3_600, to: T + 3_600 };

  test('are where something begins, and at the edge if it began earlier', () => {
    const flags = flagsOf([anomaly({ from: -90, to: -10 }), anomaly({ from: 30, to: null })], span, 0.01);
    expect(flags.map(({ at }) => at)).toEqual([0, 0.75]);
    expect(flags.map(spanOfFlag)).toEqual([
      { from: T - 5_400, to: T - 600 },
      { from: T + 1_800, to: T + 2_400 },
    ]);
  });

  test('are left out of a chart that they do not touch', () => {
    const far = [anomaly({ from: -120, to: -60 }), anomaly({ from: 60, to: null })];
    expect(flagsOf(far, span, 0.01)).toEqual([]);
  });

  test('that would cover each other are one, which says how many', () => {
    const near = [anomaly({ from: 4, account: 'bot' }), anomaly({ from: 0 }), anomaly({ from: 40 })];
    const flags = flagsOf(near, span, 0.05);
    expect(flags.map(flagMark)).toEqual(['2', 'H']);
    expect(flagsOf(near, span, 0.001).map(flagMark)).toEqual(['H', 'B', 'H']);
  });
});

test('an anomaly is said with who, since when and why', () => {
  const reason = { kind: 'bot_run', sentence: 'Bots made most of the changes.' };
  expect(anomalyText(anomaly({ account: 'bot', reason }))).toBe(
    'Unusual: 6.0 times the usual edits by bots, Fri 20 Nov, 10:00 to 10:45 UTC. Bots made most of the changes.',
  );
  expect(anomalyText(anomaly({ to: null }))).toBe(
    'Unusual: 6.0 times the usual edits by people, since Fri 20 Nov, 10:00 UTC. No reason was recorded.',
  );
});

describe('the list of what is unusual', () => {
  test('has a row an event, what lasts first, then by factor', () => {
    const rows = unusualRows([
      anomaly({ id: 'over', wiki: 'itwiki', factor: 50 }),
      anomaly({ id: 'small', wiki: 'frwiki', to: null, factor: 3 }),
      anomaly({ id: 'a', event: 'news', wiki: 'dewiki', to: null, factor: 4 }),
      anomaly({ id: 'b', event: 'news', wiki: 'enwiki', to: null, factor: 9 }),
      anomaly({ id: 'c', event: 'news', wiki: 'enwiki', to: null, factor: 5, account: 'bot' }),
    ]);
    expect(rows.map(({ anomaly: { id }, others }) => [id, others])).toEqual([
      ['b', ['dewiki']],
      ['small', []],
      ['over', []],
    ]);
  });

  test('leads to a live chart while it lasts, and to the hours around what is over', () => {
    const now = T + 3_600;
    expect(viewOf(anomaly({ to: null }), now)).toEqual({
      wiki: 'enwiki',
      minutes: 180,
      end: undefined,
      selected: { from: T, to: T + 600 },
    });
    expect(viewOf(anomaly({ to: 45 }), now + 86_400)).toEqual({
      wiki: 'enwiki',
      minutes: 165,
      end: T + 105 * 60,
      selected: { from: T, to: T + 45 * 60 },
    });
    expect(viewOf(anomaly({ to: 45 }), now).end).toBe(T + 60 * 60);
  });
});

describe('selected minutes', () => {
  const model = buildModel({
    value: {
      rows: Array.from({ length: 61 }, (_, back) => ({
        ts: isoSeconds(T - back * 60),
        total: 4,
        human: 3,
        bot: 1,
      })),
      knowledge: knownFrom(T, 1, [-600, FULL], [-5, PROVISIONAL], [0, COUNTING]),
    },
    gaps: [],
    minutes: 60,
    average: 0,
    nowSec: T + 30,
  });
  const usual = usualOf({
    from: isoSeconds(T - 3_600),
    to: isoSeconds(T),
    stepSec: 60,
    wikis: [
      {
        wiki: 'enwiki',
        human: bandOf(2),
        bot: bandOf(0),
      },
    ],
  });

  test('are summed up, with what is known of them and what is usual', () => {
    const summary = summaryOf(model, usual, { from: T - 600, to: T - 120 });
    expect(summary).toMatchObject({ total: 32, human: 24, bot: 8, known: 8, minutes: 8 });
    expect(summary?.comparison).toEqual({ edits: 32, usual: 16 });
    expect([...(summary?.standings ?? [])]).toEqual([
      ['full', 5],
      ['provisional', 3],
    ]);
  });

  test('are not compared while one of them is being counted', () => {
    const summary = summaryOf(model, usual, { from: T - 60, to: T + 60 });
    expect(summary?.comparison).toBeUndefined();
    expect(summary?.standings.get('counting')).toBe(1);
  });

  test('are nothing once the chart has moved on', () => {
    expect(summaryOf(model, usual, { from: T - 86_400, to: T - 86_340 })).toBeUndefined();
  });
});

function bandOf(mean: number) {
  const column = Array.from({ length: 60 }, () => mean);
  return { mean: column, low: column, high: column, dispersion: 2 };
}

test('the changes of a wiki are linked from a minute on, as long as it lists them', () => {
  expect(recentChangesUrl('de.wikipedia.org', T, T + 86_400)).toBe(
    'https://de.wikipedia.org/w/index.php?title=Special%3ARecentChanges&from=20261120100000&days=30&limit=500&hidebots=0',
  );
  expect(recentChangesUrl('de.wikipedia.org', T, T + 31 * 86_400)).toBeUndefined();
});
