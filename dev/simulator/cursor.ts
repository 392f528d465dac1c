/**
 * One connection's place in one topic. Guarantee: messages come in the order of their offsets, none twice, and none
 * before it has arrived; `again` goes back without losing the place.
 */

import type { Message, MessageLog } from './message-log.ts';
import { type Assignment, delivered, type Start } from './position.ts';

/** See the head of this file. */
export class Cursor {
  readonly log: MessageLog;
  /** what an id says of this topic at present */
  entry: Assignment;
  readonly #first: number;
  #next: number;
  #page: readonly Message[] = [];
  #turned = 0;

  constructor(start: Start) {
    this.log = start.log;
    this.entry = start.assigned;
    this.#first = start.next;
    this.#next = start.next;
  }

  /** The next message, if there will ever be one; it may still lie in the future. */
  peek(): Message | undefined {
    if (this.#turned >= this.#page.length) {
      this.#page = this.log.read(this.#next);
      this.#turned = 0;
    }
    return this.#page[this.#turned];
  }

  /** The next message if it has arrived. The place moves behind it. */
  take(nowMs: number): Message | undefined {
    const message = this.peek();
    if (message === undefined || message.arrivedMs > nowMs) return undefined;
    this.#turned++;
    this.#next = message.offset + 1;
    this.passed(message);
    return message;
  }

  /** Notes a delivery in the id. */
  passed(message: Message): void {
    this.entry = delivered(this.log.topic, message.timestampMs);
  }

  /** Up to `count` of the messages that this connection has delivered last, oldest first. */
  again(count: number): Message[] {
    const messages: Message[] = [];
    let offset = Math.max(this.#first, this.#next - count);
    while (offset < this.#next) {
      const page = this.log.read(offset).filter(message => message.offset < this.#next);
      if (page.length === 0) break;
      messages.push(...page);
      offset += page.length;
    }
    return messages;
  }
}
