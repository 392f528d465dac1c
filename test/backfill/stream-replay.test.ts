/** When a replay of the stream has delivered everything, and when it only seems so. */
import { describe, expect, test } from 'vitest';
import { StreamReplay } from '../../src/backfill/stream-replay.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-11-20T10:00:00Z');
const NOW = START + 48 * HOUR;
const BUSY = 'eqiad.mediawiki.recentchange';
const QUIET = 'codfw.mediawiki.recentchange';

/** An id as the stream sends it with a message of one topic: the other has not delivered yet, or keeps its timestamp. */
function idOf(topic: string, timestampMs: number, otherMs?: number): string {
  const other = topic === BUSY ? QUIET : BUSY;
  return JSON.stringify([
    { topic, partition: 0, timestamp: timestampMs },
    { topic: other, partition: 0, ...(otherMs === undefined ? { offset: -1 } : { timestamp: otherMs }) },
  ]);
}

function open(): StreamReplay {
  const replay = new StreamReplay(START, START + 2 * HOUR, NOW);
  replay.connect(0);
  return replay;
}

let offset = 0;
const deliver = (replay: StreamReplay, topic: string, atMs: number, waitedMs: number) =>
  replay.take(idOf(topic, atMs), { topic, offset: (offset += 1) }, waitedMs);

describe('a replay', () => {
  test('is complete up to 20 minutes before its slowest topic', () => {
    const replay = open();
    deliver(replay, BUSY, START + HOUR, 10);
    deliver(replay, QUIET, START + 2 * HOUR, 20);
    expect(replay.completeToMs(30)).toBe(START + HOUR - 20 * MINUTE);
    expect(replay.isOver(30)).toBe(false);
  });

  test('does not treat a silent topic as finished until others have delivered for a while', () => {
    const replay = open();
    deliver(replay, BUSY, START + HOUR, 10);
    expect(replay.completeToMs(20)).toBeLessThan(START);
    deliver(replay, BUSY, START + HOUR + 1, 3_100);
    expect(replay.completeToMs(3_110)).toBe(START + HOUR + 1 - 20 * MINUTE);
  });

  test('is over when every topic is well past the end', () => {
    const replay = open();
    deliver(replay, QUIET, START + 2 * HOUR + 20 * MINUTE, 10);
    deliver(replay, BUSY, START + 2 * HOUR + 20 * MINUTE - 1, 20);
    expect(replay.isOver(30)).toBe(false);
    deliver(replay, BUSY, START + 2 * HOUR + 20 * MINUTE, 40);
    expect(replay.isOver(50)).toBe(true);
    expect(replay.completeToMs(50)).toBe(Number.POSITIVE_INFINITY);
  });

  test('is over when it has reached the present, even if that is before the end', () => {
    const replay = new StreamReplay(NOW - HOUR, NOW, NOW);
    replay.connect(0);
    deliver(replay, QUIET, NOW, 10);
    deliver(replay, BUSY, NOW - 1, 20);
    expect(replay.isOver(30)).toBe(false);
    deliver(replay, BUSY, NOW, 40);
    expect(replay.isOver(50)).toBe(true);
  });

  test('is neither over nor further because one id claims to be much later', () => {
    for (const claimMs of [NOW + 365 * 24 * HOUR, NOW - 1]) {
      const replay = open();
      const topics = [QUIET, BUSY];
      for (const topic of topics) deliver(replay, topic, START + HOUR, 10);
      const arrival = { nowMs: NOW, sentAtMs: START + HOUR + 1 };
      for (const topic of topics)
        replay.take(idOf(topic, claimMs), { topic, offset: (offset += 1) }, 20, arrival);
      expect(replay.isOver(30)).toBe(false);
      expect(replay.completeToMs(30)).toBeLessThan(START + HOUR);
      const { lastEventId = '' } = replay.connect(40);
      const asked = JSON.parse(lastEventId) as { timestamp: number }[];
      expect(Math.max(...asked.map(({ timestamp }) => timestamp))).toBeLessThan(NOW);
    }
  });

  test('waits for each partition of a topic', () => {
    const replay = open();
    const offsets = [0, 0];
    const at = (partition: number, ms: number) => {
      const entries = [0, 1].map(each => ({
        topic: BUSY,
        partition: each,
        ...(each === partition ? { timestamp: ms } : { offset: -1 }),
      }));
      const offset = (offsets[partition] = (offsets[partition] ?? 0) + 1);
      replay.take(JSON.stringify(entries), { topic: BUSY, partition, offset }, 10);
    };
    at(1, START + 3 * HOUR);
    at(0, START + HOUR);
    expect(replay.completeToMs(20)).toBe(START + HOUR - 20 * MINUTE);
    expect(replay.isOver(20)).toBe(false);
    at(0, START + 3 * HOUR);
    expect(replay.isOver(20)).toBe(true);
    expect(replay.lost).toBe(0);
  });

  test('ignores the id entry of a topic that did not deliver', () => {
    const replay = open();
    replay.take(idOf(BUSY, START + HOUR, NOW + HOUR), { topic: BUSY, offset: (offset += 1) }, 10);
    expect(replay.isOver(20)).toBe(false);
    expect(replay.completeToMs(20)).toBeLessThan(START);
  });

  test('is over only after all topics have been silent for 20 s', () => {
    const replay = open();
    deliver(replay, BUSY, START + HOUR, 10);
    expect(replay.isOver(19_000)).toBe(false);
    expect(replay.isOver(20_100)).toBe(true);
  });

  test('is mute, not over, when nothing was ever delivered', () => {
    const replay = open();
    expect([replay.isMute(19_000), replay.isMute(20_100), replay.isOver(30_000)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  test('measures silence from the latest connection', () => {
    const replay = open();
    deliver(replay, BUSY, START + HOUR, 10);
    replay.connect(19_000);
    expect(replay.isOver(20_100)).toBe(false);
  });

  test('resumes each topic a minute earlier, but never before the start', () => {
    const replay = open();
    deliver(replay, BUSY, START + HOUR, 10);
    expect(JSON.parse(replay.connect(20).lastEventId ?? '')).toEqual([
      { topic: BUSY, partition: 0, timestamp: START + HOUR - MINUTE },
      { topic: QUIET, partition: 0, timestamp: START },
    ]);
  });

  test('reports where the stream started if that is later than requested', () => {
    const late = open();
    deliver(late, BUSY, START + HOUR, 10);
    expect(late.servedFromMs).toBe(START + HOUR);
    const quiet = open();
    deliver(quiet, BUSY, START + 9 * MINUTE, 10);
    expect(quiet.servedFromMs).toBeUndefined();
  });

  test('counts the messages that the stream itself lost', () => {
    const replay = open();
    for (const offset of [5, 6, 9]) replay.take(idOf(BUSY, START + offset), { topic: BUSY, offset }, offset);
    expect(replay.lost).toBe(2);
  });
});
