/**
 * One topic of the universe as a log that can be read from any offset and searched by time.
 * Guarantee: nothing is stored; an offset is found by bisection over the closed form of the offsets.
 */

import type { Topic } from './datacentres.ts';
import type { Message, MessageLog } from './message-log.ts';

interface Numbered {
  readonly offset: number;
  readonly arrivedMs: number;
  readonly dtMs: number;
}

/** What a log needs of its universe. Seconds are epoch seconds. */
interface TopicOfUniverse<M extends Numbered> {
  readonly topic: Topic;
  /** first second with messages */
  readonly begin: number;
  /** the second after the last one with messages */
  readonly end: number;
  readonly retentionMs: number;
  /** offset of the first message at or after the beginning of a second; never falls */
  readonly offsetAt: (second: number) => number;
  /** in the order of their offsets */
  readonly messagesOf: (second: number) => readonly M[];
  readonly render: (message: M) => string;
}

/** The log of one topic. */
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

  /** The second in which an offset arrives: the last one that begins with this offset or a smaller one. */
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

  const read = (offset: number): readonly Message[] => {
    if (offset < offsetAt(of.begin) || offset >= offsetAt(of.end)) return [];
    const messages = of.messagesOf(secondOf(offset));
    return messages.slice(offset - (messages[0]?.offset ?? offset)).map(message => ({
      offset: message.offset,
      timestampMs: message.dtMs,
      arrivedMs: message.arrivedMs,
      body: () => of.render(message),
    }));
  };

  // A message's dt lies in the second of its arrival: the first that is late enough is in the second asked for, or it
  // is the first of all later ones.
  const seek = (timestampMs: number): number => {
    const second = Math.floor(timestampMs / 1000);
    const found = of.messagesOf(second).find(message => message.dtMs >= timestampMs);
    return found?.offset ?? offsetAt(second + 1);
  };

  const start = (nowMs: number): number => seek(Math.max(nowMs - of.retentionMs, of.begin * 1000));

  return {
    topic: of.topic,
    start,
    end,
    read,
    firstAtOrAfter: (timestampMs, nowMs) => {
      const offset = Math.max(seek(timestampMs), start(nowMs));
      return offset < end(nowMs) ? offset : undefined;
    },
    *offsetsBetween(from, to, nowMs) {
      const last = Math.min(offsetAt(to), end(nowMs));
      for (let offset = offsetAt(from); offset < last; offset++) yield offset;
    },
  };
}
