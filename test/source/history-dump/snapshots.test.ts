/** Listings of dumps, and the files that a range needs. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  coversToMs,
  fileUrl,
  filesCovering,
  filesIn,
  listFiles,
  listSnapshots,
  snapshotsIn,
} from '../../../src/source/history-dump/snapshots.ts';
import type { ConnectionRequest } from '../../../src/source/history-dump/connection.ts';
import { DumpServer } from './dump-server.ts';

const SNAPSHOTS = `<html><h1>Index of /other/mediawiki_history/</h1><pre><a href="../">../</a>
<a href="2026-08/">2026-08/</a>                  05-Sep-2026 04:11       -
<a href="2026-07/">2026-07/</a>                  05-Aug-2026 04:11       -
<a href="2026-13/">2026-13/</a> <a href="readme.html">readme.html</a></pre></html>`;

function listing(names: readonly string[]): string {
  const lines = names.map(
    (name, index) => `<a href="${name}">${name}</a>   05-Sep-2026 04:11   ${index + 1}000\n`,
  );
  return `<pre><a href="../">../</a>\n${lines.join('')}</pre>`;
}

const MONTHS = ['2026-09', '2026-07', '2026-08'].map(month => `2026-08.enwiki.${month}.tsv.bz2`);

test('snapshots come oldest first', () => {
  expect(snapshotsIn(SNAPSHOTS)).toEqual(['2026-07', '2026-08']);
  expect(snapshotsIn('<a href="/other/mediawiki_history/2026-10/">')).toEqual(['2026-10']);
  expect(snapshotsIn('')).toEqual([]);
});

describe('files', () => {
  test('come oldest first, with their sizes', () => {
    expect(filesIn(listing(MONTHS), '2026-08', 'enwiki')).toEqual(
      [
        ['2026-07', 2000],
        ['2026-08', 3000],
        ['2026-09', 1000],
      ].map(([period, bytes]) => ({
        name: `2026-08.enwiki.${period}.tsv.bz2`,
        snapshot: '2026-08',
        wiki: 'enwiki',
        period,
        bytes,
      })),
    );
  });

  test('can be of years and of all time', () => {
    const names = ['2026-08.dewiki.2025.tsv.bz2', '2026-08.dewiki.all-time.tsv.bz2'];
    expect(filesIn(listing(names), '2026-08', 'dewiki').map(({ period }) => period)).toEqual([
      '2025',
      'all-time',
    ]);
  });

  test('exclude those of another snapshot, wiki or format', () => {
    const names = [
      '2026-07.enwiki.2026-07.tsv.bz2',
      '2026-08.dewiki.2025.tsv.bz2',
      '2026-08.enwiki.2026-07.tsv.gz',
    ];
    expect(filesIn(listing(names), '2026-08', 'enwiki')).toEqual([]);
    expect(filesIn(listing(['2026-08.enwikinews.2025.tsv.bz2']), '2026-08', 'enwiki')).toEqual([]);
  });

  test('have no size when it is abbreviated or missing', () => {
    const [name = ''] = MONTHS;
    for (const rest of [`>${name}</a> 05-Sep-2026 04:11 515M\n`, '>', `>${name}</a>`]) {
      expect(filesIn(`<a href="${name}"${rest}`, '2026-08', 'enwiki')[0]).not.toHaveProperty('bytes');
    }
  });
});

/** With a search that is quadratic, each of these would take many minutes. */
test.each([
  ['links that never end', '<a href="2026-08.enwiki.2020.tsv.bz2">', 1],
  ['links without a text', 'href="2026-08.enwiki.2020.tsv.bz2">x ', 1],
  ['paths', 'href="a/b/c/', 0],
  ['blanks', `href="2026-08.enwiki.2020.tsv.bz2">a</a>${' '.repeat(400)}`, 1],
])('a long listing of %s is searched in one pass', (_, piece, files) => {
  const html = piece.repeat(Math.ceil(2_000_000 / piece.length));
  expect(filesIn(html, '2026-08', 'enwiki')).toHaveLength(files);
  expect(snapshotsIn(html)).toEqual([]);
});

describe('covering a range', () => {
  const all = filesIn(listing(MONTHS), '2026-08', 'enwiki');
  const periods = (fromMs: number, toMs: number, files = all): string[] =>
    filesCovering(files, '2026-08', fromMs, toMs).map(({ period }) => period);

  test('a snapshot goes to the end of its month', () => {
    expect(coversToMs('2026-08')).toBe(Date.UTC(2026, 8, 1));
    expect(coversToMs('2026-12')).toBe(Date.UTC(2027, 0, 1));
  });

  test('takes months that the range touches, never the incomplete one', () => {
    expect(periods(Date.UTC(2026, 6, 31, 23), Date.UTC(2026, 7, 1))).toEqual(['2026-07']);
    expect(periods(Date.UTC(2026, 6, 31, 23), Date.UTC(2026, 7, 1) + 1)).toEqual(['2026-07', '2026-08']);
    expect(periods(Date.UTC(2026, 7, 31), Date.UTC(2026, 9, 1))).toEqual(['2026-08']);
    expect(periods(Date.UTC(2026, 8, 1), Date.UTC(2026, 9, 1))).toEqual([]);
    expect(periods(Date.UTC(2026, 7, 2), Date.UTC(2026, 7, 2))).toEqual([]);
  });

  test('takes years and all time', () => {
    const names = ['2025', '2026', 'all-time'].map(period => `2026-08.xwiki.${period}.tsv.bz2`);
    const files = filesIn(listing(names), '2026-08', 'xwiki');
    expect(periods(Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 2), files)).toEqual(['2026', 'all-time']);
    expect(periods(Date.UTC(2026, 8, 1), Date.UTC(2026, 8, 2), files)).toEqual([]);
  });

  test('never mixes two snapshots', () => {
    const older = filesIn(listing(['2026-07.enwiki.2026-07.tsv.bz2']), '2026-07', 'enwiki');
    expect(periods(0, Infinity, [...older, ...all])).toEqual(['2026-07', '2026-08']);
  });
});

describe('over HTTP', () => {
  let server: DumpServer;
  let request: ConnectionRequest;
  beforeEach(async () => {
    server = await DumpServer.start();
    request = {
      url: server.url('/history'),
      userAgent: 'test/1.0 (a@b.org)',
      signal: new AbortController().signal,
    };
  });
  afterEach(() => server.close());

  test('lists snapshots and files, and sends our user agent', async () => {
    server.files.set('/history/', Buffer.from(SNAPSHOTS));
    server.files.set('/history/2026-08/enwiki/', Buffer.from(listing(MONTHS)));
    expect(await listSnapshots(request)).toEqual(['2026-07', '2026-08']);
    const [first] = await listFiles(request, '2026-08', 'enwiki');
    expect(first && fileUrl(request.url, first)).toBe(
      server.url('/history/2026-08/enwiki/2026-08.enwiki.2026-07.tsv.bz2'),
    );
    expect(server.requests[0]?.headers['user-agent']).toBe('test/1.0 (a@b.org)');
  });

  test('fails for a wiki that does not exist', async () => {
    await expect(listFiles(request, '2026-08', 'nowiki')).rejects.toMatchObject({
      code: 'dump_missing',
      retryable: false,
    });
    await expect(listFiles(request, '2026-08', '../x')).rejects.toThrow(RangeError);
  });

  test.each([
    [403, { code: 'source_refused', retryable: true, hint: expect.stringContaining('USER_AGENT') }],
    [400, { code: 'source_refused', retryable: false, hint: expect.stringContaining('DUMPS_URL') }],
    [429, { code: 'source_unreachable', retryable: true, afterMs: 7000 }],
    [503, { code: 'source_unreachable', retryable: true, afterMs: 7000 }],
  ])('fails for status %i', async (status, expected) => {
    server.script.push({ status, headers: { 'retry-after': '7' } });
    await expect(listSnapshots(request)).rejects.toMatchObject(expected);
  });

  test('fails for a server that does not answer', async () => {
    await server.close();
    await expect(listSnapshots(request)).rejects.toMatchObject({
      code: 'source_unreachable',
      retryable: true,
    });
    server = await DumpServer.start();
  });
});
