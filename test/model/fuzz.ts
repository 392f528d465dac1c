/**
 * Bytes that no stream should send, generated from a seed: real or simulated events with some bytes changed, and values
 * known to break readers of JSON, UTF-8 and lines. `FUZZ_SEED` repeats a run; `FUZZ_RUNS` sets its length, which
 * `npm run test:long` raises.
 */
import type { Random } from '../../dev/simulator/random.ts';
import { CAPTURED_FILES, capturedLines } from '../support/captured.ts';
import { hostileLine } from '../support/hostile-events.ts';

export const FUZZ_SEED = Number(process.env['FUZZ_SEED'] ?? 20_251_120);
export const FUZZ_RUNS = Number(process.env['FUZZ_RUNS'] ?? 5_000);

/** Bytes with a meaning to some layer. */
const MARKS = [
  '\u0000',
  '\uFEFF',
  '\u2028',
  '\u0085',
  '\r\n',
  '\n',
  '\r',
  '\\',
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
];
const ESCAPES = ['\\ud800', '\\udc00', '\\u0000', '\\"', '\\x'];
const NUMBERS = ['1e999', '-1e999', '9'.repeat(400), '0.1e-400', '-0'];
const WORDS = ['null', 'true', '{"meta":', '"__proto__":', '"domain":"canary"'];
const DEPTHS = ['['.repeat(3_000), '{"a":'.repeat(3_000)];
const TOKENS = [MARKS, ESCAPES, NUMBERS, WORDS, DEPTHS].flat().map(text => Buffer.from(text));
const BROKEN: readonly Buffer[] = [
  [0xff],
  [0xc0, 0x80],
  [0xe2, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf0, 0x9f, 0x98],
  [0x80],
].map(bytes => Buffer.from(bytes));

const REAL: readonly Buffer[] = CAPTURED_FILES.flatMap(({ name }) => capturedLines(name)).map(line =>
  Buffer.from(line),
);

/** Data of one message: any bytes. */
export function fuzzedData(random: Random): Buffer {
  if (random.chance(0.05))
    return Buffer.from(Array.from({ length: random.below(80) }, () => random.below(256)));
  let bytes = random.chance(0.6) ? random.pick(REAL) : hostileLine(random.word());
  for (let changes = random.below(4); changes > 0; changes -= 1) bytes = damaged(bytes, random);
  return bytes;
}

function damaged(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  const to = Math.min(bytes.length, at + random.below(40));
  const [before, middle, after] = [bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(to)];
  switch (random.below(6)) {
    case 0:
      return before;
    case 1:
      return Buffer.concat([before, after]);
    case 2:
      return Buffer.concat([before, middle, middle, after]);
    case 3:
      return Buffer.concat([before, random.pick(BROKEN), middle, after]);
    case 4:
      return Buffer.concat([before, Buffer.from(middle.map(byte => byte ^ (1 << random.below(8)))), after]);
    default:
      return Buffer.concat([before, random.pick(TOKENS), middle, after]);
  }
}

const LINE_ENDS = ['\n', '\r\n', '\r'];

/** Bytes of a connection: messages with any line ends, other fields and comments between them, or no structure at all. */
export function fuzzedStream(random: Random): Buffer {
  const end = (): string => random.pick(LINE_ENDS);
  const piece = (): Buffer[] => {
    const line = (field: string, value: Buffer): Buffer[] => [Buffer.from(field), value, Buffer.from(end())];
    switch (random.below(6)) {
      case 0:
        return [random.pick([...TOKENS, ...BROKEN]), Buffer.from(end())];
      case 1:
        return line(
          random.pick(['id:', 'id: ', 'event: ', 'retry: ', ':', 'data']),
          fuzzedData(random).subarray(0, 60),
        );
      default:
        return [...line('data: ', fuzzedData(random)), Buffer.from(`${end()}${end()}`)];
    }
  };
  return Buffer.concat(Array.from({ length: 1 + random.below(8) }, piece).flat());
}
