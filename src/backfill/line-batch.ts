/** Lines of a part that wait to be compressed, and the counts that the part's metadata needs. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);
const NEWLINE = new Uint8Array([10]);

export class LineBatch {
  #lines: Uint8Array[] = [];
  #bytes = 0;
  #events = 0;
  #edits = 0;

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Lines added so far, including those already taken out. */
  get counts(): { events: number; edits: number } {
    return { events: this.#events, edits: this.#edits };
  }

  /** Adds a line given without its newline. */
  add(line: Uint8Array, isEdit: boolean): void {
    this.#lines.push(line, NEWLINE);
    this.#bytes += line.length + 1;
    this.#events += 1;
    if (isEdit) this.#edits += 1;
  }

  /** Takes out the waiting lines as one gzip member: members one after another are one gzip file. */
  async takeGzipped(): Promise<Uint8Array> {
    const lines = this.#lines;
    this.#lines = [];
    this.#bytes = 0;
    return compress(Buffer.concat(lines));
  }
}
