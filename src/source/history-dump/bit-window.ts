/**
 * A window over the compressed bytes. It holds a whole block before that is decoded, so that decoding never waits and
 * its inner loop works on plain arrays.
 */
import { unreadable } from './unreadable.ts';

/**
 * More than any block takes: 900 000 symbols of at most 20 bits each, and their tables. Waiting for this much costs a
 * fraction of a second at the start of a file, and nothing later.
 */
const LOOKAHEAD = 2_250_000 + (128 << 10);
/** Decoding checks for the end only now and then, and may read this far past it. */
const SLACK = 1 << 10;

export class BitWindow {
  /** Valid up to `end`. The fields are public for the block decoder, which keeps them in locals while it runs. */
  bytes = new Uint8Array(2 * LOOKAHEAD + SLACK);
  position = 0;
  end = 0;
  /** Bits taken out of `bytes` and not consumed yet, from the highest bit of 32 down; the rest is 0. */
  held = 0;
  heldBits = 0;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #subject: string;
  /** The part of the last chunk that did not fit. */
  #rest: Uint8Array = new Uint8Array(0);
  #ended = false;
  /** Bytes that have left the window. */
  #dropped = 0;

  constructor(chunks: AsyncIterable<Uint8Array>, subject: string) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#subject = subject;
  }

  /** Compressed bytes consumed, counting a partly consumed one. */
  get offset(): number {
    return this.#dropped + this.position - (this.heldBits >> 3);
  }

  /** Whether nothing is left. Only valid after `fill`, at a byte boundary. */
  get exhausted(): boolean {
    return this.#ended && this.#bitsPastEnd() >= 0;
  }

  /** Reads as much as the next block can need, or all that is left. */
  async fill(): Promise<void> {
    if (this.end - this.position >= LOOKAHEAD) return;
    this.#dropConsumed();
    while (this.end < 2 * LOOKAHEAD) {
      if (this.#rest.length === 0) {
        if (this.#ended || this.end >= LOOKAHEAD) return;
        const next = await this.#chunks.next();
        if (next.done === true) this.#ended = true;
        else this.#rest = next.value;
        continue;
      }
      const taken = this.#rest.subarray(0, 2 * LOOKAHEAD - this.end);
      this.bytes.set(taken, this.end);
      this.end += taken.length;
      this.#rest = this.#rest.subarray(taken.length);
    }
  }

  /** The next 1 to 24 bits as a number. Past the end they are arbitrary: see `expectNotPastEnd`. */
  bits(count: number): number {
    while (this.heldBits < count) {
      this.held |= (this.bytes[this.position++] ?? 0) << (24 - this.heldBits);
      this.heldBits += 8;
    }
    const value = this.held >>> (32 - count);
    this.held <<= count;
    this.heldBits -= count;
    return value;
  }

  bits32(): number {
    return this.bits(16) * 0x1_0000 + this.bits(16);
  }

  /** Skips to the next byte boundary, where streams start. */
  alignToByte(): void {
    const odd = this.heldBits & 7;
    if (odd > 0) this.bits(odd);
  }

  /** @throws PipelineError `dump_unreadable` when more bits were read than exist. */
  expectNotPastEnd(): void {
    if (this.#bitsPastEnd() <= 0) return;
    throw unreadable(
      this.#subject,
      this.#ended
        ? `cut off after ${this.#dropped + this.end} compressed bytes, within a bzip2 stream`
        : `a bzip2 block is longer than the format allows at compressed byte ${this.offset}`,
    );
  }

  /** Closes the source. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  #bitsPastEnd(): number {
    return (this.position - this.end) * 8 - this.heldBits;
  }

  #dropConsumed(): void {
    // Held bits are unaffected: they have left the window already. Past the end there is nothing to keep.
    const gone = Math.min(this.position, this.end);
    this.bytes.copyWithin(0, gone, this.end);
    this.#dropped += gone;
    this.position -= gone;
    this.end -= gone;
  }
}
