/**
 * One connection's position in one topic. Guarantee: messages come in offset order, none twice, and none before it
 * has arrived. `lastDelivered` looks back without moving the position.
 */

import type { Message, MessageLog } from './message-log.ts';
import { type Assignment, delivered, type Start } from './position.ts';

export class Cursor {
  readonly log: MessageLog;
  /** current entry of this topic in the id */
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

  /** The next message, even if it has not arrived yet; undefined when there will be none. */
  peek(): Message | undefined {
    if (this.#turned >= this.#page.length) {
      this.#page = this.log.read(this.#next);
      this.#turned = 0;
    }
    return this.#page[this.#turned];
  }

  /** The next message if it has arrived; moves the position past it. */
  take(nowMs: number): Message | undefined {
    const message = this.peek();
    if (message === undefined || message.arrivedMs > nowMs) return undefined;
    this.#turned++;
    this.#next = message.offset + 1;
    this.passed(message);
    return message;
  }

  /** Records a delivery in the id. */
  passed(message: Message): void {
    this.entry = delivered(this.log, message.timestampMs);
  }

  /** Up to `count` of the last messages delivered, oldest first. */
  lastDelivered(count: number): Message[] {
    const messages: Message[] = [];
    let offset = Math.max(this.#first, this.#next - count);
    while (offset < this.#next) {
      const page = this.log.read(offset).filter(message => message.offset < this.#next);
      if (page.length === 0) break;
      messages.push(...page);
      offset = (page.at(-1)?.offset ?? offset) + 1;
    }
    return messages;
  }
}
