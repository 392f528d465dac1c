/** Messages between the parser, which pushes, and the reader, who pulls. Tells when there is room for more. */

export interface StreamMessage {
  /** The bytes of `data:`, exactly as received. */
  readonly data: Buffer;
  /** The id that came with it; empty when it came without. */
  readonly id: string;
}

/** Messages that wait for the reader: above the upper bound the socket is left alone, below the lower it is read. */
const QUEUE = { upperBytes: 8 << 20, lowerBytes: 2 << 20 };
/** Messages between parser and reader; tells when there is room for more. */
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

/** What a message takes in memory, about: tiny messages would not count for anything by their bytes. */
function sizeOf({ data, id }: StreamMessage): number {
  return data.length + id.length + 256;
}
