/** Other bzip2 implementations can read the output. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bzip2 } from '../../../dev/simulator/bzip2.ts';
import { bunzip2 } from '../../../src/source/history-dump/bunzip2.ts';

async function unpacked(...streams: readonly Uint8Array[]): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  async function* file() {
    yield* streams;
  }
  for await (const chunk of bunzip2(file(), 'test')) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Incompressible bytes. */
const noise = Buffer.concat(
  Array.from({ length: 8_000 }, (_, i) => createHash('sha256').update(String(i)).digest()),
);
const rows = Buffer.from(
  Array.from(
    { length: 9_000 },
    (_, i) => `enwiki\trevision\tcreate\t2026-10-0${i % 9} 10:00:0${i % 7}.0\t\t${i}\n`,
  ).join(''),
);
const cases: readonly (readonly [string, Buffer])[] = [
  ['nothing', Buffer.alloc(0)],
  ['one byte', Buffer.from('a')],
  ['a run of four', Buffer.from('aaaa')],
  ['a run of 255 and one more', Buffer.alloc(256, 65)],
  ['a run longer than a block', Buffer.alloc(30_000_000, 65)],
  ['the same again and again', Buffer.from('banana\n'.repeat(40_000))],
  ['noise', noise],
  ['rows', rows],
];

describe('bzip2', () => {
  test.each(cases)('%s', async (_, data) => {
    expect((await unpacked(bzip2(data))).equals(data)).toBe(true);
  });

  test('concatenated streams form one file', async () => {
    expect(
      (await unpacked(bzip2(rows), bzip2(Buffer.from('end')))).equals(
        Buffer.concat([rows, Buffer.from('end')]),
      ),
    ).toBe(true);
  });

  test('compresses any bytes', async () => {
    const few = fc.uint8Array({ maxLength: 400, max: 3 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(few, fc.uint8Array({ maxLength: 400 })), async data => {
        expect([...(await unpacked(bzip2(data)))]).toEqual([...data]);
      }),
    );
  });

  test.runIf(hasCommand())('the system command can read the output', () => {
    for (const [, data] of cases)
      expect(execFileSync('bzip2', ['-dc'], { input: bzip2(data), maxBuffer: 1 << 26 }).equals(data)).toBe(
        true,
      );
  });
});

function hasCommand(): boolean {
  try {
    execFileSync('bzip2', ['--help'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
