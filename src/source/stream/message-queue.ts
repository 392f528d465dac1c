/** A bounded queue between the parser, which pushes messages, and the reader, which pulls them. */

export interface StreamMessage {
  /** The bytes of `data:`, exactly as received. */
  readonly data: Buffer;
  /** The id of the message; empty when it had none. */
  readonly id: string;
}

/** The socket is not read once the upper bound is reached, and read again below the lower one. */
const QUEUE = { upperBytes: 8 << 20, lowerBytes: 2 << 20 };
export class MessageQueue implements AsyncIterable<StreamMessage> {
  #messages: StreamMessage[] = [];
  #bytes = 0;
  #ended = false;
  #wakeReader = (): void => {};
  #wakeSocket = (): void => {};

  push(message: StreamMessage): void {
    this.#messages.push(message);
    this.#bytes += sizeOf(message);
    this.#wakeReader();
  }

  end(): void {
    this.#ended = true;
    this.#wakeReader();
    this.#wakeSocket();
  }

  /** Resolves once there is room for more, or the queue has ended. */
  async hasRoom(): Promise<void> {
    if (this.#bytes < QUEUE.upperBytes || this.#ended) return;
    await new Promise<void>(resolve => (this.#wakeSocket = resolve));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<StreamMessage> {
    for (;;) {
      const batch = this.#messages;
      this.#messages = [];
      for (const message of batch) {
        yield message;
        this.#bytes -= sizeOf(message);
        if (this.#bytes < QUEUE.lowerBytes) this.#wakeSocket();
      }
      if (this.#messages.length > 0) continue;
      if (this.#ended) return;
      await new Promise<void>(resolve => (this.#wakeReader = resolve));
    }
  }
}

/** Approximate memory of a message, including the overhead, which dominates for tiny messages. */
function sizeOf({ data, id }: StreamMessage): number {
  return data.length + id.length + 256;
}
