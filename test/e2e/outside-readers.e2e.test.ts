/**
 * Other tools can read what is in S3: DuckDB, pyarrow and polars, which share no code with us, find in bronze and in both
 * datasets of gold what the oracle and our API say.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parseSimulateOptions } from '../../dev/simulator/options.ts';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { buildApp } from '../../src/api/app.ts';
import { MAX_MINUTES, MAX_WIKIS } from '../../src/contracts/limits.ts';
import { TASK_QUEUE, compactDayId } from '../../src/contracts/temporal/names.ts';
import { INGEST_ID } from '../../src/recentchange/definition.ts';
import { HOUR_MS, isoMs } from '../../src/core/time.ts';
import { startIngest } from '../../src/temporal/start-ingest.ts';
import type { compactDay } from '../../src/workflows/index.ts';
import { copyBucket } from '../support/copy-bucket.ts';
import { goldRows, keysUnder, oracleRows } from '../support/exactness.ts';
import type { Row } from '../support/exactness.ts';
import {
  askDuckDb,
  duckDbViews,
  readWithDuckDb,
  readWithPolars,
  readWithPyarrow,
} from '../support/outside-readers.ts';
import type { Reading } from '../support/outside-readers.ts';
import { startProcess } from '../support/processes.ts';
import { untilHolds } from '../support/until.ts';
import { openWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

const DAY_MS = 24 * HOUR_MS;
/** Every file of gold, of hours and of days. */
const FILES = 'gold/*/yyyy=*/**/*.parquet';

// A whole day and an hour on either side, long enough ago that no late event is still to come.
const start = (Math.floor(Date.now() / DAY_MS) - 2) * DAY_MS;
const from = isoMs(start - HOUR_MS);
const until = isoMs(start + DAY_MS + HOUR_MS);
const days = [start - DAY_MS, start, start + DAY_MS].map(ms => isoMs(ms).slice(0, 10));

let world: World;
let wikimedia: Wikimedia;
/** The bucket as files. */
let copy: string;
let expected: Row[];

beforeAll(async () => {
  world = await openWorld({ gold: 's3' });
  wikimedia = await startWikimedia(
    parseSimulateOptions({
      port: '0',
      rate: '2',
      from,
      until,
      faults: 'garbage=0.003,duplicate=0.01',
    }),
  );
  // Events that arrive late at the start belong to minutes before it.
  const all = [isoMs(start - DAY_MS), until] as const;
  expected = await oracleRows(wikimedia.url, ...all);
  await startIngest(world.client, INGEST_ID, { since: from });
  const env = { EVENTSTREAMS_URL: wikimedia.streamUrl, FLUSH_MAX_SEC: '2' };
  const worker = await startProcess(world, 'worker', { env });
  await untilGoldIs(expected, all);
  await stopIngest();
  for (const day of days) await compact(day);
  await worker.stop();
  copy = join(inject('folder'), `${world.env['BUCKET']}-copy`);
  await copyBucket(world, copy);
}, 500_000);

afterAll(async () => {
  await wikimedia.close();
  await world.close();
});

async function untilGoldIs(rows: readonly Row[], range: readonly [string, string]): Promise<void> {
  const patience = { withinMs: 240_000, everyMs: 1_000 };
  await untilHolds(async () => expect(await goldRows(world, ...range)).toEqual(rows), patience);
}

/** Stops ingest, which stores what follows the last edit, and waits until gold has applied all of it. */
async function stopIngest(): Promise<void> {
  const ingest = world.client.workflow.getHandle(INGEST_ID);
  await ingest.signal('stop');
  await ingest.result();
  const parts = await keysUnder(world, 'bronze/yyyy=');
  await untilHolds(async () => expect(await world.gold.unapplied(parts)).toEqual([]));
}

async function compact(day: string): Promise<void> {
  const handle = await world.client.workflow.start<typeof compactDay>('compactDay', {
    taskQueue: TASK_QUEUE,
    workflowId: compactDayId(day),
    args: [{ day }],
    // The Schedule may have started it already.
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
  await handle.result();
}

const readers = [
  {
    name: 'DuckDB',
    read: () => readWithDuckDb(copy),
    columns: {
      ts_minute: 'TIMESTAMP WITH TIME ZONE',
      wiki: 'VARCHAR',
      is_bot: 'BOOLEAN',
      edits: 'INTEGER',
      bytes_change: 'INTEGER',
    },
  },
  {
    name: 'pyarrow',
    read: () => readWithPyarrow(world),
    columns: {
      ts_minute: 'timestamp[ms, tz=UTC]',
      wiki: 'string',
      is_bot: 'bool',
      edits: 'int32',
      bytes_change: 'int32',
    },
  },
  {
    name: 'polars',
    read: () => readWithPolars(world),
    columns: {
      ts_minute: "Datetime(time_unit='ms', time_zone='UTC')",
      wiki: 'String',
      is_bot: 'Boolean',
      edits: 'Int32',
      bytes_change: 'Int32',
    },
  },
];

describe.each(readers)('$name', ({ read, columns }) => {
  let reading: Reading;
  // The first run installs the reader.
  beforeAll(async () => {
    reading = await read();
  }, 300_000);

  test('finds the rows of the oracle in the hours, each once', () => {
    expect([...reading.hours.rows].sort()).toEqual(expected);
  });

  test('finds the same rows in the days', () => {
    expect([...reading.days.rows].sort()).toEqual(expected);
  });

  test('counts the same rows from bronze', () => {
    expect([...reading.bronze].sort()).toEqual(expected);
  });

  test.each(['hours', 'days'] as const)(
    'knows the columns of the %s, and the partition of each row',
    name => {
      expect(reading[name].columns).toEqual(columns);
      expect(reading[name].misplaced).toBe(0);
    },
  );
});

describe('the files', () => {
  test('are sorted by wiki and minute, humans before bots', async () => {
    const unsorted = await askDuckDb(
      copy,
      `select filename from (
         select filename, (wiki, ts_minute, is_bot) as this,
                lag((wiki, ts_minute, is_bot)) over (partition by filename order by file_row_number) as before
         from read_parquet('${FILES}', filename = true, file_row_number = true))
       where this <= before`,
    );
    expect(unsorted).toEqual([]);
  });

  test('have statistics with the wikis of each row group, and only the wiki at an edge is in two', async () => {
    const groups = await wikiGroups();
    for (const { least, most, first, last } of groups) expect([least, most]).toEqual([first, last]);
    const neighbours = groups.slice(1).flatMap((after, nth) => {
      const before = groups[nth];
      return before?.file === after.file ? [{ before, after }] : [];
    });
    // The whole day has several groups.
    expect(neighbours.length).toBeGreaterThan(1);
    expect(neighbours.filter(({ before, after }) => before.last > after.first)).toEqual([]);
  });

  test('of the hours name the parts that they were counted from', async () => {
    const named = await askDuckDb<{ part: string }>(
      copy,
      `select 'bronze/' || regexp_extract(file_name, 'yyyy=.*/') || part as part from (
         select file_name, unnest((facts->'counted')::varchar[] || (facts->'added')::varchar[]) as part from (
           select file_name, decode(value)::json as facts
           from parquet_kv_metadata('gold/edits_per_min/**/*.parquet') where decode(key) = 'wikigauge'))`,
    );
    expect(named.map(({ part }) => part).sort()).toEqual(await keysUnder(world, 'bronze/yyyy='));
  });

  test('come with a note that the source is simulated', async () => {
    const sources = await askDuckDb(copy, `from read_json('gold/sources/*.json')`);
    expect(sources).toEqual([{ url: wikimedia.streamUrl, simulated: true }]);
  });
});

test('docs/data.md shows the views that this test uses', async () => {
  const docs = await readFile(new URL('../../docs/data.md', import.meta.url), 'utf8');
  expect(docs).toContain(await duckDbViews());
});

describe('the API', () => {
  let app: FastifyInstance;
  beforeAll(async () => {
    app = await buildApp({ gold: world.gold, dashboardDir: 'not-built', version: '1' });
  });
  afterAll(() => app.close());

  const ask = async (url: string): Promise<unknown> => (await app.inject(url)).json();

  test('orders wikis as DuckDB does', async () => {
    const order = 'select wiki from hours group by wiki order by max(ts_minute) desc, wiki';
    const wikis = await askDuckDb<{ wiki: string }>(copy, order);
    expect(await ask(`/wikis?limit=${MAX_WIKIS}`)).toEqual(wikis.map(({ wiki }) => wiki));
  });

  test('answers the minutes of a wiki as DuckDB does, also of wikis that lie in two groups of rows', async () => {
    const edges = (await wikiGroups()).filter(({ file }) => file.includes('_daily/')).map(({ last }) => last);
    const wikis = [...new Set(['enwiki', 'dewiki', ...edges])];
    const minutes = await askDuckDb<{ wiki: string; minute: unknown }>(
      copy,
      `select wiki, {ts: minute_text(ts_minute), total: sum(edits),
                     human: coalesce(sum(edits) filter (not is_bot), 0),
                     bot: coalesce(sum(edits) filter (is_bot), 0)} as minute
       from hours where wiki in ('${wikis.join("', '")}') group by wiki, ts_minute order by ts_minute`,
    );
    for (const wiki of wikis) {
      const ofWiki = minutes.filter(row => row.wiki === wiki).map(({ minute }) => minute);
      expect(ofWiki).not.toEqual([]);
      expect(await ask(`/edits?wiki=${wiki}&minutes=${MAX_MINUTES}`)).toEqual(ofWiki);
    }
  });
});

/** A group of rows of a file: the bounds of its wikis by its statistics, and the first and the last wiki by its rows. */
interface WikiGroup {
  readonly file: string;
  readonly least: string;
  readonly most: string;
  readonly first: string;
  readonly last: string;
}

/** All groups of rows of gold, in the order of each file. */
async function wikiGroups(): Promise<WikiGroup[]> {
  return askDuckDb<WikiGroup>(
    copy,
    `with groups as (
       select file_name as file, row_group_id, stats_min_value as least, stats_max_value as most,
              sum(row_group_num_rows) over (partition by file_name order by row_group_id) as behind,
              behind - row_group_num_rows as begin
       from parquet_metadata('${FILES}') where path_in_schema = 'wiki')
     select file, least, most, arg_min(wiki, file_row_number) as first, arg_max(wiki, file_row_number) as last
     from groups join read_parquet('${FILES}', filename = true, file_row_number = true) on filename = file
     where file_row_number >= begin and file_row_number < behind
     group by file, row_group_id, least, most order by file, row_group_id`,
  );
}
