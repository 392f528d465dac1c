/** ① Any bytes of a connection, in any pieces, give messages and an end, the same as in one piece. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '../../dev/simulator/random.ts';
import { readEventStream } from '../../src/source/stream/event-stream.ts';
import { WaywardServer } from '../source/stream/wayward-server.ts';
import { cutAt } from '../support/hostile-events.ts';
import { FUZZ_RUNS, FUZZ_SEED, fuzzedStream } from './fuzz.ts';

let server: WaywardServer;
beforeAll(async () => {
  server = await WaywardServer.start();
});
afterAll(() => server.close());

/** The messages that the product reads from these pieces. */
async function read(pieces: readonly Uint8Array[]): Promise<string[]> {
  server.pieces = pieces;
  const { signal } = new AbortController();
  const got: string[] = [];
  const request = { url: server.url('/bytes'), userAgent: 'test/1.0', resume: {}, signal, stallMs: 10_000 };
  for await (const { data, id } of readEventStream(request)) got.push(`${id}\n${data.toString('latin1')}`);
  return got;
}

/** Parses the whole text as the HTML standard says, except that an id belongs to its own message only. */
function parseWhole(bytes: Buffer): string[] {
  const text = bytes.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '');
  // Text after the last line end is not a line.
  const lines = text.split(/\r\n|\r|\n/).slice(0, -1);
  const messages: string[] = [];
  let data: string[] = [];
  let id = '';
  let type = '';
  for (const line of lines) {
    const [, field = '', value = ''] = /^([^:]*)(?:: ?([^]*))?$/.exec(line) ?? [];
    if (line === '') {
      if (data.length > 0 && (type === '' || type === 'message')) messages.push(`${id}\n${data.join('\n')}`);
      data = [];
      type = '';
      id = '';
    } else if (field === 'data') data.push(value);
    else if (field === 'event') type = value;
    else if (field === 'id' && !value.includes('\0')) id = value;
  }
  return messages;
}

test('any bytes give messages and an end, wherever they are cut', { timeout: 600_000 }, async () => {
  console.log(`FUZZ_SEED=${FUZZ_SEED} FUZZ_RUNS=${FUZZ_RUNS}`);
  const random = new Random(FUZZ_SEED);
  let messages = 0;
  for (let run = 0; run < FUZZ_RUNS / 50; run += 1) {
    // A CR at the very end could be the first half of a CRLF.
    const bytes = Buffer.concat([fuzzedStream(random), Buffer.from('\n:the end\n')]);
    const cuts = Array.from({ length: random.below(20) }, () => random.word());
    const expected = parseWhole(bytes);
    // The number identifies a failed run.
    expect({ run, got: await read(cutAt(bytes, cuts)) }).toEqual({ run, got: expected });
    expect({ run, got: await read([bytes]) }).toEqual({ run, got: expected });
    messages += expected.length;
  }
  expect(messages).toBeGreaterThan(FUZZ_RUNS / 50);
});
