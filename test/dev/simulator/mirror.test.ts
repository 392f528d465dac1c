/** The Action API and the dumps agree with the stream, and refuse requests like the real servers. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dumpRevisionOf } from '../../../dev/simulator/dump-facts.ts';
import { snapshotsAt } from '../../../dev/simulator/dumps.ts';
import { parseSimulateOptions } from '../../../dev/simulator/options.ts';
import { startWikimedia } from '../../../dev/simulator/server.ts';
import type { Wikimedia } from '../../../dev/simulator/server.ts';
import { bunzip2 } from '../../../src/source/history-dump/bunzip2.ts';
import { snapshotsIn } from '../../../src/source/history-dump/snapshots.ts';

const DAY = 86_400_000;
const userAgent = 'wikigauge-test/1.0 (https://example.org; test@example.org)';

interface Row {
  readonly type: string;
  readonly revid: number;
  readonly rcid: number;
  readonly timestamp: string;
  readonly bot: boolean | '';
  readonly oldlen: number;
  readonly newlen: number;
}
interface Answer {
  readonly continue?: Record<string, string>;
  readonly error?: { readonly code: string };
  readonly query?: { readonly recentchanges: Row[] };
}

describe('mirror', () => {
  let wikimedia: Wikimedia;
  const beginMs = Math.floor((Date.now() - 70 * DAY) / 3_600_000) * 3_600_000;
  beforeAll(async () => {
    wikimedia = await startWikimedia(
      parseSimulateOptions({ port: '0', rate: '0.1', seed: '3', from: new Date(beginMs).toISOString() }),
    );
  });
  afterAll(() => wikimedia.close());

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${wikimedia.url}${path}`, { headers: { 'user-agent': userAgent, ...headers } });
  const ask = async (question: Record<string, string>, host = 'en.wikipedia.org'): Promise<Answer> => {
    const query = new URLSearchParams({
      action: 'query',
      list: 'recentchanges',
      format: 'json',
      formatversion: '2',
      rcprop: 'ids|sizes|timestamp|flags',
      ...question,
    });
    return (await (await get(`/${host}/w/api.php?${query.toString()}`)).json()) as Answer;
  };
  const all = async (question: Record<string, string>): Promise<Row[]> => {
    const rows: Row[] = [];
    let next: Record<string, string> | undefined = {};
    while (next !== undefined) {
      const { query, continue: more }: Answer = await ask({ ...question, ...next });
      rows.push(...(query?.recentchanges ?? []));
      next = more;
    }
    return rows;
  };

  /** Edits of a wiki according to the oracle. */
  const counted = async (from: string, to: string, source: string, wiki = 'enwiki') => {
    const query = new URLSearchParams({ from, to, source, wikis: wiki, types: 'edit,new' });
    const rows = (await (await get(`/oracle?${query.toString()}`)).json()) as {
      is_bot: boolean;
      edits: number;
      bytes_change: number;
    }[];
    const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((all, row) => all + of(row), 0);
    return {
      edits: sum(row => row.edits),
      bots: sum(row => (row.is_bot ? row.edits : 0)),
      bytes: sum(row => row.bytes_change),
    };
  };

  describe('the Action API', () => {
    const from = new Date(Date.now() - 3 * DAY).toISOString().replace(/\.\d+/, '');
    const to = new Date(Date.now() - DAY).toISOString().replace(/\.\d+/, '');
    const newer = { rcdir: 'newer', rcstart: from, rcend: to };

    test('lists the changes of the stream, oldest or newest first, page by page', async () => {
      const rows = await all({ ...newer, rctype: 'edit|new', rclimit: '50' });
      const end = new Date(Date.parse(to) + 1000).toISOString();
      const { edits, bots, bytes } = await counted(from, end, 'stream');
      expect(rows).toHaveLength(edits);
      expect(rows.filter(({ bot }) => bot === true)).toHaveLength(bots);
      expect(rows.reduce((sum, row) => sum + row.newlen - row.oldlen, 0)).toBe(bytes);
      const order = rows.map(({ timestamp, rcid }) => `${timestamp} ${rcid}`);
      expect(order).toEqual([...order].sort());
      const older = await all({ rcstart: to, rcend: from, rctype: 'edit|new', rclimit: '37' });
      expect(older.toReversed()).toEqual(rows);
    });

    test('includes both bounds', async () => {
      const [first] = await all({ ...newer, rclimit: 'max' });
      const at = first?.timestamp ?? '';
      const found = await all({ rcdir: 'newer', rcstart: at, rcend: at });
      expect(found.map(({ rcid }) => rcid)).toContain(first?.rcid);
    });

    test('has rows of other types with the revision of another change', async () => {
      const rows = await all({ ...newer, rclimit: 'max' });
      const edits = new Set(rows.filter(({ type }) => type === 'edit').map(({ revid }) => revid));
      const foreign = rows.filter(({ type, revid }) => type === 'categorize' && edits.has(revid));
      expect(foreign.length).toBeGreaterThan(0);
    });

    test('silently omits changes older than the retention', async () => {
      const { query } = await ask({
        rcdir: 'newer',
        rcstart: new Date(beginMs).toISOString(),
        rclimit: 'max',
      });
      const first = Date.parse(query?.recentchanges[0]?.timestamp ?? '');
      expect(first).toBeGreaterThan(Date.now() - 30 * DAY - 60_000);
      expect(first).toBeLessThan(Date.now() - 29 * DAY);
    });

    test('flags are true or false; in formatversion 1, present or missing', async () => {
      const old = await ask({ ...newer, rctype: 'edit', rclimit: 'max', formatversion: '1' });
      expect(new Set(old.query?.recentchanges.map(({ bot }) => bot))).toEqual(new Set(['', undefined]));
    });

    test.each([
      [{ rccontinue: 'yesterday' }, 'badcontinue'],
      [{ rcprop: 'patrolled' }, 'permissiondenied'],
      [{ rctype: 'everything' }, 'badvalue'],
      [{ rcstart: 'then' }, 'badtimestamp'],
      [{ rclimit: '0' }, 'badinteger'],
      [{ action: 'dance' }, 'badvalue'],
    ])('%j fails with error %s', async (question, code) => {
      expect((await ask(question as unknown as Record<string, string>)).error?.code).toBe(code);
    });

    test('refuses unknown wikis, and clients without contact details', async () => {
      expect((await get('/xx.wikipedia.org/w/api.php?action=query&format=json')).status).toBe(404);
      expect((await get('/en.wikipedia.org/w/api.php', { 'user-agent': 'curl/8' })).status).toBe(403);
    });

    test.each([
      ['maxlag', 'maxlag'],
      ['apiratelimit', 'ratelimited'],
      ['readonly', 'readonly'],
    ] as const)('during %s, it responds with error %s', async (fault, code) => {
      wikimedia.faults.use({ [fault]: { everyMs: 10_000_000, lastsMs: 300 } });
      wikimedia.faults.strikeNow(fault);
      expect((await ask(newer)).error?.code).toBe(code);
      wikimedia.faults.use({});
    });

    test('counts requests', async () => {
      wikimedia.mirror?.forget();
      await Promise.all([ask(newer), ask({ ...newer, rcprop: 'patrolled' })]);
      const { answered, mostAtOnce, perMinute } = wikimedia.mirror?.counts.api ?? {};
      expect([answered, Object.values(perMinute ?? {}).reduce((a, b) => a + b, 0)]).toEqual([2, 2]);
      expect(mostAtOnce).toBeGreaterThan(0);
    });
  });

  describe('the dumps', () => {
    const read = async (path: string): Promise<string[]> => {
      const { body } = await get(path);
      if (body === null) throw new Error('nothing came');
      const chunks: Uint8Array[] = [];
      for await (const chunk of bunzip2(body)) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks).toString('utf8').split('\n').slice(0, -1);
    };

    test('a snapshot is released days after the end of its month, and two are kept', () => {
      const delayMs = 6 * DAY;
      expect(snapshotsAt(Date.parse('2026-11-06T23:59:59Z'), { delayMs })).toEqual(['2026-08', '2026-09']);
      expect(snapshotsAt(Date.parse('2026-11-07T00:00:00Z'), { delayMs })).toEqual(['2026-09', '2026-10']);
    });

    test('a month of a large wiki matches the oracle for dumps', async () => {
      const snapshot = snapshotsIn(await (await get('/dumps/')).text()).at(-1) ?? '';
      const lines = await read(`/dumps/${snapshot}/enwiki/${snapshot}.enwiki.${snapshot}.tsv.bz2`);
      const rows = lines.map(line => line.split('\t'));
      expect(new Set(rows.map(row => row.length))).toEqual(new Set([78]));
      const revisions = rows.filter(row => row[2] === 'revision' && row[3] === 'create');
      expect(revisions.length).toBeLessThan(rows.length);
      const [from, to] = [0, 1].map(on => {
        const month = new Date(`${snapshot}-01T00:00:00Z`);
        month.setUTCMonth(month.getUTCMonth() + on);
        return month.toISOString();
      }) as [string, string];
      const truth = await counted(from, to, 'dump');
      expect(revisions).toHaveLength(truth.edits);
      expect(revisions.filter(row => row[14] !== '')).toHaveLength(truth.bots);
      expect(revisions.reduce((sum, row) => sum + Number(row[66]), 0)).toBe(truth.bytes);
      // Unlike the stream: dumps have revisions left by moves, and recognize bots by account.
      const counts = await counted(from, to, 'stream');
      expect(truth.edits).toBeGreaterThan(counts.edits);
      expect(truth.bots).toBeGreaterThan(counts.bots);
    }, 180_000);

    test('a range request returns the rest of the same bytes', async () => {
      const [snapshot = ''] = snapshotsIn(await (await get('/dumps/')).text()).slice(-1);
      const path = `/dumps/${snapshot}/lvwiki/${snapshot}.lvwiki.all-time.tsv.bz2`;
      const whole = await get(path);
      const bytes = Buffer.from(await whole.arrayBuffer());
      const rest = await get(path, { range: 'bytes=1000-', 'if-range': whole.headers.get('etag') ?? '' });
      expect(rest.status).toBe(206);
      expect(Buffer.from(await rest.arrayBuffer()).equals(bytes.subarray(1000))).toBe(true);
      expect((await get(path, { range: 'bytes=1000-', 'if-range': '"other"' })).status).toBe(200);
    });

    test('unknown wikis have no dumps', async () => {
      const [snapshot = ''] = snapshotsIn(await (await get('/dumps/')).text());
      expect((await get(`/dumps/${snapshot}/xxwiki/`)).status).toBe(404);
      expect((await get('/dumps/1999-01/enwiki/')).status).toBe(404);
    });
  });

  test('dumps recognize bots by account, other sources by the flag of the change', () => {
    const { universe } = wikimedia;
    const second = Math.floor(Date.now() / 1000) - 86_400;
    const changes = Array.from({ length: 40_000 }, (_, i) => universe?.changesIn(second + i) ?? []).flat();
    const edits = changes.filter(({ deed }) => deed.type === 'edit');
    const byAccount = edits.filter(change => (dumpRevisionOf(change)?.botBy.length ?? 0) > 0);
    expect(byAccount.length).toBeGreaterThan(edits.filter(({ deed }) => deed.bot).length);
  });
});
