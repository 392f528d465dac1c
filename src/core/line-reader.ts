/** ⑤ Reads the lines of a part: by their bytes where a fast reader is sure of a line, by the judge everywhere else. */
import type { JsonBytes } from './json-bytes.ts';
import { blocksOf } from './line-blocks.ts';
import type { Chunks } from './lines.ts';
import type { Judge, UsableEvent } from './reading.ts';

const NEWLINE = 10;

/** An event on its way into the counts. */
export type CountedEvent = Omit<UsableEvent, 'kind' | 'id'>;

/** Reads events of a stream from bytes. What it keeps are texts that come again, so all parts can share one. */
export interface LineReader {
  /**
   * The event of the line that begins at `from`, exactly as the judge reads it with `nowMs: Infinity`; `json.end` is
   * then the end of the line. Undefined for everything that is not an ordinary event: the judge decides.
   */
  read(json: JsonBytes, from: number, needsId: boolean): CountedEvent | undefined;
}

/** How the events of a stream are read. */
export interface EventRules {
  readonly judge: Judge;
  /** A faster way to the same events; without it every line is judged. */
  readonly lineReader?: LineReader;
}

/** Lines that were read, apart from empty ones. */
export interface ReadLines {
  readonly events: number;
  /** Lines that are not a usable event. Ingest writes none, but a part made by hand may have some. */
  readonly unusable: number;
}

/** Reads every line as an event. @param take gets each of them, in order */
export async function readLines(
  chunks: Chunks,
  { judge, lineReader }: EventRules,
  needsId: boolean,
  take: (event: CountedEvent) => void,
): Promise<ReadLines> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const nowMs = Number.POSITIVE_INFINITY;
  const rules = needsId ? { nowMs } : ({ nowMs, needsId: false } as const);
  let events = 0;
  let unusable = 0;
  for await (const json of blocksOf(chunks)) {
    const { bytes, size } = json;
    for (let from = 0; from < size; from = json.end + 1) {
      const event = lineReader?.read(json, from, needsId);
      if (event !== undefined) {
        events += 1;
        take(event);
        continue;
      }
      json.end = bytes.indexOf(NEWLINE, from);
      if (json.end === from) continue;
      const reading = judge(decoder.decode(bytes.subarray(from, json.end)), rules);
      if (reading.kind === 'event') {
        events += 1;
        take(reading);
      } else unusable += 1;
    }
  }
  return { events, unusable };
}
