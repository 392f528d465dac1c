/** When a replay of the stream has brought everything, and when it only seems so. */
import { describe, expect, test } from 'vitest';
import { StreamReplay } from '../../src/backfill/stream-replay.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-11-20T10:00:00Z');
const NOW = START + 48 * HOUR;
const BUSY = 'eqiad.mediawiki.recentchange';
const QUIET = 'codfw.mediawiki.recentchange';

/** An id as the stream sends it with a message of one topic: the other one has not delivered, or stands where it stood. */
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
const say = (replay: StreamReplay, topic: string, atMs: number, waitedMs: number) =>
  replay.take(idOf(topic, atMs), { topic, offset: (offset += 1) }, waitedMs);

describe('a replay', () => {
  test('is complete up to a quarter of an hour and more before where its slowest topic is', () => {
    const replay = open();
    say(replay, BUSY, START + HOUR, 10);
    say(replay, QUIET, START + 2 * HOUR, 20);
    expect(replay.completeToMs(30)).toBe(START + HOUR - 20 * MINUTE);
    expect(replay.isOver(30)).toBe(false);
  });

  test('does not take a topic for read that has said nothing, until others have spoken for a while', () => {
    const replay = open();
    say(replay, BUSY, START + HOUR, 10);
    expect(replay.completeToMs(20)).toBeLessThan(START);
    say(replay, BUSY, START + HOUR + 1, 3_100);
    expect(replay.completeToMs(3_110)).toBe(START + HOUR + 1 - 20 * MINUTE);
  });

  test('is over when every topic is well past the end', () => {
    const replay = open();
    say(replay, QUIET, START + 2 * HOUR + 20 * MINUTE, 10);
    say(replay, BUSY, START + 2 * HOUR + 20 * MINUTE - 1, 20);
    expect(replay.isOver(30)).toBe(false);
    say(replay, BUSY, START + 2 * HOUR + 20 * MINUTE, 40);
    expect(replay.isOver(50)).toBe(true);
    expect(replay.completeToMs(50)).toBe(Number.POSITIVE_INFINITY);
  });

  test('is over when it has reached the present, however near that is', () => {
    const replay = new StreamReplay(NOW - HOUR, NOW, NOW);
    replay.connect(0);
    say(replay, QUIET, NOW, 10);
    say(replay, BUSY, NOW - 1, 20);
    expect(replay.isOver(30)).toBe(false);
    say(replay, BUSY, NOW, 40);
    expect(replay.isOver(50)).toBe(true);
  });

  test('is over when all have fallen silent for long, not before', () => {
    const replay = open();
    say(replay, BUSY, START + HOUR, 10);
    expect(replay.isOver(19_000)).toBe(false);
    expect(replay.isOver(20_100)).toBe(true);
  });

  test('that says nothing at all is mute, not over', () => {
    const replay = open();
    expect([replay.isMute(19_000), replay.isMute(20_100), replay.isOver(30_000)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  test('begins a silence anew with each connection', () => {
    const replay = open();
    say(replay, BUSY, START + HOUR, 10);
    replay.connect(19_000);
    expect(replay.isOver(20_100)).toBe(false);
  });

  test('goes on a minute before where each topic was, and never before its begin', () => {
    const replay = open();
    say(replay, BUSY, START + HOUR, 10);
    expect(JSON.parse(replay.connect(20).lastEventId ?? '')).toEqual([
      { topic: BUSY, partition: 0, timestamp: START + HOUR - MINUTE },
      { topic: QUIET, partition: 0, timestamp: START },
    ]);
  });

  test('says where the stream began, when that is later than it was asked', () => {
    const late = open();
    say(late, BUSY, START + HOUR, 10);
    expect(late.servedFromMs).toBe(START + HOUR);
    const quiet = open();
    say(quiet, BUSY, START + 9 * MINUTE, 10);
    expect(quiet.servedFromMs).toBeUndefined();
  });

  test('counts the messages that the stream itself lacks', () => {
    const replay = open();
    for (const offset of [5, 6, 9]) replay.take(idOf(BUSY, START + offset), { topic: BUSY, offset }, offset);
    expect(replay.lost).toBe(2);
  });
});
