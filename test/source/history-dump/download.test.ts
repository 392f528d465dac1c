/** ① A download over connections that break: the bytes of one version of the file, each once, or a clear failure. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { download } from '../../../src/source/history-dump/download.ts';
import type { DownloadRequest } from '../../../src/source/history-dump/download.ts';
import { DumpServer } from './dump-server.ts';

const FILE = randomBytes(300_000);
let server: DumpServer;
const abort = { now: new AbortController() };
beforeEach(async () => {
  abort.now = new AbortController();
  server = await DumpServer.start();
  server.files.set('/file', FILE);
});
afterEach(() => server.close());

async function load(changes: Partial<DownloadRequest> = {}): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of open(changes)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function open(changes: Partial<DownloadRequest> = {}): AsyncGenerator<Uint8Array> {
  const url = server.url('/file');
  return download({ url, userAgent: 'test/1.0 (a@b.org)', signal: abort.now.signal, ...changes });
}

test('yields a whole file and reports size and label once', async () => {
  const opened: unknown[] = [];
  server.headers = { 'x-wikigauge-simulated': 'true' };
  expect((await load({ onOpen: info => opened.push(info) })).equals(FILE)).toBe(true);
  expect(opened).toEqual([{ simulated: true, bytes: FILE.length }]);
  expect(server.requests[0]?.headers).toMatchObject({
    'user-agent': 'test/1.0 (a@b.org)',
    'accept-encoding': 'identity',
  });
});

test('resumes after cuts from the same byte of the same version', async () => {
  const opened: unknown[] = [];
  server.script.push({ cutAfter: 100_000 }, { cutAfter: 50_000 }, { cutAfter: 0 });
  expect((await load({ onOpen: info => opened.push(info) })).equals(FILE)).toBe(true);
  expect(server.requests.map(({ headers }) => [headers.range, headers['if-range']])).toEqual([
    [undefined, undefined],
    ['bytes=100000-', '"v1"'],
    ['bytes=150000-', '"v1"'],
    ['bytes=150000-', '"v1"'],
  ]);
  expect(opened).toEqual([{ simulated: false, bytes: FILE.length }]);
});

test('reports size and label once after a cut before the first byte, too', async () => {
  const opened: unknown[] = [];
  server.script.push({ cutAfter: 0 });
  expect((await load({ onOpen: info => opened.push(info) })).equals(FILE)).toBe(true);
  expect(opened).toEqual([{ simulated: false, bytes: FILE.length }]);
});

test('resumes after a cut when the size is unknown', async () => {
  server.announces = false;
  server.script.push({ cutAfter: 100_000 });
  expect((await load()).equals(FILE)).toBe(true);
});

test('fails, retryably, when the file has changed in the meantime', async () => {
  server.script.push({ cutAfter: 100_000 });
  const changed = load({ onTrouble: () => (server.etag = '"v2"') });
  await expect(changed).rejects.toMatchObject({ code: 'source_unreachable', retryable: true });
  await expect(changed).rejects.toThrow(/changed while it was read/);
});

test('fails when the file has become shorter', async () => {
  server.script.push({ cutAfter: 100_000 }, { status: 416 });
  await expect(load()).rejects.toThrow(/changed while it was read/);
});

test('does not resume a file without a version', async () => {
  server.etag = 'W/"weak"';
  server.script.push({ cutAfter: 100_000 });
  await expect(load()).rejects.toThrow(/no version/);
});

test('resumes by the time of the last change when there is no strong ETag', async () => {
  server.etag = 'Sat, 05 Sep 2026 04:11:00 GMT';
  server.headers = { etag: 'W/"weak"', 'last-modified': server.etag };
  server.script.push({ cutAfter: 100_000 });
  expect((await load()).equals(FILE)).toBe(true);
});

test('treats silence as a cut', async () => {
  const troubles: string[] = [];
  server.script.push({ cutAfter: 100_000, silent: true });
  const file = await load({ stallMs: 200, onTrouble: ({ message }) => troubles.push(message) });
  expect(file.equals(FILE)).toBe(true);
  expect(troubles).toEqual([expect.stringMatching(/silent for 0.2 s/)]);
});

test('waits as long as the server asks', async () => {
  const pauses: number[] = [];
  server.script.push({ status: 429, headers: { 'retry-after': '2' } }, { status: 503 });
  expect((await load({ onTrouble: (_, pauseMs) => pauses.push(pauseMs) })).equals(FILE)).toBe(true);
  expect(pauses[0]).toBe(2000);
  expect(pauses[1]).toBeLessThan(2000);
});

test('gives up at once when a pause would last longer than allowed', async () => {
  server.script.push({ status: 429, headers: { 'retry-after': '30' } });
  await expect(load({ giveUpMs: 1000 })).rejects.toMatchObject({
    code: 'source_unreachable',
    retryable: true,
  });
  expect(server.requests).toHaveLength(1);
});

test('asks again when an edge refuses it for a while', async () => {
  const pauses: number[] = [];
  server.script.push({ status: 403 });
  expect((await load({ onTrouble: (_, pauseMs) => pauses.push(pauseMs) })).equals(FILE)).toBe(true);
  expect(pauses[0]).toBeGreaterThanOrEqual(2_500);
});

test('does not retry for a missing file or a wrong request', async () => {
  await expect(load({ url: server.url('/other') })).rejects.toMatchObject({ code: 'dump_missing' });
  server.script.push({ status: 400 });
  await expect(load()).rejects.toMatchObject({ code: 'source_refused', retryable: false });
  expect(server.requests).toHaveLength(2);
});

test('an abort ends it with its reason: while reading, during a pause, before the start', async () => {
  const reason = new Error('enough');
  const reading = open();
  const { value: first } = (await reading.next()) as { value: Uint8Array };
  abort.now.abort(reason);
  const chunks = [first];
  await expect(
    (async () => {
      for await (const chunk of reading) chunks.push(chunk);
    })(),
  ).rejects.toBe(reason);
  const read = Buffer.concat(chunks);
  expect(read.equals(FILE.subarray(0, read.length))).toBe(true);
  await expect(load()).rejects.toBe(reason);

  abort.now = new AbortController();
  server.script.push({ status: 429, headers: { 'retry-after': '60' } });
  await expect(load({ onTrouble: () => setTimeout(() => abort.now.abort(reason), 20) })).rejects.toBe(reason);
});

test('reads no further than the reader asks', async () => {
  server.files.set('/file', Buffer.alloc(64 << 20));
  const reading = open();
  await reading.next();
  const seen = await settled();
  expect(seen).toBeLessThan(32 << 20);
  await reading.return(undefined);
});

/** Bytes that the server has sent once it cannot send more: what buffers and sockets hold. */
async function settled(): Promise<number> {
  for (let before = -1; ;) {
    if (before === server.written) return before;
    before = server.written;
    await new Promise(resolve => setTimeout(resolve, 200));
  }
}
