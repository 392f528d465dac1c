/**
 * Coming from the older project, on real servers: started on its database and its bucket, on either alone, with gold in
 * Postgres and in S3. Nothing is counted twice, its rows stay, and what cannot be known is a gap.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { parseSimulateOptions } from '../../dev/simulator/options.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { isoSeconds } from '../../src/core/time.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import { runCli } from '../support/cli.ts';
import { bronzeEvents, goldRows, oracleRows } from '../support/exactness.ts';
import { sampled } from '../support/form.ts';
import { fillOldDatabase, oldParts, putOldParts, rowsOf } from '../support/older-project.ts';
import type { OldPart } from '../support/older-project.ts';
import { startProcess } from '../support/processes.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const HOUR_S = 3_600;
const nowHour = Math.floor(Date.now() / 1000 / HOUR_S) * HOUR_S;
/** Arrivals: the older project reads from `FROM` and stops in the middle of an hour; the stream ends at `UNTIL`. */
const FROM = nowHour - 15 * HOUR_S;
const STOPPED = nowHour - 4 * HOUR_S + 17 * 60 + 23;
const UNTIL = nowHour - 2 * HOUR_S;
const iso = (second: number): string => isoSeconds(second);
/** Late events belong to minutes before. */
const ALL = [iso(FROM - HOUR_S), iso(UNTIL + HOUR_S)] as const;

let wikimedia: Wikimedia;
let parts: OldPart[];
let lines: string[];
/** A part that it marked as counted, and then did not count. */
let missed: OldPart;
let missedLines: Set<string>;
/** End of its last minute, epoch seconds. */
let end: number;
beforeAll(async () => {
  wikimedia = await startWikimedia(
    parseSimulateOptions({ port: '0', rate: '1', seed: '15', from: iso(FROM), until: iso(UNTIL) }),
  );
  const { universe } = wikimedia;
  if (universe === undefined) throw new Error('there is a universe');
  lines = [];
  for (let second = FROM; second < STOPPED; second += 1)
    lines.push(...universe.changesOf(second).map(change => universe.render(change)));
  // The first part caught up and spans nine hours; later ones end anywhere.
  const rate = lines.length / (STOPPED - FROM);
  parts = oldParts(lines, [Math.ceil(rate * 9 * HOUR_S * 0.5), 700, 333, 1_000]);
  lines = parts.flatMap(part => part.lines);
  missed = parts.at(-3) ?? { key: '', lines: [] };
  missedLines = new Set(missed.lines);
  const last = Math.max(...lines.map(line => (JSON.parse(line) as { timestamp: number }).timestamp));
  end = Math.floor(last / 60) * 60 + 60;
});
afterAll(() => wikimedia.close());

interface Verified {
  readonly checks: readonly {
    readonly groups: readonly {
      readonly severity: string;
      readonly first: readonly { readonly subject: string; readonly advice?: string }[];
    }[];
  }[];
}

/** Errors that `verify` finds. */
async function errorsOf(world: World): Promise<Verified['checks'][number]['groups'][number]['first']> {
  const { stdout } = await runCli(world, [
    'verify',
    '--json',
    '--from',
    iso(FROM - HOUR_S),
    '--to',
    iso(UNTIL),
  ]);
  const { checks } = JSON.parse(stdout) as Verified;
  const groups = checks.flatMap(check => check.groups).filter(({ severity }) => severity === 'error');
  return groups.flatMap(({ first }) => first);
}

const WORLDS = [
  { name: 'database and bucket', hasRows: true, hasParts: true, gold: 'postgres' },
  { name: 'database alone', hasRows: true, hasParts: false, gold: 'postgres' },
  { name: 'bucket alone, gold in Postgres', hasRows: false, hasParts: true, gold: 'postgres' },
  { name: 'bucket alone, gold in S3', hasRows: false, hasParts: true, gold: 's3' },
] as const;

describe.each(sampled(WORLDS, 2))('$name', ({ hasRows, hasParts, gold }) => {
  let world: World;
  let worker: Child;
  /** What it has in gold. */
  let oldRows: string[];
  beforeAll(async () => {
    world = await openWorld({ gold });
    const counted = hasParts ? lines.filter(line => !missedLines.has(line)) : lines;
    oldRows = hasRows ? rowsOf(counted) : [];
    if (hasRows) {
      await fillOldDatabase(
        world,
        oldRows,
        parts.map(({ key }) => key),
      );
    }
    if (hasParts) await putOldParts(world, parts);
    worker = await startProcess(world, 'worker', {
      env: { EVENTSTREAMS_URL: wikimedia.streamUrl, FLUSH_MAX_SEC: '1', LATENESS_SEC: '60' },
    });
  });
  afterAll(async () => {
    await worker.stop();
    await world.close();
  });

  const older = () => goldRows(world, ALL[0], iso(end));
  const ours = () => goldRows(world, iso(end), ALL[1]);
  const oracle = () => oracleRows(wikimedia.url, iso(end), ALL[1]);
  /** Everything that anybody stored, each revision once. */
  const stored = async (): Promise<string[]> =>
    rowsOf(
      (await bronzeEvents(world)).map(({ line }) => line),
      true,
    );

  test('its rows stay, ours begin with the next minute, and the rest of its last minute is a gap', async () => {
    await startIngest(world.client, INGEST_ID, {});
    const expected = await oracle();
    expect(expected.length).toBeGreaterThan(500);
    await untilHolds(async () => expect(await ours()).toEqual(expected));
    // Its hour, which both have read in part, is sealed.
    const hour = iso(end).slice(0, 13);
    await untilHolds(async () => expect(await world.gold.unsealed([hour])).toEqual([]));
    expect(await older()).toEqual(oldRows);
    expect(await ours()).toEqual(expected);
    expect(await world.gold.gaps(0)).toMatchObject([{ cause: 'handover', from: expect.any(String) }]);
    const [gap] = await world.gold.gaps(0);
    expect([gap?.from, gap?.to].map(at => Date.parse(at ?? '') / 1000)).toEqual([end - 60, end]);
  });

  test('`verify` finds nothing wrong but a part that was marked as counted before it was', async () => {
    const missing = hasRows && hasParts ? [missed.key] : [];
    expect(await errorsOf(world)).toEqual(
      missing.map(subject =>
        expect.objectContaining({ subject, advice: expect.stringContaining('npm run transform -- --from') }),
      ),
    );
  });

  test('`transform` counts its lines again where its parts are, and says what it changed', async () => {
    const range = ['transform', '--from', iso(FROM - HOUR_S), '--to', iso(UNTIL)];
    const { code, output } = await runCli(world, range);
    expect(output).toContain(
      hasParts ? 'parts of an older project counted again' : 'rows of an older project kept',
    );
    expect(code).toBe(0);
    const expected = hasParts ? await stored() : [...oldRows, ...(await oracle())].sort();
    expect([...(await older()), ...(await ours())].sort()).toEqual(expected);
    expect(await ours()).toEqual(await oracle());
    const again = await runCli(world, range);
    expect(again.output).toContain(', 0 rows changed');
    expect(await errorsOf(world)).toEqual([]);
  });
});

test('ingest waits, visibly, while the older project still counts, and starts by itself once it is quiet', async () => {
  const world = await openWorld();
  await fillOldDatabase(
    world,
    rowsOf(lines),
    parts.map(({ key }) => key),
    '1 minute',
  );
  const worker = await startProcess(world, 'worker', {
    env: { EVENTSTREAMS_URL: wikimedia.streamUrl, FLUSH_MAX_SEC: '1' },
  });
  try {
    await startIngest(world.client, INGEST_ID, {});
    const handle = world.client.workflow.getHandle(INGEST_ID);
    await untilHolds(async () => {
      const { raw } = await handle.describe();
      expect(raw.pendingActivities?.[0]?.lastFailure).toMatchObject({
        message: expect.stringContaining('Stop its ingest and its transform'),
        applicationFailureInfo: { type: 'OlderProjectRunning' },
      });
    });
    expect(await goldRows(world, ...ALL)).toEqual(rowsOf(lines));
    await world.sql.query(`update gold.processed_keys set processed_at = now() - interval '16 minutes'`);
    const expected = await oracleRows(wikimedia.url, iso(end), ALL[1]);
    await untilHolds(async () => expect(await goldRows(world, iso(end), ALL[1])).toEqual(expected));
    expect(await goldRows(world, ALL[0], iso(end))).toEqual(rowsOf(lines));
  } finally {
    await worker.stop();
    await world.close();
  }
});
