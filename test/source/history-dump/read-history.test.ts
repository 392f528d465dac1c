/** ① A dump file on a server becomes lines and counts. */
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readHistory } from '../../../src/source/history-dump/read-history.ts';
import type { HistoryLine, HistoryReading } from '../../../src/source/history-dump/read-history.ts';
import { rowsOf } from '../../../src/source/history-dump/rows.ts';
import { DumpServer } from './dump-server.ts';
import { row } from './fixtures.ts';

let server: DumpServer;
beforeEach(async () => {
  server = await DumpServer.start();
});
afterEach(() => server.close());

const hasBzip2 = ((): boolean => {
  try {
    execFileSync('bzip2', ['--help'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

function serve(rows: readonly Buffer[]): number {
  const text = Buffer.concat(rows.flatMap(each => [each, Buffer.from('\n')]));
  const file = execFileSync('bzip2', ['-c', '-1'], { input: text, maxBuffer: 1 << 28 });
  server.files.set('/file', file);
  return file.length;
}

function read(): HistoryReading {
  return readHistory({
    url: server.url('/file'),
    userAgent: 'test/1.0 (a@b.org)',
    fromMs: Date.UTC(2026, 8, 30),
    toMs: Date.UTC(2026, 9, 1),
    signal: new AbortController().signal,
  });
}

async function collect(reading: AsyncIterable<HistoryLine>): Promise<HistoryLine[]> {
  const lines: HistoryLine[] = [];
  for await (const line of reading) lines.push(line);
  return lines;
}

test.skipIf(!hasBzip2)('yields lines in the order of the file, and counts rows', async () => {
  const bytes = serve([
    row(78, { entity: 'page' }),
    row(78, { revision: '7', comment: String.raw`two\nlines` }),
    row(78, { time: '2026-10-01 00:00:00.0' }),
    row(78, { time: '2026-09-30 00:00:00.0', revision: '5', parent: '0' }),
    row(78, { revision: '' }),
    row(78, { revision: '' }),
    row(78, { time: '' }),
  ]);
  const reading = read();
  const lines = await collect(reading);
  expect(lines.map(({ hour, type }) => [hour, type])).toEqual([
    ['2026-09-30T10', 'edit'],
    ['2026-09-30T00', 'new'],
  ]);
  expect(lines.map(({ line }) => JSON.parse(line.toString()).revision.new)).toEqual([7, 5]);
  expect(lines.every(({ line }) => !line.includes('\n'))).toBe(true);
  expect(reading.counts).toEqual({
    rows: 7,
    kept: 2,
    unusable: { bad_revision: 2, bad_timestamp: 1 },
    compressedBytes: bytes,
  });
});

test.skipIf(!hasBzip2)('yields each edit of many blocks once over a connection that breaks', async () => {
  const rows = Array.from({ length: 5_000 }, (_, index) => row(76, { revision: `${index + 1}` }));
  const bytes = serve(rows);
  server.script.push({ cutAfter: bytes >> 1 });
  const lines = await collect(read());
  expect(server.requests).toHaveLength(2);
  expect(lines.map(({ line }) => JSON.parse(line.toString()).revision.new)).toEqual(
    rows.map((_, index) => index + 1),
  );
});

test.skipIf(!hasBzip2)('refuses an unknown layout before the first line', async () => {
  serve([row(71), row(78)]);
  await expect(collect(read())).rejects.toMatchObject({
    code: 'dump_unreadable',
    message: `${server.url('/file')}: its rows have 71 columns; supported are 70, 76, 78`,
  });
});

test('refuses a web page instead of a dump', async () => {
  server.files.set('/file', Buffer.from('<html>Log in</html>'));
  await expect(collect(read())).rejects.toMatchObject({ code: 'dump_unreadable', retryable: false });
});

test('splits chunks of any size into rows', async () => {
  const text = Buffer.from('one\n\nthree\nfour is longer\nno newline at the end');
  for (let size = 1; size <= text.length; size++) {
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < text.length; at += size) yield text.subarray(at, at + size);
    }
    const rows: string[] = [];
    for await (const batch of rowsOf(chunks(), 'test')) for (const each of batch) rows.push(each.toString());
    expect(rows).toEqual(text.toString().split('\n'));
  }
});

test('refuses a row without end', async () => {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (;;) yield Buffer.alloc(1 << 20, 'x');
  }
  await expect(
    (async () => {
      for await (const batch of rowsOf(chunks(), 'test')) expect(batch).toBeUndefined();
    })(),
  ).rejects.toMatchObject({ code: 'dump_unreadable' });
});
