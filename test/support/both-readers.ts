/** Compares the fast reader of lines with the judge, field by field: it must say the same, or leave the line to it. */
import { isDeepStrictEqual } from 'node:util';
import { JsonBytes, SLACK } from '../../src/core/json-bytes.ts';
import type { LineReader } from '../../src/core/line-reader.ts';
import type { StreamDefinition } from '../../src/contracts/stream-definition.ts';

/** `read`: the fast reader was sure. `left`: it left the line to the judge. */
export type Comparison = 'read' | 'left';

const NOW_MS = Number.POSITIVE_INFINITY;

/**
 * Compares them on one line.
 * @param behind bytes that follow the line end in memory, which must not matter
 * @throws Error with the line where they differ
 */
export function compareReaders(
  line: Buffer,
  reader: LineReader,
  { judge }: Pick<StreamDefinition, 'judge'>,
  { needsId = true, behind = 0 } = {},
): Comparison {
  const json = new JsonBytes(Buffer.concat([line, Buffer.of(10), Buffer.alloc(SLACK, behind)]));
  const event = reader.read(json, 0, needsId);
  if (event === undefined) return 'left';
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(line);
  const reading = judge(text, needsId ? { nowMs: NOW_MS } : { nowMs: NOW_MS, needsId });
  const { wiki, timestamp, sentAtMs, origin, edit } = reading as Partial<typeof event>;
  const isSame =
    reading.kind === 'event' &&
    json.end === line.length &&
    isDeepStrictEqual(event, { wiki, timestamp, sentAtMs, origin, edit });
  if (isSame) return 'read';
  const both = JSON.stringify({ event, end: json.end, length: line.length, reading });
  throw new Error(`the readers differ on ${JSON.stringify(line.toString('latin1'))}: ${both}`);
}
