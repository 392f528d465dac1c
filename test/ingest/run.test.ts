/**
 * The whole ingest engine without Temporal: a simulated stream over HTTP, an object store in memory, and the notices
 * collected in a list. What stops it, what it reports, and where the next run resumes.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startWikimedia } from '../../dev/simulator/server.ts';
import type { Wikimedia } from '../../dev/simulator/server.ts';
import { FencedError } from '../../src/bronze/commit-log.ts';
import type { FlushLimits } from '../../src/bronze/part-buffer.ts';
import { PipelineError } from '../../src/contracts/errors.ts';
import type { StreamHeartbeat, StreamPartsInput } from '../../src/contracts/temporal/ingest.ts';
import type { CommitNotice } from '../../src/contracts/temporal/messages.ts';
import type { Trouble } from '../../src/contracts/temporal/trouble.ts';
import { ingestStream } from '../../src/ingest/run.ts';
import type { IngestDeps } from '../../src/ingest/run.ts';
import { visibleIn } from '../support/intake-rig.ts';
import { MemoryObjectStore, storageDown } from '../support/memory-object-store.ts';
import { untilTrue } from '../support/until.ts';
import { WaywardServer } from '../source/stream/wayward-server.ts';
import { STREAM } from '../support/stream.ts';
import { BLANK_GOLD } from '../support/blank-gold.ts';

const SINCE = '2025-11-20T10:00:00.000Z';
const UNTIL_MS = Date.parse('2025-11-20T10:10:00Z');
/** Ten minutes that are over: two events a second. After the last one the stream sends only comments. */
const PAST = {
  port: 0,
  rate: 2,
  fromMs: Date.parse(SINCE),
  untilMs: UNTIL_MS,
  retentionMs: 10 * 365 * 86_400_000,
  commentMs: 20,
};
const NEVER: FlushLimits = { minLines: Infinity, maxAgeMs: Infinity, maxBytes: Infinity };
const OFTEN: FlushLimits = { ...NEVER, minLines: 200 };
const USER_AGENT = 'wikigauge-test/1.0 (https://example.org)';

/** One run of the engine, and everything that it tells its host. */
interface Run {
  readonly beats: StreamHeartbeat[];
  readonly logged: string[];
  readonly notices: CommitNotice[];
  readonly reports: (readonly Trouble[])[];
  readonly ended: ReturnType<typeof ingestStream>;
  readonly stop: (reason?: unknown) => void;
}

interface RunOptions {
  readonly url: string;
  readonly limits?: FlushLimits;
  readonly attempt?: string;
  readonly input?: Partial<StreamPartsInput>;
  readonly deps?: Partial<IngestDeps>;
}

function idsOf({ universe }: Wikimedia, { fromMs, untilMs } = PAST): string[] {
  if (universe === undefined) return [];
  const ids: string[] = [];
  for (let second = fromMs / 1000; second < untilMs / 1000; second += 1)
    ids.push(...universe.changesOf(second).map(change => idIn(universe.render(change))));
  return ids.sort();
}

function partsOf(notices: readonly CommitNotice[]): string[] {
  return notices.flatMap(({ parts }) => parts.map(({ key }) => key));
}

function idIn(line: string): string {
  return (JSON.parse(line) as { meta: { id: string } }).meta.id;
}

describe('the ingest engine', () => {
  let store: MemoryObjectStore;
  let wikimedia: Wikimedia;
  const runs: Run[] = [];
  /** Ids of all events that the stream has. */
  let ids: string[];
  beforeEach(async () => {
    store = new MemoryObjectStore();
    wikimedia = await startWikimedia(PAST);
    ids = idsOf(wikimedia);
  });
  afterEach(async () => {
    for (const run of runs.splice(0)) {
      run.stop();
      await run.ended.catch(() => undefined);
    }
    await wikimedia.close();
  });

  function start({ url, limits = NEVER, attempt = 'a1', input = {}, deps = {} }: RunOptions): Run {
    const stopping = new AbortController();
    const beats: StreamHeartbeat[] = [];
    const logged: string[] = [];
    const notices: CommitNotice[] = [];
    const reports: (readonly Trouble[])[] = [];
    const host = {
      writer: { attempt, workflowId: 'ingest', runId: 'run' },
      stopSignal: stopping.signal,
      log: {
        info: (message: string) => void logged.push(message),
        warn: (message: string) => void logged.push(message),
      },
      heartbeat: (details: StreamHeartbeat) => void beats.push(details),
    };
    const ended = ingestStream({ since: SINCE, acknowledged: 0, ...input }, host, {
      store,
      gold: BLANK_GOLD,
      sendNotice: async (_, notice) => void notices.push(notice),
      sendTroubles: async (_, troubles) => void reports.push(troubles),
      definition: STREAM,
      wikis: new Set(),
      limits,
      latenessMs: 0,
      stream: { url, userAgent: USER_AGENT },
      ...deps,
    });
    ended.catch(() => undefined);
    const run: Run = { beats, logged, notices, reports, ended, stop: reason => stopping.abort(reason) };
    runs.push(run);
    return run;
  }

  test('does not touch the log while an older project still counts', async () => {
    const run = start({
      url: wikimedia.streamUrl,
      deps: {
        gold: {
          unapplied: async () => [],
          unsealed: async () => [],
          lastStreamHour: async () => undefined,
          olderProject: async () => ({ lastMinute: 0, quietMs: 60_000 }),
          recordGap: async () => undefined,
          recordReads: async () => undefined,
          lastRead: async () => undefined,
        },
      },
    });
    await expect(run.ended).rejects.toMatchObject({ code: 'older_project_running', retryable: true });
    expect(store.keys).toEqual([]);
  });

  /** Waits until the run has taken in every event of the stream. */
  const untilAllTaken = (run: Run): Promise<StreamHeartbeat> =>
    untilTrue(() => {
      const beat = run.beats.at(-1);
      return beat !== undefined && beat.events + beat.duplicates + beat.buffered >= ids.length && beat;
    });
  const storedIds = async (): Promise<string[]> => (await visibleIn(store)).lines.map(idIn).sort();

  describe('when it is stopped', () => {
    test('flushes what is buffered, closes the stream, and resolves with what it stored', async () => {
      const run = start({ url: wikimedia.streamUrl });
      expect((await untilAllTaken(run)).buffered).toBe(ids.length);
      expect(await storedIds()).toEqual([]);
      run.stop();
      const { acknowledged, events } = await run.ended;
      expect(await storedIds()).toEqual(ids);
      expect(events).toBe(ids.length);
      expect(acknowledged).toBe((await visibleIn(store)).records.at(-1)?.sequence);
      expect(run.notices.at(-1)).toMatchObject({ sequence: acknowledged, isLast: true });
      await untilTrue(() => wikimedia.connections().length === 0);
    });

    test('keeps retrying the last flush while the store is down', async () => {
      const run = start({ url: wikimedia.streamUrl });
      await untilAllTaken(run);
      let failures = 0;
      store.before = (operation, key) => {
        if (operation !== 'put' || failures === 2) return;
        failures += 1;
        throw storageDown(key, true);
      };
      run.stop();
      expect((await run.ended).events).toBe(ids.length);
      expect(await storedIds()).toEqual(ids);
      expect(failures).toBe(2);
      // The first failure; then at most one line a minute.
      expect(run.logged.filter(line => line.includes('retrying'))).toHaveLength(1);
    });

    test('resolves at once when nothing was read', async () => {
      const run = start({ url: wikimedia.streamUrl });
      run.stop();
      expect(await run.ended).toEqual({ acknowledged: 0, events: 0, parts: 0 });
    });

    test('leaves a position from which the next run resumes, whatever its input says', async () => {
      const first = start({ url: wikimedia.streamUrl, limits: OFTEN });
      await untilTrue(() => (first.beats.at(-1)?.events ?? 0) > 0);
      first.stop();
      const { acknowledged } = await first.ended;
      const input = { acknowledged, since: '2025-01-01T00:00:00Z' };
      const second = start({ url: wikimedia.streamUrl, attempt: 'a2', input });
      await untilTrue(async () => {
        const taken = (second.beats.at(-1)?.buffered ?? 0) + (await storedIds()).length;
        return taken >= ids.length;
      });
      second.stop();
      await second.ended;
      expect(await storedIds()).toEqual(ids);
    });
  });

  test('stores and reports the address of the stream without the token in it', async () => {
    const run = start({ url: `${wikimedia.streamUrl}?token=s3cret`, limits: OFTEN });
    await untilAllTaken(run);
    run.stop();
    await run.ended;
    const { beats, logged, notices } = run;
    const objects = await Promise.all(store.keys.map(key => store.get(key)));
    const stored = objects.map(object => [object?.metadata, (object?.body ?? '').toString()]);
    expect(JSON.stringify(objects.map(object => object?.metadata))).toContain(wikimedia.streamUrl);
    expect(JSON.stringify({ beats, logged, notices, stored })).not.toContain('s3cret');
  });

  test('flushes while it reads, and notifies of each commit in order', async () => {
    const run = start({ url: wikimedia.streamUrl, limits: OFTEN });
    await untilAllTaken(run);
    run.stop();
    const { events, parts, acknowledged } = await run.ended;
    const { records } = await visibleIn(store);
    const withParts = records.filter(record => record.parts.length > 0);
    expect(withParts.length).toBeGreaterThan(2);
    expect(run.notices.map(({ sequence }) => sequence)).toEqual(withParts.map(({ sequence }) => sequence));
    expect(run.notices.map(({ after }) => after)).toEqual([
      0,
      ...run.notices.slice(0, -1).map(({ sequence }) => sequence),
    ]);
    expect(run.notices.flatMap(notice => notice.parts.map(({ key }) => key))).toEqual(
      withParts.flatMap(record => record.parts.map(({ key }) => key)),
    );
    expect({ events, parts, acknowledged }).toEqual({
      events: ids.length,
      parts: withParts.flatMap(record => record.parts).length,
      acknowledged: withParts.at(-1)?.sequence,
    });
  });

  describe('its heartbeats', () => {
    test('report progress after each commit and once more at the end', async () => {
      const run = start({ url: wikimedia.streamUrl, limits: OFTEN });
      await untilAllTaken(run);
      run.stop();
      const { acknowledged, parts } = await run.ended;
      expect(run.beats.at(-1)).toEqual({
        acknowledged,
        events: ids.length,
        parts,
        deadLetters: 0,
        duplicates: 0,
        buffered: 0,
        connections: 1,
        newest: expect.stringMatching(/^2025-11-20T10:09:\d\d/),
      });
      const stored = run.beats.map(({ events }) => events);
      expect(stored).toEqual(stored.toSorted((a, b) => a - b));
      expect(new Set(stored).size).toBeGreaterThan(2);
    });

    test('say that the store is down, and so does a report to the workflow; nothing that is buffered is lost', async () => {
      const run = start({ url: wikimedia.streamUrl });
      await untilAllTaken(run);
      let isDown = true;
      store.before = (_, key) => {
        if (isDown) throw storageDown(key, true);
      };
      run.stop();
      const beat = await untilTrue(() => run.beats.find(({ troubles }) => (troubles?.[0]?.tries ?? 0) > 1));
      expect(beat).toMatchObject({
        trouble: expect.any(String),
        troubles: [{ kind: 'storage', since: expect.any(String), nextTry: expect.any(String) }],
      });
      isDown = false;
      expect((await run.ended).events).toBe(ids.length);
      expect(run.beats.at(-1)).not.toHaveProperty('trouble');
      expect(await storedIds()).toEqual(ids);
    });

    test('say what S3 refuses, and keep what is buffered until a person has repaired it', async () => {
      const run = start({ url: wikimedia.streamUrl, limits: OFTEN });
      let isDenied = true;
      store.before = (operation, key) => {
        if (!isDenied || operation !== 'put' || !key.includes('/yyyy=')) return;
        throw new PipelineError('S3: put: AccessDenied', {
          code: 'storage_denied',
          op: 'put',
          subject: key,
          retryable: false,
          hint: 'Allow s3:PutObject.',
        });
      };
      const beat = await untilTrue(() => run.beats.find(({ trouble }) => trouble !== undefined), 30_000);
      expect(beat.troubles).toMatchObject([
        { kind: 'storage', what: 'S3: put: AccessDenied. Allow s3:PutObject.' },
      ]);
      isDenied = false;
      await untilTrue(() => run.notices.length > 0, 60_000);
      await untilTrue(() => run.beats.at(-1)?.trouble === undefined, 60_000);
      run.stop();
      await run.ended;
      expect(run.beats.at(-1)).toMatchObject({ connections: 1 });
      expect(await storedIds()).toEqual(ids);
    });

    test('tell the workflow what lasts for some seconds, and when it is over', async () => {
      let isDown = true;
      store.before = (operation, key) => {
        if (isDown && operation === 'put' && key.includes('/yyyy=')) throw storageDown(key, true);
      };
      const run = start({ url: wikimedia.streamUrl, limits: OFTEN });
      await untilTrue(() => run.reports.length > 0, 60_000);
      expect(run.reports).toEqual([[expect.objectContaining({ kind: 'storage' })]]);
      isDown = false;
      await untilTrue(() => run.reports.length > 1, 60_000);
      expect(run.reports[1]).toEqual([]);
    });

    test('continue while the stream cannot be read, and say why', async () => {
      const wayward = await WaywardServer.start();
      const run = start({ url: wayward.url('/status/503') });
      const beat = await untilTrue(() => run.beats.find(({ trouble }) => trouble !== undefined));
      expect(beat).toMatchObject({
        connections: 0,
        events: 0,
        trouble: expect.stringContaining('503'),
        troubles: [{ kind: 'stream', what: expect.stringContaining('503'), tries: expect.any(Number) }],
      });
      run.stop();
      expect(await run.ended).toEqual({ acknowledged: 0, events: 0, parts: 0 });
      await wayward.close();
    });
  });

  describe('fails', () => {
    test('when the address of the stream can never work', async () => {
      const run = start({ url: 'no address' });
      await expect(run.ended).rejects.toMatchObject({ code: 'source_refused', retryable: false });
      expect(run.beats).not.toEqual([]);
    });

    test('when a newer run has taken over the log, and leaves nothing of its own behind', async () => {
      const older = start({ url: wikimedia.streamUrl });
      await untilAllTaken(older);
      const newer = start({ url: wikimedia.streamUrl, attempt: 'a2' });
      await untilAllTaken(newer);
      older.stop();
      await expect(older.ended).rejects.toBeInstanceOf(FencedError);
      newer.stop();
      await newer.ended;
      expect(await storedIds()).toEqual(ids);
      expect(store.keys.filter(key => key.endsWith('-a1.ndjson.gz'))).toEqual([]);
    });

    test('when its workflow is not running, after the commit', async () => {
      const sendNotice = async (): Promise<void> => {
        throw new PipelineError('not running', {
          code: 'temporal_unavailable',
          op: 'signal',
          subject: 'ingest',
          retryable: false,
        });
      };
      const run = start({ url: wikimedia.streamUrl, limits: OFTEN, deps: { sendNotice } });
      await expect(run.ended).rejects.toMatchObject({ code: 'temporal_unavailable' });
      expect((await storedIds()).length).toBeGreaterThan(0);
    });
  });

  test('sends the notices that an earlier run could not deliver', async () => {
    const first = start({ url: wikimedia.streamUrl, limits: OFTEN });
    await untilTrue(() => first.notices.length > 1);
    first.stop();
    await first.ended;
    const [delivered] = first.notices;
    const input = { acknowledged: delivered?.sequence ?? 0 };
    const second = start({ url: wikimedia.streamUrl, attempt: 'a2', input });
    const missed = partsOf(first.notices.slice(1));
    await untilTrue(() => partsOf(second.notices).length >= missed.length);
    expect(partsOf(second.notices).slice(0, missed.length)).toEqual(missed);
  });

  test.each([
    ['is silent', () => new Promise<never>(() => undefined)],
    ['fails', () => Promise.reject(storageDown('gold', true))],
  ])('asks a gold that %s once, not for every commit, and sends every part', async (_, answer) => {
    const first = start({ url: wikimedia.streamUrl, limits: OFTEN });
    await untilTrue(() => first.notices.length > 2);
    first.stop();
    await first.ended;
    let asked = 0;
    const away = (): Promise<never> => {
      asked += 1;
      return answer();
    };
    const gold = { ...BLANK_GOLD, unapplied: away, unsealed: away };
    const second = start({ url: wikimedia.streamUrl, attempt: 'a2', deps: { gold } });
    const committed = partsOf(first.notices);
    await untilTrue(() => partsOf(second.notices).length >= committed.length, 20_000);
    expect(partsOf(second.notices).slice(0, committed.length)).toEqual(committed);
    expect(asked).toBe(1);
  });

  test('loses nothing when one id claims the present while reading is minutes behind', async () => {
    const nowMs = Math.floor(Date.now() / 60_000) * 60_000;
    const recent = { ...PAST, fromMs: nowMs - 30 * 60_000, untilMs: nowMs - 10 * 60_000 };
    await wikimedia.close();
    wikimedia = await startWikimedia({ ...recent, replayRate: 400 });
    ids = idsOf(wikimedia, recent);
    const run = start({
      url: wikimedia.streamUrl,
      input: { since: new Date(recent.fromMs).toISOString() },
    });
    const untilBuffered = (events: number) =>
      untilTrue(() => (run.beats.at(-1)?.buffered ?? 0) >= events, 20_000);
    await untilBuffered(200);
    // It claims a year ahead, which is taken for the present.
    wikimedia.faults.strikeNow('futureid');
    await untilBuffered(800);
    wikimedia.faults.strikeNow('rst');
    await untilAllTaken(run);
    run.stop();
    await run.ended;
    expect(await storedIds()).toEqual(ids);
  });

  test('records a gap when its log is lost but gold has counted parts', async () => {
    const lastStreamHour = async (): Promise<string> => '2025-11-20T08';
    const gold = {
      unapplied: async () => [],
      unsealed: async () => [],
      lastStreamHour,
      olderProject: async () => undefined,
      recordGap: async () => undefined,
      recordReads: async () => undefined,
      lastRead: async () => undefined,
    };
    const run = start({ url: wikimedia.streamUrl, deps: { gold } });
    await untilTrue(() => run.notices.length > 0);
    expect(run.notices[0]?.gaps).toMatchObject([
      { cause: 'log_lost', from: '2025-11-20T08:00:00.000Z', to: SINCE },
    ]);
  });

  test('keeps only the wikis of its input', async () => {
    const run = start({ url: wikimedia.streamUrl, input: { wikis: ['enwiki'] } });
    await untilTrue(() => (run.beats.at(-1)?.buffered ?? 0) > 0);
    run.stop();
    await run.ended;
    const wikis = (await visibleIn(store)).lines.map(line => (JSON.parse(line) as { wiki: string }).wiki);
    expect(new Set(wikis)).toEqual(new Set(['enwiki']));
  });
});
