/**
 * Invariant 8, with everything that can be repeated: a stream of busy and quiet partitions loses nothing but what the
 * test takes out, repeats single messages and many, and is cut and resumed. The gaps add up to what was taken out.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Intake } from '../../src/ingest/intake.ts';
import type { FoundGap } from '../../src/core/gaps.ts';
import { SeenEvents } from '../../src/bronze/seen-events.ts';
import { OVERLAP_MS } from '../../src/core/stream-cursor.ts';
import type { StreamCursor } from '../../src/core/stream-cursor.ts';
import type { StreamMessage } from '../../src/source/stream/message-queue.ts';
import { EDITS, IntakeRig } from '../support/intake-rig.ts';
import { MemoryObjectStore } from '../support/memory-object-store.ts';

const START_MS = Date.parse('2026-11-20T00:00:00Z');
const NOW_MS = Date.parse('2026-12-20T00:00:00Z');
const PARTITIONS = [
  { topic: 'eqiad.mediawiki.recentchange', partition: 0 },
  { topic: 'eqiad.mediawiki.recentchange', partition: 1 },
  { topic: 'codfw.mediawiki.recentchange', partition: 0 },
];
const FIRST_OFFSET = 5_356_060_000;

type Step =
  | { readonly kind: 'next'; readonly in: number; readonly afterMs: number; readonly isLost: boolean }
  | { readonly kind: 'repeat'; readonly back: number }
  | { readonly kind: 'repeat many'; readonly count: number }
  | { readonly kind: 'reconnect' }
  | { readonly kind: 'restart' };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('next' as const),
        in: fc.nat(PARTITIONS.length - 1),
        afterMs: fc.constantFrom(1, 400, 20_000, 45_000, 900_000, 3_600_000),
        isLost: fc.nat(9).map(n => n === 0),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('repeat' as const), back: fc.nat(4) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('repeat many' as const),
        count: fc.integer({ min: 2, max: 20 }),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'reconnect' } as const) },
    { weight: 1, arbitrary: fc.constant({ kind: 'restart' } as const) },
  ),
  { maxLength: 60 },
);

interface Sent {
  readonly in: number;
  readonly offset: number;
  readonly timestampMs: number;
}

/** A server as EventStreams is: ids with a timestamp for each partition, and resuming by these. */
class Server {
  readonly #kept: readonly Sent[][] = PARTITIONS.map(() => []);
  readonly #newest: { offset: number; timestampMs: number }[] = PARTITIONS.map(() => ({
    offset: FIRST_OFFSET,
    timestampMs: START_MS,
  }));
  #entries: number[];
  /** Frames of this connection, as they were sent. */
  #frames: (StreamMessage & { readonly sent: Sent })[] = [];

  constructor() {
    this.#entries = PARTITIONS.map(() => START_MS);
  }

  append(index: number, afterMs: number, isLost: boolean): StreamMessage[] {
    const newest = this.#newest[index];
    if (newest === undefined) throw new Error('no such partition');
    newest.offset += 1;
    newest.timestampMs += afterMs;
    if (isLost) return [];
    const sent = { in: index, ...newest };
    this.#kept[index]?.push(sent);
    return [this.#frame(sent)];
  }

  repeat(back: number): StreamMessage[] {
    return this.#frames.slice(-1 - back, this.#frames.length - back);
  }

  /** The last messages again, newest first, each with an id of its own. */
  repeatMany(count: number): StreamMessage[] {
    return this.#frames
      .slice(-count)
      .toReversed()
      .map(({ sent }) => this.#frame(sent));
  }

  reconnect(lastEventId: string | undefined): StreamMessage[] {
    this.#frames = [];
    const asked =
      lastEventId === undefined
        ? []
        : (JSON.parse(lastEventId) as { topic: string; partition: number; timestamp: number }[]);
    this.#entries = PARTITIONS.map(
      ({ topic, partition }) =>
        asked.find(entry => entry.topic === topic && entry.partition === partition)?.timestamp ?? START_MS,
    );
    const from = [...this.#entries];
    return this.#kept.flatMap((kept, index) =>
      kept.filter(({ timestampMs }) => timestampMs >= (from[index] ?? 0)).map(sent => this.#frame(sent)),
    );
  }

  #frame(sent: Sent): StreamMessage {
    this.#entries[sent.in] = sent.timestampMs + 1;
    const place = PARTITIONS[sent.in];
    const meta = {
      ...place,
      id: `${sent.in} ${sent.offset}`,
      dt: new Date(sent.timestampMs).toISOString(),
      domain: 'canary',
      offset: sent.offset,
    };
    const id = JSON.stringify(PARTITIONS.map((each, at) => ({ ...each, timestamp: this.#entries[at] })));
    const frame = { data: Buffer.from(JSON.stringify({ meta })), id, sent };
    this.#frames.push(frame);
    return frame;
  }
}

test('gaps add up to what was lost, whatever is repeated, in busy and in quiet partitions', async () => {
  const { log } = await IntakeRig.open(new MemoryObjectStore());
  await fc.assert(
    fc.asyncProperty(steps, async schedule => {
      const seen = new SeenEvents(log, () => Promise.resolve([]), {
        signal: new AbortController().signal,
      });
      const gaps: FoundGap[] = [];
      const begin = (cursor: StreamCursor): Intake => new Intake(EDITS, seen, cursor);
      let intake = begin({ topics: {}, startMs: START_MS });
      intake.connect(OVERLAP_MS);
      const server = new Server();
      for (const step of schedule) {
        if (step.kind === 'restart') {
          gaps.push(...intake.takeGaps());
          intake = begin(intake.cursor);
        }
        const frames =
          step.kind === 'next'
            ? server.append(step.in, step.afterMs, step.isLost)
            : step.kind === 'repeat'
              ? server.repeat(step.back)
              : step.kind === 'repeat many'
                ? server.repeatMany(step.count)
                : server.reconnect(intake.connect(OVERLAP_MS).lastEventId);
        for (const frame of frames) await intake.take(frame, { nowMs: NOW_MS, uptimeMs: 0 });
      }
      // Only a message that follows shows that one is missing.
      const lost = PARTITIONS.map((_, index) => {
        const fates = schedule.flatMap(step =>
          step.kind === 'next' && step.in === index ? [step.isLost] : [],
        );
        return fates.slice(fates.indexOf(false), fates.lastIndexOf(false) + 1).filter(Boolean).length;
      });
      gaps.push(...intake.takeGaps());
      // A gap of unknown size would be a false one: the source keeps everything.
      expect(gaps.filter(({ missing }) => missing === undefined)).toEqual([]);
      expect(gaps.reduce((sum, { missing = 0 }) => sum + missing, 0)).toBe(
        lost.reduce((sum, each) => sum + each, 0),
      );
    }),
    { numRuns: 2_000 },
  );
});
