/**
 * Lines that are almost events, generated from a seed: captured and hostile events of which a token or a few bytes were
 * changed, so that most of them are still read by the fast reader, or only just not.
 */
import type { Random } from '../../dev/simulator/random.ts';
import { CAPTURED_FILES, capturedLines } from '../support/captured.ts';
import { hostileLine } from '../support/hostile-events.ts';
import { fuzzedData } from './fuzz.ts';

const CAPTURED = CAPTURED_FILES.flatMap(({ name }) => capturedLines(name));
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]/g;

/** Values, one a line: numbers, then words and strings, objects, and times. */
const VALUES = String.raw`
0|-0|00|1|-1|1.0|1e3|1E+3|1.|.5|-|+1|1e|007|2147483647|2147483648|4294967296|999999999999999|9007199254740991
9007199254740992|9007199254740993|1e400|979516800|979516799|253402300799|253402300800|1724299409|1724299409.0
null|true|false|nul|nulll|True|NaN|""|"x"|[]|{}|[1]|{"a":1}
"edit"|"new"|"log"|"edi"|"edits"|"enwiki"|"en-wiki"|"canary"|"canarx"
"\u0065dit"|"\x"|"\u12"|"\ud83d"|"\\"|"\"
{"old":1,"new":2}|{"new":2}|{"new":2,"new":3}|{"old":null,"new":5}|{"new":null}
{"new":{"new":3}}|{"old":1,"new":2,"x":3}|{"old":1.5,"new":2}|{"n\u0065w":2}|{"old":-1,"new":2}
[1}|{"a":1]|[{"a":[1}]]|{"a":[1]|[1,]|{"a":1,}|[,1]|{"a"1}|{1:2}|[1 ]|[[[[[1]]]]]|[{"a":[{}]},[]]
"2024-08-22T04:03:29Z"|"2024-08-22T04:03:29.5Z"|"2024-08-22T04:03:29.123Z"|"2024-08-22"|"2024-02-30T04:03:29Z"
"2024-08-22T24:00:00Z"|"2024-08-22T24:00:01Z"|"2024-08-22T04:60:00Z"|"2024-08-22T04:03:60Z"|"2024-08-22 04:03:29Z"
"2024-08-22T04:03:29+0"|"2024-13-22T04:03:29Z"|"0000-01-01T00:00:00Z"|"9999-12-31T23:59:59.999Z"|"2024-08-22T04:03:2９Z"
`
  .trim()
  .split(/[|\n]/);
const NAMES = String.raw`
type wiki timestamp bot length revision meta id dt domain topic partition offset new old
typf timestamq lengti xength __proto__ ty\u0070e
`.split(/\s/);
const GAPS = [' ', '\t', '\r', '\u00a0', '\uFEFF', '\u2028', '\u0000', ','];
const NESTED =
  '{"type":"log","wiki":"dewiki","timestamp":1,"bot":true,"length":{"new":9},"meta":{"domain":"canary"}}';

/** One line, without a line end. */
export function mutatedLine(random: Random): Buffer {
  const kind = random.below(20);
  if (kind === 0) return withoutLineEnd(fuzzedData(random));
  if (kind < 4) return hostileLine(random.word());
  let line = random.pick(CAPTURED);
  for (let changes = random.below(4); changes > 0; changes -= 1) line = changed(line, random);
  const bytes = Buffer.from(line);
  if (kind < 16) return withoutLineEnd(bytes);
  return withoutLineEnd(damaged(bytes, random));
}

/** Changes one token, or what stands between two. */
function changed(line: string, random: Random): string {
  const tokens = [...line.matchAll(TOKEN)].map(({ 0: text, index }) => ({ text, index }));
  const { text, index } = random.pick(tokens.length === 0 ? [{ text: '', index: 0 }] : tokens);
  const [before, after] = [line.slice(0, index), line.slice(index + text.length)];
  const field = (): string => `"${random.pick(NAMES)}":${random.pick(VALUES)}`;
  switch (random.below(9)) {
    case 0:
      return `${before}${random.pick(VALUES)}${after}`;
    case 1:
      return `${before}"${random.pick(NAMES)}"${after}`;
    case 2:
      return `${before}${after}`;
    case 3:
      return `${before}${text}${random.pick(GAPS)}${after}`;
    case 4:
      return line.replace('{', `{${field()},`);
    case 5:
      return line.replace(/\}$/, `,${field()}}`);
    case 6:
      return line.replace('{', `{"log_params":${random.pick([NESTED, `[${NESTED}]`, `{"a":[${NESTED}]}`])},`);
    case 7:
      return line.replace('"meta":{', `"meta":{${field()},`);
    default: {
      const name = random.pick(NAMES);
      return line.replace(new RegExp(`"${name}":("[^"]*"|[^,}{]*)`), `"${name}":${random.pick(VALUES)}`);
    }
  }
}

/** Changes bytes. */
function damaged(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (random.below(4)) {
    case 0:
      return Buffer.concat([before, Buffer.of(random.below(256)), after]);
    case 1:
      return Buffer.concat([before, Buffer.of(random.below(256)), after.subarray(1)]);
    case 2:
      return Buffer.concat([before, after.subarray(1 + random.below(3))]);
    default:
      return before;
  }
}

function withoutLineEnd(bytes: Buffer): Buffer {
  return bytes.includes(10) ? Buffer.from(bytes.map(byte => (byte === 10 ? 32 : byte))) : bytes;
}
