/** What a backfill has left to do: its readers, failures, and hours that are rebuilt once every reader has passed them. */
import { describe, expect, test } from 'vitest';
import type { BackfillPlan, StepResult } from '../../src/contracts/temporal/backfill.ts';
import {
  beginBackfill,
  isAllRead,
  nextReader,
  takeHour,
  withFailedReader,
  withRange,
  withStep,
  withoutReader,
} from '../../src/workflows/backfill-state.ts';
import type { BackfillState, Reader } from '../../src/workflows/backfill-state.ts';
import { detailsOf, progressOf, unplanned } from '../../src/workflows/backfill-report.ts';

const at = (hour: number, minute = 0): string =>
  `2026-11-20T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00.000Z`;
const hourOf = (hour: number): string => at(hour).slice(0, 13);
const step = (change: Partial<StepResult>): StepResult => ({
  at: at(0),
  hours: [],
  rows: 0,
  known: 0,
  unusable: 0,
  bytes: 0,
  requests: 1,
  ...change,
});
const NONE_BUSY = (): boolean => false;

/** A backfill of hours 0 to 4 from the API. */
function begin(wikis: readonly string[], concurrency = 3): BackfillState {
  const plan: BackfillPlan = {
    stretches: [{ source: 'api', from: at(0), to: at(4) }],
    missing: [],
    sites: wikis.map(wiki => ({ wiki, serverName: `${wiki}.example` })),
  };
  return beginBackfill(plan, concurrency, at(5));
}

function readerOf(state: BackfillState, wiki: string): Reader {
  const reader = state.lanes.find(({ site }) => site?.wiki === wiki);
  if (reader === undefined) throw new Error(`no reader of ${wiki}`);
  return reader;
}

describe('readers', () => {
  test('an hour is rebuilt once every reader has passed it', () => {
    let state = begin(['enwiki', 'dewiki']);
    state = withStep(
      state,
      readerOf(state, 'enwiki'),
      step({ at: at(2, 30), hours: [hourOf(0), hourOf(2)], position: 'x' }),
    );
    expect(state.toRebuild).toEqual([]);
    state = withStep(state, readerOf(state, 'dewiki'), step({ at: at(1), position: 'x' }));
    expect(state.toRebuild).toEqual([hourOf(0)]);
    state = withStep(state, readerOf(state, 'dewiki'), step({ at: at(4) }));
    // The other reader is in the middle of hour 2.
    expect(state.toRebuild).toEqual([hourOf(0)]);
    state = withStep(state, readerOf(state, 'enwiki'), step({ at: at(4) }));
    expect(state.toRebuild).toEqual([hourOf(0), hourOf(2)]);
    expect(isAllRead(state)).toBe(true);
    const taken = takeHour(state);
    expect([taken.hour, taken.state.toRebuild]).toEqual([hourOf(0), [hourOf(2)]]);
  });

  test('many wikis are read in batches, so that no hour waits for all of them', () => {
    const wikis = Array.from({ length: 60 }, (_, i) => `w${i}wiki`);
    const state = begin(wikis);
    expect(new Set(state.lanes.map(({ batch }) => batch)).size).toBe(10);
    expect(begin(wikis.slice(0, 7)).lanes.map(({ batch }) => batch)).toEqual([0, 0, 0, 1, 1, 1, 2]);
  });

  test('the next reader is an idle one of the current batch', () => {
    let state = begin(['a', 'b', 'c', 'd'], 2);
    expect(nextReader(state, 'api', NONE_BUSY)?.site?.wiki).toBe('a');
    expect(nextReader(state, 'api', ({ site }) => site?.wiki !== 'b')?.site?.wiki).toBe('b');
    expect(nextReader(state, 'api', ({ site }) => ['a', 'b'].includes(site?.wiki ?? ''))).toBeUndefined();
    for (const wiki of ['a', 'b']) state = withStep(state, readerOf(state, wiki), step({ at: at(4) }));
    expect(nextReader(state, 'api', NONE_BUSY)?.site?.wiki).toBe('c');
    expect(nextReader(state, 'stream', NONE_BUSY)).toBeUndefined();
  });

  test('a failed reader is retried once after all others, from the start of its hour, then given up', () => {
    let state = begin(['a', 'b']);
    state = withStep(state, readerOf(state, 'a'), step({ at: at(1, 20), position: 'x', hours: [hourOf(1)] }));
    state = withFailedReader(state, readerOf(state, 'a'), 'no answer');
    expect(nextReader(state, 'api', NONE_BUSY)?.site?.wiki).toBe('b');
    state = withStep(state, readerOf(state, 'b'), step({ at: at(4) }));
    const again = nextReader(state, 'api', NONE_BUSY);
    expect(again).toMatchObject({ site: { wiki: 'a' }, at: at(1), trouble: 'no answer' });
    expect(again).not.toHaveProperty('position');
    expect(progressOf({ from: at(0), to: at(4) }, state, 'reading', Date.parse(at(6))).troubled).toEqual([
      { source: 'api', wiki: 'a', from: at(1), to: at(4), reason: 'no answer' },
    ]);
    state = withFailedReader(state, readerOf(state, 'a'), 'still none');
    expect(state.failed).toEqual([
      { source: 'api', wiki: 'a', from: at(1), to: at(4), reason: 'still none' },
    ]);
    expect(isAllRead(state)).toBe(true);
    // The rows that it read before it failed still count.
    expect(state.toRebuild).toEqual([hourOf(1)]);
  });

  test('the fewest requests are one per 500 rows of a wiki, and one for a wiki without rows', () => {
    let state = begin(['a', 'b']);
    state = withStep(state, readerOf(state, 'a'), step({ at: at(1), rows: 500, position: 'x' }));
    state = withStep(state, readerOf(state, 'a'), step({ at: at(4), rows: 1 }));
    state = withStep(state, readerOf(state, 'b'), step({ at: at(4) }));
    expect(state.totals.api).toMatchObject({ rows: 501, requests: 3, leastRequests: 3, done: 8, total: 8 });
  });

  test('rows beyond the end of the range do not count as progress', () => {
    let state = begin(['a']);
    state = withStep(state, readerOf(state, 'a'), step({ at: at(20) }));
    expect(state.totals.api).toMatchObject({ done: 4, total: 4 });
    expect(isAllRead(state)).toBe(true);
  });

  test('the state is plain JSON', () => {
    let state = begin(['a', 'b']);
    state = withStep(
      state,
      readerOf(state, 'a'),
      step({ at: at(1), position: { from: at(0) }, hours: [hourOf(0)] }),
    );
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });
});

describe('details in the Web UI', () => {
  const range = { from: at(0), to: at(4) };
  const show = (state: BackfillState): string =>
    detailsOf(progressOf(range, state, 'reading', Date.parse(at(5, 10))));

  test('show the progress by source, and when it will be done', () => {
    let state = begin(['a', 'b']);
    state = withStep(state, readerOf(state, 'a'), step({ at: at(4), rows: 900, requests: 2, known: 7 }));
    expect(show(state)).toBe(
      [
        `**50 %** of ${at(0)} to ${at(4)}, waits for windows to be read`,
        '900 rows, 90 a minute, done about 2026-11-20T05:20:00Z · 0 hours rebuilt (0 rows changed), 0 to come',
        '| source | hours of wikis | rows | known before | requests |\n|---|---|---|---|---|\n| api | 4 / 8 | 900 | 7 | 2 |',
      ].join('\n\n'),
    );
  });

  test('show what no source has, of a backfill with nothing to read', () => {
    const plan = { stretches: [], missing: [{ ...range, why: 'too old' }], sites: [] };
    expect(show(beginBackfill(plan, 3, at(5)))).toBe(
      [
        `**0 %** of ${at(0)} to ${at(4)}, waits for windows to be read`,
        '0 rows, 0 a minute, done about 2026-11-20T05:10:00Z · 0 hours rebuilt (0 rows changed), 0 to come',
        '| source | hours of wikis | rows | known before | requests |\n|---|---|---|---|---|',
        `unavailable:\n- all wikis ${at(0)} to ${at(4)}: too old`,
      ].join('\n\n'),
    );
  });

  test('show what is being read', () => {
    const running = [
      { source: 'stream', from: at(0), to: at(4) },
      { source: 'api', wiki: 'a', from: at(1), to: at(4) },
    ] as const;
    const progress = progressOf(range, begin(['a']), 'reading', Date.parse(at(6)), running);
    expect(progress).toMatchObject({ startedAt: at(5), running });
    expect(detailsOf(progress)).toContain(
      `being read:\n- stream all wikis ${at(0)} to ${at(4)}\n- api a ${at(1)} to ${at(4)}`,
    );
  });

  test('say why these sources are read', () => {
    const state = begin(['a']);
    const why = 'one wiki is wanted';
    const planned = progressOf(
      range,
      { ...state, plan: { ...state.plan, why } },
      'reading',
      Date.parse(at(6)),
    );
    expect(planned).toMatchObject({ why });
    expect(detailsOf(planned)).toContain('\n\nSources: one wiki is wanted');
    expect(progressOf(range, state, 'reading', Date.parse(at(6)))).not.toHaveProperty('why');
  });

  test('show no end before anything was read', () => {
    expect(show(begin(['a']))).not.toContain('done about');
    expect(show(begin(['a']))).toContain('\n0 rows, 0 a minute · 0 hours rebuilt');
  });

  test('list what failed, what is retried and what is unavailable, a few of each', () => {
    const wikis = Array.from({ length: 12 }, (_, i) => `w${i}`);
    let state = begin(wikis);
    for (const wiki of wikis) state = withoutReader(state, readerOf(state, wiki), 'no dump');
    const text = show(state);
    expect(text).toContain(`unavailable:\n- w0 ${at(0)} to ${at(4)}: no dump\n- w1 `);
    expect(text).toContain('- w9 ');
    expect(text).toContain('- … and 2 more');
    expect(text).not.toContain('- w10 ');

    state = begin(['a', 'b']);
    state = withFailedReader(state, readerOf(state, 'a'), 'no answer');
    expect(show(state)).toContain(`retried at the end:\n- api a ${at(0)} to ${at(4)}: no answer`);
    state = withFailedReader(state, readerOf(state, 'a'), 'still none');
    expect(show(state)).toContain(`failed:\n- api a ${at(0)} to ${at(4)}: still none`);
  });
});

describe('a range', () => {
  const [DE, EN] = ['dewiki', 'enwiki'].map(wiki => ({ wiki, serverName: `${wiki}.example` }));
  const STREAM = { source: 'stream', from: at(4), to: at(6) } as const;
  const batches = (state: BackfillState, source = 'api'): number[] =>
    state.lanes.filter(reader => reader.source === source).map(({ batch }) => batch);

  test('from the stream has one reader, whatever the number of wikis', () => {
    const state = withRange(begin(['dewiki', 'enwiki']), STREAM, 3);
    expect(state.lanes.slice(2)).toStrictEqual([
      { source: 'stream', batch: 0, from: at(4), to: at(6), at: at(4), rows: 0 },
    ]);
    expect(state.stretches).toEqual([{ source: 'api', from: at(0), to: at(4) }, STREAM]);
    expect(state.totals.stream).toMatchObject({ done: 0, total: 2 });
  });

  test('from the API has one reader for each wiki', () => {
    expect(begin(['dewiki', 'enwiki']).lanes).toStrictEqual([
      { source: 'api', site: DE, batch: 0, from: at(0), to: at(4), at: at(0), rows: 0 },
      { source: 'api', site: EN, batch: 0, from: at(0), to: at(4), at: at(0), rows: 0 },
    ]);
  });

  test('that is added later comes after the batches of the same source, but before the retries', () => {
    const more = { source: 'api', from: at(4), to: at(6) } as const;
    let state = begin(['a', 'b', 'c'], 2);
    expect(batches(state)).toEqual([0, 0, 1]);
    state = withFailedReader(state, readerOf(state, 'a'), 'no answer');
    state = withRange(withRange(state, STREAM, 2), more, 2);
    expect(batches(state)).toEqual([Number.MAX_SAFE_INTEGER, 0, 1, 2, 2, 3]);
    expect(batches(state, 'stream')).toEqual([0]);
    expect(state.totals.api).toMatchObject({ total: 3 * 4 + 3 * 2 });
  });

  test('that is added when only retries are left begins with the first batch', () => {
    let state = begin(['a']);
    state = withFailedReader(state, readerOf(state, 'a'), 'no answer');
    expect(batches(withRange(state, { source: 'api', from: at(4), to: at(6) }, 2))).toEqual([
      Number.MAX_SAFE_INTEGER,
      0,
    ]);
  });
});

describe('a step', () => {
  test('keeps the position from which its reader resumes, and the next step replaces it', () => {
    let state = begin(['a']);
    state = withStep(state, readerOf(state, 'a'), step({ at: at(1), rows: 2, position: { page: 7 } }));
    expect(readerOf(state, 'a')).toMatchObject({ at: at(1), rows: 2, position: { page: 7 } });
    state = withStep(state, readerOf(state, 'a'), step({ at: at(2), rows: 3 }));
    expect(readerOf(state, 'a')).toStrictEqual({
      source: 'api',
      site: { wiki: 'a', serverName: 'a.example' },
      batch: 0,
      from: at(0),
      to: at(4),
      at: at(2),
      rows: 5,
    });
  });

  test('ends its reader only at the end of the range and without a position', () => {
    const state = begin(['a']);
    const after = (change: Partial<StepResult>): boolean =>
      isAllRead(withStep(state, readerOf(state, 'a'), step(change)));
    expect(after({ at: at(3, 59) })).toBe(false);
    expect(after({ at: at(4), position: 'x' })).toBe(false);
    expect(after({ at: at(4) })).toBe(true);
  });

  test('adds its counts to the totals of its source', () => {
    let state = begin(['a', 'b']);
    const counts = { rows: 5, known: 4, unusable: 3, bytes: 200, requests: 2 };
    state = withStep(state, readerOf(state, 'a'), step({ ...counts, at: at(1), position: 'x' }));
    state = withStep(state, readerOf(state, 'b'), step({ ...counts, at: at(2), position: 'x' }));
    expect(state.totals).toEqual({
      api: {
        rows: 10,
        known: 8,
        unusable: 6,
        bytes: 400,
        requests: 4,
        leastRequests: 0,
        done: 3,
        total: 8,
      },
    });
  });

  test('of another source than the API does not count the fewest requests', () => {
    let state = withRange(begin([]), { source: 'stream', from: at(0), to: at(4) }, 3);
    const [reader] = state.lanes;
    if (reader === undefined) throw new Error('no reader of the stream');
    state = withStep(state, reader, step({ at: at(4), rows: 900 }));
    expect(state.totals.stream).toMatchObject({ rows: 900, requests: 1, leastRequests: 0 });
  });

  test('moves its own reader, not that of another range or source', () => {
    let state = begin(['a']);
    state = withRange(state, { source: 'api', from: at(4), to: at(6) }, 3);
    state = withRange(state, { source: 'dump', from: at(0), to: at(4) }, 3);
    state = withRange(state, { source: 'stream', from: at(0), to: at(4) }, 3);
    state = withStep(state, readerOf(state, 'a'), step({ at: at(2) }));
    expect(state.lanes.map(reader => [reader.source, reader.at])).toEqual([
      ['api', at(2)],
      ['api', at(4)],
      ['dump', at(0)],
      ['stream', at(0)],
    ]);
  });
});

describe('an hour to rebuild', () => {
  test('waits for the readers of the current batch only, and is taken once', () => {
    let state = begin(['a', 'b', 'c', 'd'], 2);
    state = withStep(state, readerOf(state, 'a'), step({ at: at(3), position: 'x', hours: [hourOf(0)] }));
    expect(state).toMatchObject({ toRebuild: [], touched: { api: [hourOf(0)] } });
    state = withStep(state, readerOf(state, 'b'), step({ at: at(2), position: 'x', hours: [hourOf(2)] }));
    expect(state).toMatchObject({ toRebuild: [hourOf(0)], touched: { api: [hourOf(2)] } });
    state = takeHour(state).state;
    state = withStep(state, readerOf(state, 'b'), step({ at: at(2, 30), position: 'x' }));
    expect(state).toMatchObject({ toRebuild: [], touched: { api: [hourOf(2)] } });
  });

  test('does not wait for the readers of another source', () => {
    let state = withRange(begin(['a']), { source: 'stream', from: at(0), to: at(4) }, 3);
    state = withStep(state, readerOf(state, 'a'), step({ at: at(1), hours: [hourOf(0)] }));
    expect(state.toRebuild).toEqual([hourOf(0)]);
  });

  test('comes in its order in time, and once', () => {
    let state = begin(['a']);
    const hours = [hourOf(2), hourOf(0), hourOf(1), hourOf(0)];
    state = withStep(state, readerOf(state, 'a'), step({ at: at(3), position: 'x', hours }));
    expect(state.toRebuild).toEqual([hourOf(0), hourOf(1), hourOf(2)]);
    state = withStep(state, readerOf(state, 'a'), step({ at: at(4), hours: [hourOf(3), hourOf(1)] }));
    expect(state.toRebuild).toEqual([hourOf(0), hourOf(1), hourOf(2), hourOf(3)]);
  });
});

describe('a reader that ends without having read everything', () => {
  const stream = (): { state: BackfillState; reader: Reader } => {
    const state = withRange(begin([]), { source: 'stream', from: at(0), to: at(4) }, 3);
    const [reader] = state.lanes;
    if (reader === undefined) throw new Error('no reader of the stream');
    return { state, reader };
  };

  test('because its source has nothing counts as done, with the rest as missing', () => {
    let state = begin(['a', 'b']);
    state = withStep(state, readerOf(state, 'a'), step({ at: at(1), rows: 5 }));
    state = withoutReader(state, readerOf(state, 'a'), 'no dump');
    expect(state.lanes).toEqual([readerOf(state, 'b')]);
    expect(isAllRead(state)).toBe(false);
    expect(state.totals.api).toMatchObject({ rows: 5, requests: 1, done: 4, total: 8 });
    expect(state.missing).toStrictEqual([{ from: at(1), to: at(4), why: 'no dump', wiki: 'a' }]);
  });

  test('of the stream is missing for all wikis', () => {
    const { state, reader } = stream();
    expect(withoutReader(state, reader, 'too old').missing).toStrictEqual([
      { from: at(0), to: at(4), why: 'too old' },
    ]);
  });

  test('of the stream fails for all wikis', () => {
    const { state, reader } = stream();
    const failed = withFailedReader(state, { ...reader, trouble: 'no answer' }, 'still none').failed;
    expect(failed).toStrictEqual([{ source: 'stream', from: at(0), to: at(4), reason: 'still none' }]);
  });
});

describe('the progress of a backfill', () => {
  const range = { from: at(0), to: at(6) };
  const counts = { rows: 5, known: 0, unusable: 0, bytes: 200, requests: 2 };

  /** The API has read half of its hours, the stream a quarter, one hour after the start. */
  function halfway(): BackfillState {
    let state = withRange(begin(['a']), { source: 'stream', from: at(4), to: at(8) }, 3);
    const [api, stream] = state.lanes;
    if (api === undefined || stream === undefined) throw new Error('no readers');
    const hours = [hourOf(1), hourOf(2), hourOf(0)];
    state = withStep(state, api, step({ ...counts, at: at(2), position: 'x', hours }));
    return withStep(state, stream, step({ ...counts, at: at(5), position: 'x', hours: [hourOf(4)] }));
  }

  test('adds up its sources and the hours that are not rebuilt, and ends with the slowest source', () => {
    expect(progressOf(range, halfway(), 'reading', Date.parse(at(6)))).toMatchObject({
      ...range,
      rows: 10,
      bytes: 400,
      requests: 4,
      done: 3,
      total: 8,
      toRebuild: 4,
      rate: 0,
      eta: '2026-11-20T09:00:00Z',
      troubled: [],
      state: 'reading',
      waitingFor: 'windows to be read',
    });
  });

  test('has no rate in its first moment', () => {
    expect(progressOf(range, halfway(), 'reading', Date.parse(at(5))).rate).toBe(0);
  });

  test('names a reader of the stream that is retried without a wiki', () => {
    let state = withRange(begin([]), { source: 'stream', from: at(4), to: at(8) }, 3);
    const [reader] = state.lanes;
    if (reader === undefined) throw new Error('no reader of the stream');
    state = withFailedReader(state, reader, 'no answer');
    const progress = progressOf(range, state, 'reading', Date.parse(at(6)));
    expect(progress.troubled).toStrictEqual([
      { source: 'stream', from: at(4), to: at(8), reason: 'no answer' },
    ]);
    expect(detailsOf(progress)).toContain(`- stream all wikis ${at(4)} to ${at(8)}: no answer`);
  });

  test('before there is a plan has only the range and the phase', () => {
    const input = { ...range, source: 'api' };
    expect(unplanned(input, 'planning')).toStrictEqual({
      ...range,
      state: 'planning',
      waitingFor: 'the plan',
    });
  });

  test('lists ten failures in full', () => {
    const wikis = Array.from({ length: 10 }, (_, i) => `w${i}`);
    let state = begin(wikis);
    for (const wiki of wikis) state = withoutReader(state, readerOf(state, wiki), 'no dump');
    const last = `- w9 ${at(0)} to ${at(4)}: no dump`;
    expect(detailsOf(progressOf(range, state, 'reading', Date.parse(at(6)))).endsWith(last)).toBe(true);
  });
});

test('a backfill begins with nothing rebuilt, and 1,000 rows of a wiki need two requests', () => {
  let state = begin(['a']);
  expect(state.rebuilt).toEqual({ hours: 0, edits: 0, changedRows: 0 });
  state = withStep(state, readerOf(state, 'a'), step({ at: at(4), rows: 1_000 }));
  expect(state.totals.api).toMatchObject({ leastRequests: 2 });
});
