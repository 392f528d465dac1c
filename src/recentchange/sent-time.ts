/** ⑤ Reads `meta.dt` from bytes, as `Date.parse` does. Events come in the order of their minutes, so it is called once a minute. */
import type { JsonBytes } from '../core/json-bytes.ts';
import { areBytes, keepBytes } from '../core/known-bytes.ts';

const MINUTE = /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}$/;
const MINUTE_LENGTH = '2026-11-20T10:05'.length;
const SECONDS_LENGTH = '2026-11-20T10:05:00Z'.length;
const MS_LENGTH = '2026-11-20T10:05:00.250Z'.length;

const POINT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const UPPER_Z = 0x5a;

export class SentTimes {
  /** The bytes of a minute, and when it begins, epoch ms; NaN when they name none. */
  readonly #words = new Int32Array(MINUTE_LENGTH / 4);
  #minuteMs = NaN;

  /** Epoch ms of a time in whole seconds or milliseconds, in UTC; NaN for all others, which may be times too. */
  read(json: JsonBytes, from: number, to: number): number {
    const { bytes } = json;
    const length = to - from;
    if (length !== SECONDS_LENGTH && length !== MS_LENGTH) return NaN;
    const seconds = digits(bytes, from + MINUTE_LENGTH + 1, 2);
    const isWritten = bytes[from + MINUTE_LENGTH] === COLON && seconds < 60 && bytes[to - 1] === UPPER_Z;
    if (!isWritten) return NaN;
    const minuteMs = this.#minute(json, from);
    if (length === SECONDS_LENGTH) return minuteMs + seconds * 1000;
    if (bytes[from + SECONDS_LENGTH - 1] !== POINT) return NaN;
    return minuteMs + seconds * 1000 + digits(bytes, from + SECONDS_LENGTH, 3);
  }

  #minute(json: JsonBytes, from: number): number {
    if (areBytes(json, from, MINUTE_LENGTH, this.#words, 0)) return this.#minuteMs;
    keepBytes(json, from, MINUTE_LENGTH, this.#words, 0);
    const text = String.fromCharCode(...json.bytes.subarray(from, from + MINUTE_LENGTH));
    this.#minuteMs = MINUTE.test(text) ? Date.parse(`${text}:00Z`) : NaN;
    return this.#minuteMs;
  }
}

/** A number of so many digits; NaN when one of them is something else. */
function digits(bytes: Uint8Array, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return value;
}
