/** Sealed hours beside what is usual: which are judged, once, and which are quiet. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { HourExpectation } from '../../src/contracts/storage/hour-expectation.ts';
import type { Coverage } from '../../src/core/backfill.ts';
import { hourOf } from '../../src/core/time.ts';
import type { Hour } from '../../src/core/time.ts';
import { mergedExpectations } from '../../src/gold/expectations.ts';
import { judgeHours } from '../../src/insight/judge-hours.ts';
import { addQuietMetrics } from '../../src/insight/quiet-metrics.ts';
import type { ObserveHours } from '../../src/insight/quiet-metrics.ts';
import { Metrics } from '../../src/telemetry/metrics.ts';
import { MemoryGold, auditedHourOf } from '../api/memory-gold.ts';
import { HOUR, MONDAY, steady } from '../core/usual/hours.ts';

/** Wednesday noon. */
const NOON = MONDAY + 60 * HOUR;
const never = new AbortController().signal;

class JudgedGold extends MemoryGold {
  recordings: (readonly HourExpectation[])[] = [];
  #all: readonly HourExpectation[] = [];

  async recordExpectations(expectations: readonly HourExpectation[]): Promise<void> {
    this.recordings.push(expectations);
    this.#all = mergedExpectations(this.#all, expectations);
    this.setExpectations(...this.#all);
  }
}

describe('sealed hours', () => {
  let gold: JudgedGold;
  let hourly: Record<string, number>;
  let observe: ObserveHours | undefined;
  beforeEach(() => {
    gold = new JudgedGold();
    hourly = { all: 1_300, enwiki: 1_000, dewiki: 300, afwiki: 20 };
    observe = undefined;
    gold.setReads({ read: [{ fromMs: (NOON - 100 * HOUR) * 1000, toMs: NOON * 1000 }], pending: [] });
  });

  const judge = (now: number, keptWikis: readonly string[] = []) =>
    judgeHours(
      now * 1000,
      {
        gold,
        usual: {
          of: async wiki => {
            const usual = steady(hourly[wiki] ?? 0, NOON);
            return { human: usual, bot: usual };
          },
        },
        keptWikis,
        observe,
      },
      never,
    );

  /** Puts the edits of some hours before noon, and seals them. */
  function sealed(edits: Readonly<Record<string, number>>, ...ago: readonly number[]): readonly Hour[] {
    const starts = ago.map(hours => NOON - hours * HOUR);
    for (const start of starts)
      for (const [wiki, had] of Object.entries(edits)) gold.put(wiki, start + 60, had, 500);
    return starts.map(start => hourOf(start));
  }

  test('are judged once, by what people edit: all together, and each wiki with enough', async () => {
    const [hour = ''] = sealed({ enwiki: 980, dewiki: 2, afwiki: 0 }, 1);
    sealed({ enwiki: 1_000, dewiki: 300, afwiki: 19 }, 2);
    gold.setAudits(auditedHourOf(hour));
    expect(await judge(NOON + 600)).toEqual({ hours: 1, quiet: [{ hour, all: false, wikis: 1 }] });
    expect(gold.recordings).toEqual([
      [
        {
          hour,
          judgedAt: NOON + 600,
          all: { kind: 'as_usual', edits: 982, expected: 1_300, factor: 982 / 1_300 },
          wikis: 2,
          quiet: [{ wiki: 'dewiki', edits: 2, expected: 300, factor: 2 / 300 }],
        },
      ],
    ]);
    expect(await judge(NOON + 900)).toEqual({ hours: 0, quiet: [] });
  });

  test('without any edit are quiet, also the second one of an outage', async () => {
    sealed({ enwiki: 1_000, dewiki: 300 }, 26, 25);
    const hours = sealed({}, 2, 1);
    gold.setAudits(...hours.map(hour => auditedHourOf(hour)));
    const { quiet } = await judge(NOON + 600);
    expect(quiet).toEqual(hours.toReversed().map(hour => ({ hour, all: true, wikis: 2 })));
  });

  test('are judged again when they were rebuilt since, as after a backfill', async () => {
    sealed({ enwiki: 1_000 }, 2);
    const [hour = ''] = sealed({ enwiki: 0 }, 1);
    gold.setAudits(auditedHourOf(hour));
    await judge(NOON + 600);
    sealed({ enwiki: 1_400 }, 1);
    const audited = auditedHourOf(hour);
    gold.setAudits({ ...audited, rebuiltAt: new Date((NOON + 1_000) * 1000).toISOString() });
    expect(await judge(NOON + 1_200)).toEqual({ hours: 1, quiet: [] });
    expect(gold.recordings.at(-1)).toMatchObject([{ hour, all: { kind: 'as_usual', edits: 1_400 } }]);
  });

  test('are not judged before the seal, nor where some of the hour was not read from the stream', async () => {
    const [open = '', partly = '', lost = '', filled = ''] = sealed({ enwiki: 3 }, 1, 2, 3, 4);
    gold.setAudits(
      auditedHourOf(open, { isSealed: false }),
      ...[partly, lost, filled].map(hour => auditedHourOf(hour)),
    );
    const read = (from: number, to: number) => ({ fromMs: (NOON + from) * 1000, toMs: (NOON + to) * 1000 });
    gold.setReads({ read: [read(-3 * HOUR, -1.5 * HOUR), read(-HOUR, 0)], pending: [] });
    const at = (second: number): string => new Date((NOON + second) * 1000).toISOString();
    gold.setGaps({ id: 'x', cause: 'offsets', missing: 4, from: at(-2.5 * HOUR), to: at(-2.4 * HOUR) });
    const api: Coverage = { id: 'y', source: 'api', from: at(-4 * HOUR), to: at(-3 * HOUR) };
    gold.setCoverage(api);
    expect(await judge(NOON + 600)).toEqual({ hours: 0, quiet: [] });
    // What was taken from the stream later is as good.
    gold.setCoverage({ ...api, source: 'stream' });
    expect(await judge(NOON + 900)).toMatchObject({ hours: 1 });
  });

  test('of an installation that keeps some wikis are judged by those', async () => {
    const [hour = ''] = sealed({ enwiki: 0 }, 1);
    sealed({ enwiki: 1_000 }, 2);
    gold.setAudits(auditedHourOf(hour));
    const [from, to] = [(NOON - 100 * HOUR) * 1000, NOON * 1000];
    gold.setReads({ read: [{ fromMs: from, toMs: to, wikis: ['enwiki'] }], pending: [] });
    expect(await judge(NOON + 600)).toEqual({ hours: 0, quiet: [] });
    hourly['all'] = 1_000;
    expect(await judge(NOON + 600, ['enwiki'])).toEqual({ hours: 1, quiet: [{ hour, all: true, wikis: 1 }] });
  });

  test('that wait are all judged in turn, the latest first', async () => {
    const ago = Array.from({ length: 30 }, (_, i) => i + 1);
    const hours = sealed({ enwiki: 1_000, dewiki: 300 }, ...ago);
    gold.setAudits(...hours.map(hour => auditedHourOf(hour)));
    const judged = [await judge(NOON + 600), await judge(NOON + 900), await judge(NOON + 1_200)];
    expect(judged.map(({ hours: count }) => count)).toEqual([12, 12, 6]);
    expect(gold.recordings.flat().map(({ hour }) => hour)).toEqual(hours);
  });

  test('that were quiet are a metric for two days, whichever worker judged them', async () => {
    sealed({ enwiki: 1_000, dewiki: 300 }, 26);
    const [quiet = ''] = sealed({}, 2);
    const [usual = ''] = sealed({ enwiki: 1_000, dewiki: 300 }, 1);
    gold.setAudits(...[quiet, usual].map(hour => auditedHourOf(hour)));
    await judge(NOON + 600);
    const metrics = new Metrics();
    observe = addQuietMetrics(metrics);
    expect(metrics.text()).toBe('');
    expect(await judge(NOON + 900)).toEqual({ hours: 0, quiet: [] });
    const name = 'wikigauge_quiet_hour_start_seconds';
    expect(metrics.text()).toContain(
      `${name}{of="all"} ${NOON - 2 * HOUR}\n${name}{of="wiki"} ${NOON - 2 * HOUR}\n`,
    );
    await judge(NOON + 60 * HOUR);
    expect(metrics.text()).toBe('');
  });
});
