/**
 * What `GET /api/v1/coverage` says after a real ingest, on both places of gold: minutes that nobody read are unread, those
 * that were read have the counts of the oracle, and reading that stopped makes no later minute read.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import type { Child } from '../../dev/stack/child.ts';
import { parseSimulateOptions } from '../../dev/simulator/options.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { buildApp } from '../../src/api/app.ts';
import type { CoverageOfWiki } from '../../src/api/schemas/coverage.ts';
import { STATE_LETTERS } from '../../src/core/coverage/standing.ts';
import { isoSeconds } from '../../src/core/time.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { goldRows, oracleRows } from '../support/exactness.ts';
import { startProcess } from '../support/processes.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const HOUR_S = 3_600;
const LATENESS_S = 60;
/** Reading begins here; the stream ends in the middle of the third hour. */
const START = (Math.floor(Date.now() / 1000 / HOUR_S) - 6) * HOUR_S;
const END = START + 2 * HOUR_S + 20 * 60;
const HOLE = START + HOUR_S + 30 * 60;
const iso = isoSeconds;

describe.each([
  { gold: 'postgres', kept: undefined },
  { gold: 's3', kept: ['dewiki', 'enwiki'] },
] as const)('with gold in $gold', ({ gold, kept }) => {
  let wikimedia: Wikimedia;
  let world: World;
  let worker: Child;
  let app: FastifyInstance;
  beforeAll(async () => {
    wikimedia = await startWikimedia(
      parseSimulateOptions({
        port: '0',
        rate: '4',
        seed: '17',
        from: iso(START),
        until: iso(END),
        holes: `${iso(HOLE)}=500`,
      }),
    );
    world = await openWorld({ gold });
    worker = await startProcess(world, 'worker', {
      env: {
        EVENTSTREAMS_URL: wikimedia.streamUrl,
        FLUSH_MAX_SEC: '1',
        FLUSH_MIN_LINES: '2000',
        LATENESS_SEC: String(LATENESS_S),
      },
    });
    app = await buildApp({
      gold: world.gold,
      dashboardDir: 'not-built',
      version: '1',
      latenessMs: LATENESS_S * 1000,
    });
  });
  afterAll(async () => {
    await app.close();
    await worker.stop();
    await world.close();
    await wikimedia.close();
  });

  /** Late events belong to minutes before. */
  const ALL = [iso(START - HOUR_S), iso(END + HOUR_S)] as const;
  const coverageOf = async (wiki: string): Promise<CoverageOfWiki> =>
    (
      await app.inject(`/api/v1/coverage?wiki=${wiki}&from=${iso(START - HOUR_S)}&to=${iso(END + HOUR_S)}`)
    ).json<CoverageOfWiki>();
  const statesOf = ({ segments }: CoverageOfWiki): string[] =>
    segments.map(({ state, reason }) => `${state} ${reason}`);

  test('everything is read, and the hours that are over are sealed', async () => {
    await startIngest(world.client, INGEST_ID, {
      since: iso(START),
      ...(kept !== undefined && { wikis: [...kept] }),
    });
    const wikis = kept?.join();
    const expected = await oracleRows(wikimedia.url, ...ALL, wikis === undefined ? {} : { wikis });
    expect(expected.length).toBeGreaterThan(200);
    await untilHolds(async () => expect(await goldRows(world, ...ALL)).toEqual(expected));
    const passed = [START, START + HOUR_S].map(second => iso(second).slice(0, 13));
    await untilHolds(async () => expect(await world.gold.unsealed(passed)).toEqual([]));
    await worker.stop();
  });

  test('what was read is final where its hour is over, a hole is a gap, and the rest was never looked at', async () => {
    // The last commit comes a second after the last event, and the listings of S3 are a few seconds old.
    await untilHolds(async () => {
      const { segments, ...coverage } = await coverageOf('enwiki');
      expect(statesOf({ ...coverage, segments })).toEqual([
        'unread never',
        'final rebuilt',
        'gap offsets',
        'final rebuilt',
        'provisional partly',
        'unread not_yet',
      ]);
      const [before, , hole, , open, after] = segments;
      expect(before?.to).toBe(iso(START));
      expect(Date.parse(hole?.from ?? '') / 1000).toBeLessThanOrEqual(HOLE);
      expect(Date.parse(hole?.to ?? '') / 1000).toBeGreaterThan(HOLE);
      expect(open?.from).toBe(iso(START + 2 * HOUR_S));
      // Events arrive up to a minute out of order.
      expect(Date.parse(after?.from ?? '') / 1000).toBeLessThanOrEqual(END - 60);
      expect(Date.parse(after?.from ?? '') / 1000).toBeGreaterThan(END - 300);
      expect(after?.to).toBe(iso(END + HOUR_S));
      expect(coverage.completeThrough).toBeNull();
    });
  });

  test('a series by steps says the same, and has 0 only where it was read', async () => {
    const range = `from=${iso(START - HOUR_S)}&to=${iso(END + HOUR_S)}`;
    interface Series {
      readonly completeThrough: string | null;
      readonly wikis: readonly {
        human: (number | null)[];
        bot: (number | null)[];
        known: number[];
        state: string;
      }[];
    }
    for (const wiki of ['enwiki', 'zuwikibooks']) {
      const { segments, completeThrough } = await coverageOf(wiki);
      const minutes = segments.flatMap(({ from, to, state }) =>
        Array.from({ length: (Date.parse(to) - Date.parse(from)) / 60_000 }, () => state),
      );
      const series = (await app.inject(`/api/v1/series?wiki=${wiki}&${range}&step=1m`)).json<Series>();
      const [columns] = series.wikis;
      expect(series.completeThrough).toBe(completeThrough);
      expect(columns?.state).toBe(minutes.map(one => STATE_LETTERS[one]).join(''));
      const edits = (await app.inject(`/edits?wiki=${wiki}&minutes=1440`)).json<
        { ts: string; human: number; bot: number }[]
      >();
      const counts = new Map(edits.map(row => [row.ts, row]));
      for (const [at, one] of minutes.entries()) {
        const row = counts.get(iso(START - HOUR_S + 60 * at));
        const empty = ['final', 'provisional', 'pending'].includes(one) ? 0 : null;
        expect([columns?.human[at], columns?.bot[at]]).toEqual([row?.human ?? empty, row?.bot ?? empty]);
      }
      const byHour = (await app.inject(`/api/v1/series?wiki=${wiki}&${range}&step=1h`)).json<Series>()
        .wikis[0];
      const read = wiki === 'enwiki' || kept === undefined;
      expect(byHour?.state.slice(0, 3)).toBe(read ? 'ufg' : 'uuu');
      expect(byHour?.known[1]).toBe(read ? 60 : 0);
    }
  });

  test('a series is complete up to the first hole, or up to where late events may still come', async () => {
    const through = async (from: number): Promise<string | null> =>
      (
        await app.inject(`/api/v1/coverage?wiki=enwiki&from=${iso(from)}&to=${iso(END)}`)
      ).json<CoverageOfWiki>().completeThrough;
    const { segments } = await coverageOf('enwiki');
    expect(await through(START)).toBe(segments.find(({ state }) => state === 'gap')?.from);
    const after = Date.parse((await through(HOLE + 300)) ?? '') / 1000;
    expect(after).toBeLessThanOrEqual(END - 60 - LATENESS_S);
    expect(after).toBeGreaterThan(END - 600);
  });

  test('a wiki without edits is covered like all others, and one that is left out is not', async () => {
    // In the site matrix, and not in this universe of few events.
    const quiet = statesOf(await coverageOf('zuwikibooks'));
    const expected = kept === undefined ? 'final rebuilt' : 'unread filter';
    expect(quiet[1]).toBe(expected);
  });
});
