/** Verifies a small world: intact it has no findings, and every manual change is found and named. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Child } from '../../dev/stack/child.ts';
import { TASK_QUEUE, transformHourId } from '../../src/contracts/temporal/names.ts';
import { flushOfKey, hourPrefix } from '../../src/contracts/storage/object-keys.ts';
import type { transformHour } from '../../src/workflows/index.ts';
import { commitEdits } from '../support/parts.ts';
import { startProcess } from '../support/processes.ts';
import { untilHolds } from '../support/until.ts';
import { runCli } from '../support/cli.ts';
import { verifyWorld } from '../support/verify.ts';
import type { Outcome } from '../support/verify.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { LOG_KEYS } from '../support/stream.ts';

/** The two hours before the current one, so that nothing has expired. */
const START = Math.floor(Date.now() / 3_600_000) * 3_600 - 4 * 3_600;
const hourAt = (index: number): string => new Date((START + index * 3_600) * 1000).toISOString().slice(0, 13);
const SEALED = hourAt(0);
const REPEATING = hourAt(1);
const OPEN = hourAt(2);
const EMPTY = hourAt(3);
const RANGE = { from: `${SEALED}:00Z`, to: `${EMPTY}:59Z` };
const FLAGS = ['--from', RANGE.from, '--to', RANGE.to];

describe('verify', () => {
  let world: World;
  let worker: Child;
  let sealed: string[];
  let repeating: string[];
  let open: string[];

  beforeAll(async () => {
    world = await openWorld();
    worker = await startProcess(world, 'worker');
    const at = START;
    sealed = [
      ...(await commitEdits(world, [
        { timestamp: at + 5, bytes: 10 },
        { timestamp: at + 61, bot: true },
      ])),
      ...(await commitEdits(world, [
        { timestamp: at + 6, bytes: -3 },
        { timestamp: at + 6, wiki: 'dewiki' },
      ])),
    ];
    // One record names a part of each hour, and one revision occurs twice.
    repeating = await commitEdits(world, [
      { timestamp: at + 3_600, revision: 7 },
      { timestamp: at + 3_660, revision: 7 },
      { timestamp: at + 3_661 },
    ]);
    open = [
      ...(await commitEdits(world, [{ timestamp: at + 7_200, revision: 9 }, { timestamp: at + 7_201 }])),
      ...(await commitEdits(world, [{ timestamp: at + 7_230, revision: 9 }])),
    ];
    await runHour(SEALED, sealed, true);
    await runHour(REPEATING, repeating, true);
    await runHour(OPEN, open, false);
    await worker.stop();
  });
  afterAll(() => world.close());

  /** Applies the parts of an hour, and seals the hour or leaves it open. */
  const runHour = async (hour: string, parts: readonly string[], isSealed: boolean): Promise<void> => {
    const handle = await world.client.workflow.start<typeof transformHour>('transformHour', {
      taskQueue: TASK_QUEUE,
      workflowId: transformHourId(hour),
      args: [{ hour, parts: [...parts] }],
    });
    await untilHolds(async () =>
      expect(await handle.query('progress')).toMatchObject({ parts: parts.length, outstanding: 0 }),
    );
    if (!isSealed) return handle.terminate().then(() => undefined);
    await handle.signal('seal');
    await handle.result();
  };

  const verifyRange = (): Promise<Outcome> => verifyWorld(world, RANGE);
  const expectExact = async (): Promise<void> => {
    expect(await verifyRange()).toEqual({
      code: 0,
      output: [
        '✔ log      10 records (1 to 10), 5 epochs',
        '✔ bronze   5 parts of 10 events, 0 dead letters in 0 objects',
        '✔ offsets  no event carries an offset',
        '✔ gold     6 rows of 4 hours (2 sealed)',
        '✔ sums     2 audits, 2 certificates with digests of 3 parts',
        'exact: 4 hours, 5 parts, 10 events, 9 edits; bronze, log and gold agree',
        '',
      ].join('\n'),
    });
  };
  /** Expects exactly these findings. */
  const expectFindings = async (count: number, ...words: readonly string[]): Promise<void> => {
    const { code, output } = await verifyRange();
    for (const part of words) expect(output).toContain(part);
    expect(output).toContain(`NOT exact: ${count} finding${count === 1 ? '' : 's'}\n`);
    expect(output.match(/^ {2}✘ /gm)).toHaveLength(count);
    expect(code).toBe(1);
  };
  /** Changes something, verifies, and undoes it, after which there are no findings. */
  const changed = async (
    change: () => Promise<unknown>,
    undo: () => Promise<unknown>,
    look: () => Promise<void>,
  ): Promise<void> => {
    await change();
    try {
      await look();
    } finally {
      await undo();
    }
    await expectExact();
  };
  /** The same with SQL statements. */
  const changedBySql = (change: string, undo: string, look: () => Promise<void>): Promise<void> =>
    changed(
      () => world.sql.query(change),
      () => world.sql.query(undo),
      look,
    );
  /** Replaces or removes an object while `verify` runs, and restores it. */
  const replaced = async (
    key: string,
    body: Buffer | undefined,
    look: () => Promise<void>,
  ): Promise<void> => {
    const original = await world.store.get(key);
    if (original === undefined) throw new Error(`${key} is not there`);
    const { metadata } = original;
    const put = async (bytes: Uint8Array | undefined): Promise<void> => {
      await world.store.remove(key);
      if (bytes !== undefined) await world.store.putIfAbsent(key, bytes, { contentType: 'x/y', metadata });
    };
    await changed(
      () => put(body),
      () => put(original.body),
      look,
    );
  };
  const withKey = (list: readonly string[], index = 0): string => list[index] ?? '';
  const recordOf = (key: string): number => flushOfKey(key)?.sequence ?? 0;

  test('an intact world has no findings', () => expectExact());

  test('the exit code of the command is 0, or 1 if something is wrong', async () => {
    const { code, stdout: output } = await runCli(world, ['verify', ...FLAGS]);
    expect({ code, output }).toEqual(await verifyRange());
    await changedBySql(setEdits(5), setEdits(2), async () => {
      const wrong = await runCli(world, ['verify', ...FLAGS]);
      expect(wrong.output).toContain('NOT exact: 2 findings\n');
      expect(wrong.code).toBe(1);
      const json = await runCli(world, ['verify', ...FLAGS, '--json']);
      expect(JSON.parse(json.stdout)).toMatchObject({ exact: false, findings: 2 });
      expect(json.code).toBe(1);
    });
  });

  test('the JSON report says the same', async () => {
    const { code, stdout } = await runCli(world, ['verify', ...FLAGS, '--json']);
    expect(code).toBe(0);
    const numbers = { exact: true, findings: 0, hours: 4, parts: 5, events: 10, edits: 9, uncompared: 0 };
    expect(JSON.parse(stdout)).toMatchObject({
      ...numbers,
      checks: ['log', 'bronze', 'offsets', 'gold', 'sums'].map(check => ({ check, ok: true, groups: [] })),
    });
  });

  test('names a deleted part with its record, and does not report the rows of its hour', async () => {
    const key = withKey(sealed);
    await replaced(key, undefined, () =>
      expectFindings(
        1,
        `✘ bronze`,
        `${key}, named by record ${recordOf(key)}, is not in the bucket`,
        '→ It was deleted: restore it',
        `${SEALED}: rows were not compared, 1 of its parts cannot be read`,
      ),
    );
  });

  test('finds a damaged part, and one with other content', async () => {
    const key = withKey(sealed, 1);
    await replaced(key, Buffer.from('no gzip'), () =>
      expectFindings(1, `${key}, named by record`, 'cannot be'),
    );
    // The same number of events, all usable and of the hour.
    const other = await world.store.get(withKey(sealed));
    await replaced(key, Buffer.from(other?.body ?? []), () =>
      expectFindings(
        5,
        `${key} is no longer what was counted at`,
        `${key} differs from record ${recordOf(key)}: storedBytes should be`,
        `${key} repeats 2 events that are already stored (first: meta.id edit-`,
        `${SEALED}: 2 rows differ from bronze`,
        `gold.hours of ${SEALED} disagrees with bronze and the rows`,
        `→ Fix its parts first (see bronze). Then: Rebuild the hour: npm run transform`,
      ),
    );
  });

  test('names lines that are not events, or of another hour, by number', async () => {
    const key = withKey(open);
    const wrong = JSON.stringify({ meta: { id: 'x' }, type: 'log', wiki: 'enwiki', timestamp: START });
    await replaced(key, gzipSync(`${wrong}\n{"meta":\n`), () =>
      expectFindings(
        4,
        `${key}: 1 lines are not usable events; line 2: not_json`,
        `${key}: 1 lines are outside hour ${OPEN}; line 1: timestamp`,
        `${key} differs from record ${recordOf(key)}: bytes should be`,
        `${OPEN}: 1 rows differ from bronze`,
      ),
    );
  });

  const minute = `${SEALED}:00:00Z`;
  const row = `ts_minute ${minute}, wiki enwiki, is_bot false:`;
  const setEdits = (edits: number): string =>
    `update gold.edits_per_min set edits = ${edits} where ts_minute = '${minute}' and wiki = 'enwiki'`;

  test('names a changed row with both values', () =>
    changedBySql(setEdits(5), setEdits(2), () =>
      expectFindings(
        2,
        `${SEALED}: 1 rows differ from bronze: ${row} expected 2 edits, 7 bytes, found 5 edits, 7 bytes`,
        `→ Rebuild the hour: npm run transform -- --from ${SEALED}:00Z --to ${REPEATING}:00Z`,
        `its rows add up to 7 edits, but the audit has 4`,
      ),
    ));

  test.each([
    ['an hour that is sealed', REPEATING, 2],
    ['an hour that is open', OPEN, 1],
    ['an hour that nothing is known of', EMPTY, 1],
  ])('a row that was added by hand to %s is named', (_, hour, findings) =>
    changedBySql(
      `insert into gold.edits_per_min values ('${hour}:30:00Z', 'nowiki', true, 1, 8)`,
      `delete from gold.edits_per_min where wiki = 'nowiki'`,
      () =>
        expectFindings(
          findings,
          `${hour}: 1 rows differ from bronze: ts_minute ${hour}:30:00Z, wiki nowiki, is_bot true: expected no row, found 1 edits, 8 bytes`,
        ),
    ),
  );

  test('compares rows even if their sum is right', () =>
    changedBySql(
      `delete from gold.edits_per_min where wiki = 'dewiki'; ${setEdits(3)}`,
      `insert into gold.edits_per_min values ('${minute}', 'dewiki', false, 1, 1); ${setEdits(2)}`,
      () =>
        expectFindings(
          1,
          `wiki dewiki, is_bot false: expected 1 edits, 1 bytes, found no row`,
          `${row} expected 2 edits, 7 bytes, found 3 edits, 7 bytes`,
        ),
    ));

  test('names a removed record, and the objects that it alone named', async () => {
    const key = withKey(repeating);
    const sequence = recordOf(key);
    await replaced(LOG_KEYS.keyOf(sequence), undefined, () =>
      expectFindings(
        2,
        `record ${sequence} is missing: ${LOG_KEYS.keyOf(sequence)}`,
        `gold counted ${key}, but no record names it`,
      ),
    );
    // A fence names no objects, but is reported as missing too.
    await replaced(LOG_KEYS.keyOf(sequence - 1), undefined, () =>
      expectFindings(1, `record ${sequence - 1} is missing: ${LOG_KEYS.keyOf(sequence - 1)}`),
    );
  });

  test('names an invalid record, and one that does not follow from the previous one', async () => {
    const sequence = recordOf(withKey(sealed, 1));
    const original = await world.store.get(LOG_KEYS.keyOf(sequence));
    const record = JSON.parse(Buffer.from(original?.body ?? []).toString()) as object;
    await replaced(LOG_KEYS.keyOf(sequence), Buffer.from('{'), () =>
      expectFindings(2, `record ${sequence} cannot be used`, `gold counted ${withKey(sealed, 1)}`),
    );
    await replaced(
      LOG_KEYS.keyOf(sequence),
      Buffer.from(JSON.stringify({ ...record, epoch: 1, storedToMs: 5 })),
      () =>
        expectFindings(
          3,
          `record ${sequence} (commit): epoch is 1, but the last fence before it is ${sequence - 1}`,
          `record ${sequence} (commit): storedToMs goes back from`,
          // The next fence follows the epoch that the record should have.
          `record ${sequence + 1} (fence): previousEpoch is ${sequence - 1}, but the record before it has epoch 1`,
        ),
    );
  });

  test('compares a changed audit with a recount and with the rows', () => {
    const set = (values: string): string =>
      `update gold.hours set ${values} where hour = '${REPEATING}:00:00Z'`;
    return changedBySql(
      set('parts = 8, events = 9, distinct_edits = 3, duplicates = 0'),
      set('parts = 1, events = 3, distinct_edits = 2, duplicates = 1'),
      () =>
        expectFindings(
          1,
          `gold.hours of ${REPEATING} disagrees with bronze and the rows: parts should be 1 but is 8; events should be 3 but is 9; ` +
            'distinct should be 2 but is 3; duplicates should be 1 but is 0; its rows add up to 2 edits, but the audit has 3',
        ),
    );
  });

  const withoutLedgerKey = (key: string, look: () => Promise<void>): Promise<void> =>
    changedBySql(
      `delete from gold.processed_keys where s3_key = '${key}'`,
      `insert into gold.processed_keys values ('${key}', now() - interval '1 day')`,
      look,
    );

  test('reports a removed ledger key in a sealed hour', () => {
    const key = withKey(sealed, 1);
    return withoutLedgerKey(key, () =>
      expectFindings(
        1,
        `${key}, named by record ${recordOf(key)}, is not in gold’s ledger although ${SEALED} is sealed`,
      ),
    );
  });

  test('in an open hour reports the part as waiting, and the rows as too many', () => {
    const key = withKey(open, 1);
    return withoutLedgerKey(key, () =>
      expectFindings(
        1,
        `${key} is waiting to be applied`,
        `${OPEN}: 1 rows differ from bronze: ts_minute ${OPEN}:00:00Z, wiki enwiki, is_bot false: expected 2 edits, 2 bytes, found 3 edits, 3 bytes`,
      ),
    );
  });

  test('names a ledger key that bronze never had', () => {
    const key = `${hourPrefix(OPEN)}part-000000000003-abcdef.ndjson.gz`;
    return changedBySql(
      `insert into gold.processed_keys values ('${key}')`,
      `delete from gold.processed_keys where s3_key = '${key}'`,
      () => expectFindings(1, `gold counted ${key}, but it is neither in the log nor in the bucket`),
    );
  });

  test('reports what a crash left behind as a note', async () => {
    const copy = Buffer.from((await world.store.get(withKey(open)))?.body ?? []);
    const stray = `${hourPrefix(OPEN)}part-000000000099-abcdef.ndjson.gz`;
    await changed(
      () => world.store.putIfAbsent(stray, copy, { contentType: 'application/gzip' }),
      () => world.store.remove(stray),
      async () => {
        const { code, output } = await verifyRange();
        expect(output).toContain(
          `· no record names ${stray}: it was left by a crash or is about to be committed`,
        );
        expect(output).toContain('exact: 4 hours, 5 parts, 10 events, 9 edits');
        expect(code).toBe(0);
      },
    );
  });

  test('the part of a backfill counts without a record once it is applied', async () => {
    const key = `${hourPrefix(OPEN)}part-api-enwiki.ndjson.gz`;
    // The same events as in another part: gold distinguishes revisions, not ids.
    const copy = Buffer.from((await world.store.get(withKey(open)))?.body ?? []);
    await changed(
      () => world.store.putIfAbsent(key, copy, { contentType: 'application/gzip' }),
      () => world.store.remove(key),
      async () => {
        const { code, output } = await verifyRange();
        expect(output).toContain(`· ${key} is waiting to be applied`);
        expect(output).toContain('exact: 4 hours, 6 parts, 12 events, 9 edits');
        expect(code).toBe(0);
        await world.sql.query(`insert into gold.processed_keys values ('${key}')`);
        await expectFindings(
          1,
          `${OPEN}: 1 rows differ from bronze`,
          'expected 5 edits, 5 bytes, found 3 edits',
        );
        await world.sql.query(`delete from gold.processed_keys where s3_key = '${key}'`);
      },
    );
  });

  test('gives no verdict with invalid settings or flags, or if a server does not answer', async () => {
    const cases: [flags: string[], env: Record<string, string>, words: string[]][] = [
      [
        ['--hours', 'x'],
        {},
        ['--hours: expected a whole number of hours from 1 to', 'got "x"', 'Example: --hours 24'],
      ],
      [['--hour', '3'], {}, ["unknown option '--hour'"]],
      [[], { PG_DSN: '' }, ['PG_DSN: not set']],
      [[], { PG_DSN: 'host=127.0.0.1 port=1 dbname=x' }, ['Postgres at 127.0.0.1:1/x', 'ECONNREFUSED']],
      [[], { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, ['S3: list', 'AWS_ENDPOINT_URL']],
      [[], { BUCKET: 'test-nowhere' }, ['S3: list', 'BUCKET']],
    ];
    for (const [flags, env, words] of cases) {
      const { code, output } = await runCli(world, ['verify', ...flags], { env });
      for (const part of words) expect(output).toContain(part);
      expect(output).not.toMatch(/exact|^\s+at .*:\d+:\d+/m);
      expect(code).toBe(2);
    }
  });

  test('a late part of a sealed hour waits, is added with its repetitions, and is part of the next rebuild', async () => {
    const timestamp = START + 3_600;
    const [late = ''] = await commitEdits(world, [
      { timestamp, revision: 7 },
      { timestamp: timestamp + 1, bytes: 5 },
    ]);
    const waiting = await verifyRange();
    expect(waiting.output).toContain(`· ${late} arrived late and is waiting to be applied`);
    expect(waiting.output).toContain('exact: 4 hours, 6 parts, 12 events, 9 edits');
    expect(waiting.code).toBe(0);
    // If it is never applied, that is wrong after a while.
    const later = await verifyWorld(world, RANGE, { nowMs: Date.now() + 3_600_000 });
    expect(later.output).toContain(`${late}, named by record ${recordOf(late)}, is not in gold’s ledger`);
    expect(later.code).toBe(1);

    const rows = [{ minute: timestamp, wiki: 'enwiki', isBot: false, edits: 2, bytesChange: 6 }];
    const source = { url: 'https://stream.example/recentchange', simulated: true };
    await world.gold.apply({ key: late, hour: REPEATING, rows, source });
    const added = await verifyRange();
    expect(added.output).toContain(`${REPEATING}: 1 parts were added after it was sealed`);
    expect(added.output).toContain('exact: 4 hours, 6 parts, 12 events, 11 edits');
    expect(added.code).toBe(0);

    await worker.stop();
    worker = await startProcess(world, 'worker');
    await runHour(REPEATING, [late], true);
    await worker.stop();
    const rebuilt = await verifyRange();
    expect(rebuilt.output).toContain('exact: 4 hours, 6 parts, 12 events, 10 edits');
    expect(rebuilt.code).toBe(0);
  });

  // Last, because it is not undone.
  test('parts too young for an expired record are not garbage; an hour without parts and records has expired', async () => {
    for (const sequence of [1, 2]) await world.store.remove(LOG_KEYS.keyOf(sequence));
    const [first = '', second = ''] = sealed;
    await expectFindings(
      2,
      `${first} exists, but ${LOG_KEYS.keyOf(2)}, which would name it, does not`,
      `gold counted ${first}, but no record names it`,
    );
    for (const sequence of [3, 4]) await world.store.remove(LOG_KEYS.keyOf(sequence));
    await world.store.remove(first);
    await world.store.remove(second);
    const { code, output } = await verifyRange();
    expect(output).toContain(`· ${SEALED}: bronze has expired; not compared`);
    expect(output).toContain('bronze, log and gold agree; 1 hours could not be compared, see above');
    expect(code).toBe(0);
  });
});
