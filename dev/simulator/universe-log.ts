/**
 * One topic of the universe as a log: readable from any offset and searchable by time.
 * Guarantee: nothing is stored; an offset is found by bisection over the closed form of the offsets.
 */

import type { Topic } from './datacentres.ts';
import type { Message, MessageLog } from './message-log.ts';
import type { Numbering } from './numbering.ts';

interface Numbered {
  readonly offset: number;
  readonly arrivedMs: number;
  readonly dtMs: number;
}

/** What a log needs from its universe. Times are epoch seconds, offsets are positions in the topic. */
interface TopicOfUniverse<M extends Numbered> {
  readonly topic: Topic;
  readonly partition: number;
  readonly numbering: Numbering;
  /** first second with messages */
  readonly begin: number;
  /** end of the log, exclusive */
  readonly end: number;
  readonly retentionMs: number;
  /** offset of the first message at or after the start of a second; monotonic */
  readonly offsetAt: (second: number) => number;
  /** in offset order */
  readonly messagesOf: (second: number) => readonly M[];
  readonly render: (message: M) => string;
}

/** The log of one partition of a topic. */
export function logOf<M extends Numbered>(of: TopicOfUniverse<M>): MessageLog {
  const offsetAt = (second: number): number => of.offsetAt(Math.min(Math.max(second, of.begin), of.end));

  const end = (nowMs: number): number => {
    const second = Math.floor(nowMs / 1000);
    let arrived = 0;
    for (const message of of.messagesOf(second)) {
      if (message.arrivedMs > nowMs) break;
      arrived++;
    }
    return offsetAt(second) + arrived;
  };

  /** The second in which an offset arrives: the last one that starts at or before this offset. */
  const secondOf = (offset: number): number => {
    let low = of.begin;
    let high = of.end;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (offsetAt(middle) <= offset) low = middle;
      else high = middle;
    }
    return low;
  };

  const isOurs = (offset: number): boolean => of.numbering.partitionOf(offset) === of.partition;

  const read = (offset: number): readonly Message[] => {
    if (offset < offsetAt(of.begin) || offset >= offsetAt(of.end)) return [];
    const messages = of.messagesOf(secondOf(offset));
    const rest = messages.slice(offset - (messages[0]?.offset ?? offset));
    const ours = rest
      .filter(message => isOurs(message.offset))
      .map(message => ({
        offset: message.offset,
        timestampMs: message.dtMs,
        arrivedMs: message.arrivedMs,
        body: () => of.render(message),
      }));
    return ours.length > 0 ? ours : read((rest.at(-1)?.offset ?? offset) + 1);
  };

  // The dt of a message is in its second of arrival, so the first match is in the given second or is the first message
  // after it.
  const seek = (timestampMs: number): number => {
    const second = Math.floor(timestampMs / 1000);
    const found = of.messagesOf(second).find(message => message.dtMs >= timestampMs);
    return found?.offset ?? offsetAt(second + 1);
  };

  const start = (nowMs: number): number => seek(Math.max(nowMs - of.retentionMs, of.begin * 1000));

  return {
    topic: of.topic,
    partition: of.partition,
    shownOffset: position => of.numbering.offsetIn(of.partition, position),
    positionOf: offset => of.numbering.positionOf({ partition: of.partition, offset }),
    start,
    end,
    read,
    firstAtOrAfter: (timestampMs, nowMs) => {
      let offset = Math.max(seek(timestampMs), start(nowMs));
      // The first one of the topic may be in another partition, and the next one be older.
      for (let page = read(offset); page.length > 0; page = read(offset)) {
        const found = page.find(message => message.timestampMs >= timestampMs);
        offset = found?.offset ?? (page.at(-1)?.offset ?? offset) + 1;
        if (found !== undefined || offset >= end(nowMs)) break;
      }
      return offset < end(nowMs) ? offset : undefined;
    },
    *offsetsBetween(from, to, nowMs) {
      const last = Math.min(offsetAt(to), end(nowMs));
      for (let offset = offsetAt(from); offset < last; offset++) if (isOurs(offset)) yield offset;
    },
  };
}
