/** Inputs, results, heartbeats and notices of activities, by the names that histories and workers of today know. */
import { asyncLocalStorage } from '@temporalio/activity';
import type { Context } from '@temporalio/activity';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bzip2 } from '../../dev/simulator/bzip2.ts';
import { storeApiPage } from '../../src/backfill/api-page.ts';
import { compactDay, listStaleDays } from '../../src/activities/compact.ts';
import { storeDumpFile } from '../../src/backfill/dump-file.ts';
import type { Activities } from '../../src/activities/index.ts';
import { Notifier } from '../../src/ingest/notifier.ts';
import { listHours } from '../../src/activities/list-hours.ts';
import { planBackfill } from '../../src/activities/plan-backfill.ts';
import { recordCoverage } from '../../src/activities/record-coverage.ts';
import { recordGaps } from '../../src/activities/record-gaps.ts';
import { transformPart } from '../../src/activities/transform-part.ts';
import { rebuildHour } from '../../src/transform/rebuild-hour.ts';
import { restoreGaps } from '../../src/gold/record-gaps.ts';
import type { StreamPump } from '../../src/ingest/pump.ts';
import { StreamStatus } from '../../src/ingest/status.ts';
import { Troubles } from '../../src/ingest/troubles.ts';
import type { StreamHeartbeat } from '../../src/contracts/temporal/ingest.ts';
import { storeStreamWindow } from '../../src/backfill/stream-window.ts';
import { COVERAGE_PREFIX } from '../../src/contracts/storage/object-keys.ts';
import { PipelineError } from '../../src/contracts/errors.ts';
import type { HistoryCounts } from '../../src/source/history-dump/read-history.ts';
import { CommitLog } from '../../src/bronze/commit-log.ts';
import { openS3Gold } from '../../src/gold/parquet/parquet-gold.ts';
import { ApiServer } from '../source/action-api/api-server.ts';
import { DumpServer } from '../source/history-dump/dump-server.ts';
import { row } from '../source/history-dump/fixtures.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';
import { HOUR, NOW_MS, contentsOf, event, eventId, filledBucket, persistence } from './bucket.ts';
import { asJson, golden } from './golden.ts';
import { LOG_KEYS, STREAM } from '../support/stream.ts';

type Input<Name extends keyof Activities> = Parameters<Activities[Name]>[0];
/** Every field of a type, optional ones too. */
type Whole<T> = { readonly [K in keyof T]-?: T[K] };

const FROM = `${HOUR}:00:00.000Z`;
const TO = '2026-11-20T11:00:00.000Z';
const AGENT = 'test/1.0 (test@example.org)';
const closers: (() => Promise<unknown>)[] = [];
const { signal } = persistence;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW_MS });
});
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closers.splice(0)) await close();
});

/** Runs an activity's code as a worker would. */
async function inActivity<T>(work: () => Promise<T>): Promise<T> {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const context = {
    cancellationSignal: signal,
    info: {},
    log,
    heartbeat: () => undefined,
  } as unknown as Context;
  return asyncLocalStorage.run(context, work);
}

test('from the log to gold', async () => {
  const { store, record } = await filledBucket();
  const gold = openS3Gold(store, () => NOW_MS);
  const deps = { store, gold, definition: STREAM, latenessMs: 300_000 };
  const [part] = record.parts;
  const key = { key: part?.key ?? '' } satisfies Whole<Input<'transformPart'>>;
  const hour = { hour: HOUR, isSealed: true, recount: 'indexFirst' } satisfies Whole<Input<'rebuildHour'>>;
  const range = { from: FROM, to: TO } satisfies Whole<Input<'listHours'>>;
  const covered = {
    covered: [{ source: 'api', from: FROM, to: TO, wikis: ['enwiki'] }],
  } satisfies Whole<Input<'recordCoverage'>>;
  const gap = { id: 'a gap', cause: 'log_lost', from: FROM, to: TO } as const;
  const gaps = { gaps: [gap] } satisfies Whole<Input<'recordGaps'>>;
  const day = { day: '2026-11-20' } satisfies Whole<Input<'compactDay'>>;
  const notes: unknown[] = [];
  const note = (details: unknown): void => void notes.push(details);
  const seen = {
    transformPart: [key, await inActivity(() => transformPart(key, deps))],
    recordGaps: [gaps, await inActivity(() => recordGaps(gaps, deps))],
    recordCoverage: [covered, await inActivity(() => recordCoverage(covered, deps))],
    rebuildHour: [hour, await rebuildHour(hour, deps, { signal, onProgress: note })],
    listHours: [range, await inActivity(() => listHours(range, deps))],
    restoreGaps: await restoreGaps(deps, { signal, note }),
    compactDay: [day, await inActivity(() => compactDay(day, deps))],
    listStaleDays: await inActivity(() => listStaleDays(deps)),
    notes,
    coverage: Object.entries(await contentsOf(store)).filter(([key]) => key.startsWith(COVERAGE_PREFIX)),
    keys: store.keys,
  };
  const withoutSizes = asJson({ ...seen, compactDay: asJson(seen.compactDay, ['bytes']) });
  expect(withoutSizes).toEqual(golden('activities-gold', withoutSizes));
});

test('heartbeat of the stream', () => {
  const heartbeat = {
    acknowledged: 7,
    events: 9,
    parts: 2,
    deadLetters: 1,
    duplicates: 3,
    buffered: 4,
    connections: 1,
    newest: FROM,
    live: 'http://worker:9464',
    trouble: 'it did not answer',
    troubles: [{ kind: 'stream', what: 'it did not answer', since: FROM, tries: 1, nextTry: TO }],
  } satisfies Whole<StreamHeartbeat>;
  const status = new StreamStatus('http://stream/', 'http://worker:9464');
  status.connected({ simulated: true });
  const silent = { info: () => undefined, warn: () => undefined };
  const troubles = new Troubles(silent, [], () => Date.parse(FROM));
  troubles.failed(
    new PipelineError('it did not answer', {
      code: 'source_unreachable',
      op: 'x',
      subject: 'x',
      retryable: true,
    }),
    Date.parse(TO) - Date.parse(FROM),
    {},
  );
  const totals = { events: 9, parts: 2, deadLetters: 1, duplicates: 3, newestMs: Date.parse(FROM) };
  const pump = { totals, buffered: 4 } as unknown as StreamPump;
  const notifier = { acknowledged: 7 } as unknown as Notifier;
  expect(status.heartbeat(notifier, pump, troubles)).toEqual(heartbeat);
  const seen = {
    heartbeat,
    source: status.source,
    input: { since: FROM, wikis: ['enwiki'], acknowledged: 7 } satisfies Whole<Input<'streamParts'>>,
    result: { acknowledged: 7, events: 9, parts: 2 } satisfies Whole<
      Awaited<ReturnType<Activities['streamParts']>>
    >,
    // Its activity adds the window that it reads.
    noteOfADump: {
      file: '2026-10.enwiki.2026-09.tsv.bz2',
      rows: 9,
      kept: 5,
      unusable: { bad_timestamp: 1 },
      compressedBytes: 3_000,
    } satisfies { file: string } & HistoryCounts,
  };
  expect(asJson(seen)).toEqual(golden('activities-stream', seen));
});

test('notices of commits', async () => {
  const { store, record } = await filledBucket();
  const notices: unknown[] = [];
  const gold = {
    unapplied: async (keys: readonly string[]) => [...keys],
    unsealed: async (hours: readonly string[]) => [...hours],
  };
  const sendNotice = async (workflowId: string, notice: unknown): Promise<void> =>
    void notices.push({ workflowId, notice });
  const deps = { sendNotice, gold, latenessMs: 300_000 };
  const notifier = new Notifier(deps, 'ingest', 0, persistence);
  await notifier.notify(record, Date.parse(`${HOUR}:05:00Z`));
  const writer = { attempt: 'def', workflowId: 'ingest', runId: 'run-2' };
  await new Notifier(deps, 'ingest', 0, persistence).catchUp(
    await CommitLog.open(store, LOG_KEYS, writer, persistence),
  );
  expect(asJson(notices)).toEqual(golden('notices', notices));
});

test('a window of the stream', async () => {
  const lateMs = Date.parse('2026-11-20T11:30:00Z');
  const frames = [event(1), event(2), { ...event(3), wiki: 'NO WIKI' }].map((each, nth) => ({
    id: eventId(Date.parse(`${HOUR}:05:00Z`) + nth),
    data: each,
  }));
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const { id, data } of [...frames, { id: eventId(lateMs), data: event(4, lateMs) }])
      response.write(`event: message\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
  });
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  vi.setSystemTime(Date.parse('2026-11-20T12:00:00Z'));
  const store = new MemoryObjectStore();
  const input = { from: FROM, to: TO, wikis: ['enwiki'] } satisfies Whole<Input<'fetchStreamWindow'>>;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const deps = {
    store,
    definition: STREAM,
    wikis: new Set<string>(),
    stream: { url, userAgent: AGENT },
  };
  const notes: unknown[] = [];
  const run = {
    signal,
    note: (note: unknown) => notes.push(note),
    warn: () => undefined,
    previous: undefined,
  };
  const result = await storeStreamWindow(input, deps, run);
  // The digest in the key is of gzipped bytes, which another zlib may write otherwise.
  const keys = store.keys.map(key => key.replace(/-[0-9a-f]{12}\.ndjson/, '-(digest).ndjson'));
  const seen = asJson({ input, result, notes, keys });
  expect(seen).toEqual(golden('activities-stream-window', seen));
});

test('pages of the Action API', async () => {
  const server = await ApiServer.start();
  closers.push(() => server.close());
  const change = {
    type: 'edit',
    ns: 0,
    title: 'Main Page',
    pageid: 1,
    revid: 12,
    old_revid: 11,
    rcid: 1_234_567,
    user: 'Ann',
    bot: true,
    minor: true,
    oldlen: 100,
    newlen: 90,
    timestamp: '2026-11-20T10:03:12Z',
    comment: 'a comment',
  };
  const next = { rccontinue: '20261120100500|77', continue: '-||' };
  server.reply = () => ({
    body: { batchcomplete: true, continue: next, query: { recentchanges: [change] } },
  });
  const store = new MemoryObjectStore();
  const deps = { store, definition: STREAM, api: { urlTemplate: server.template, userAgent: AGENT } };
  const site = { wiki: 'enwiki', serverName: 'en.wikipedia.org', from: FROM, to: TO };
  const first = await storeApiPage(site, deps, signal);
  server.reply = () => ({ body: { batchcomplete: true, query: { recentchanges: [] } } });
  const input = { ...site, position: first.position } satisfies Whole<Input<'fetchApiPage'>>;
  const last = await storeApiPage(input, deps, signal);
  const seen = asJson({ first, input, last, contents: await contentsOf(store) }, ['bytes', 'source']);
  expect(seen).toEqual(golden('activities-api-page', seen));
});

test('a file of the history dumps, and a plan', async () => {
  const server = await DumpServer.start();
  closers.push(() => server.close());
  const name = '2026-10.enwiki.2026-09.tsv.bz2';
  const rows = [
    row(78, { revision: '7' }),
    row(78, { revision: '' }),
    row(78, { time: '2026-09-30 11:00:00.0', revision: '8', botBy: 'name' }),
  ];
  const text = Buffer.concat(rows.flatMap(each => [each, Buffer.from('\n')]));
  server.files.set('/', Buffer.from('<a href="2026-10/">2026-10/</a>'));
  server.files.set('/2026-10/enwiki/', Buffer.from(`<a href="${name}">${name}</a> 01-Nov-2026 10:00 100`));
  server.files.set(`/2026-10/enwiki/${name}`, bzip2(text));
  const store = new MemoryObjectStore();
  const dumps = { url: server.url('/'), userAgent: AGENT };
  const input = {
    wiki: 'enwiki',
    snapshot: '2026-10',
    from: '2026-09-30T10:00:00.000Z',
    to: '2026-09-30T12:00:00.000Z',
    position: 0,
  } satisfies Whole<Input<'fetchDumpFile'>>;
  const notes: unknown[] = [];
  const deps = { store, definition: STREAM, dumps };
  const result = await storeDumpFile(input, deps, { signal, note: note => notes.push(note) });
  const file = asJson({ input, result, notes, contents: await contentsOf(store) }, ['bytes', 'source']);
  expect(file).toEqual(golden('activities-dump-file', file));

  const api = await ApiServer.start();
  closers.push(() => api.close());
  // So many that a plan has all sources.
  const languages = ['en', 'de', 'es', 'fr', 'it'];
  const site = languages.map(code => ({ url: `https://${code}.wikipedia.org`, dbname: `${code}wiki` }));
  api.reply = url => ({
    body:
      url.searchParams.get('action') === 'sitematrix'
        ? { sitematrix: { count: 5, '0': { site } } }
        : { batchcomplete: true, query: { recentchanges: [{ timestamp: '2026-10-25T10:00:00Z' }] } },
  });
  const wanted = {
    from: '2026-09-30T22:00:00.000Z',
    to: '2026-11-20T10:00:00.000Z',
    source: 'auto',
    wikis: languages.map(code => `${code}wiki`),
  } satisfies Whole<Input<'planBackfill'>>;
  const planDeps = {
    definition: STREAM,
    wikis: new Set<string>(),
    api: { urlTemplate: api.template, userAgent: AGENT },
    dumps,
    areBackfillsIndexed: true,
  };
  const plan = await inActivity(() => planBackfill(wanted, planDeps));
  const planned = asJson({ input: wanted, plan }, ['why']);
  expect(planned).toEqual(golden('activities-plan', planned));
});
