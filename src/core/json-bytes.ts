/**
 * ⑤ Finds its way through JSON by bytes, without making objects of it. A walk either ends where the value ends, or is
 * `ODD`: something is wrong or merely unusual there (white space between tokens, a fraction, deep nesting), and only
 * `JSON.parse` can tell which. What a walk accepts, `JSON.parse` accepts too; test/recentchange/line-reader compares them.
 */

/** Not an index: see above. */
export const ODD = -1;

/** A walk looks at up to this many bytes behind the line end that stops it. */
export const SLACK = 8;

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const LIST = 0x5b;
const BACKSLASH = 0x5c;
const END_OF_LIST = 0x5d;
const OBJECT = 0x7b;
const END_OF_OBJECT = 0x7d;
const UPPER_E = 0x45;
const LOWER_E = 0x65;
const LOWER_U = 0x75;

/** Kinds of the open lists and objects are the bits of a number. */
const MOST_NESTED = 31;
/** So many digits are always a safe integer. */
const MOST_DIGITS = 15;

/** Four ASCII characters as `word` returns them. */
export function wordOf(text: string): number {
  let word = 0;
  for (let at = text.length - 1; at >= 0; at -= 1) word = (word << 8) | text.charCodeAt(at);
  return word;
}

const TRUE = wordOf('true');
const FALS = wordOf('fals');
const NULL = wordOf('null');

/** What may follow a backslash, apart from `u`. */
const ESCAPES = new Uint8Array(256);
for (const character of '"\\/bfnrt') ESCAPES[character.charCodeAt(0)] = 1;
const HEX_DIGITS = new Uint8Array(256);
for (const character of '0123456789abcdefABCDEF') HEX_DIGITS[character.charCodeAt(0)] = 1;

/** Whole lines of JSON, each with its line end. `SLACK` bytes of any kind follow them. */
export class JsonBytes {
  readonly bytes: Uint8Array;
  /** Of the lines alone. */
  readonly size: number;
  readonly #view: DataView;
  /** Where the integer or line that was read last ends. */
  end = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.size = bytes.length - SLACK;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Four bytes as a number, to compare them at once. */
  word(at: number): number {
    return this.#view.getInt32(at, true);
  }

  /** Where the next quote, backslash or control character is. */
  #special(from: number): number {
    const view = this.#view;
    // Four bytes at a time. With bit 1 flipped, quotes and control characters are the bytes below 0x21. The lowest byte
    // that is marked is always one of those; a borrow can only mark bytes above it.
    for (let at = from; ; at += 4) {
      const word = view.getInt32(at, true);
      const flipped = word ^ 0x02020202;
      const noBackslash = word ^ 0x5c5c5c5c;
      const marks =
        (((flipped - 0x21212121) & ~flipped) | ((noBackslash - 0x01010101) & ~noBackslash)) & -0x7f7f7f80;
      if (marks !== 0) return at + ((31 - Math.clz32(marks & -marks)) >> 3);
    }
  }

  /** The closing quote of a string. @param from behind the opening one */
  stringEnd(from: number): number {
    const { bytes } = this;
    let at = this.#special(from);
    while (bytes[at] !== QUOTE) {
      if (bytes[at] !== BACKSLASH) return ODD;
      const escaped = bytes[at + 1] ?? 0;
      if (ESCAPES[escaped] === 1) at += 2;
      else if (escaped === LOWER_U && this.#isHex(at + 2)) at += 6;
      else return ODD;
      at = this.#special(at);
    }
    return at;
  }

  /** The closing quote of a string without escapes, so that its bytes are its text. @param from behind the opening one */
  plainEnd(from: number): number {
    const at = this.#special(from);
    return this.bytes[at] === QUOTE ? at : ODD;
  }

  /** Behind a value of any kind. */
  valueEnd(from: number): number {
    const { bytes } = this;
    let at = from;
    let nested = 0;
    /** The innermost one is the lowest bit: 1 for an object. */
    let kinds = 0;
    for (;;) {
      const byte = bytes[at] ?? 0;
      if (byte === OBJECT || byte === LIST) {
        if (bytes[at + 1] === byte + 2) at += 2;
        else {
          if (nested === MOST_NESTED) return ODD;
          nested += 1;
          kinds = (kinds << 1) | Number(byte === OBJECT);
          at += 1;
          if (byte === OBJECT && (at = this.#nameEnd(at)) === ODD) return ODD;
          continue;
        }
      } else if ((at = this.#scalarEnd(at, byte)) === ODD) return ODD;

      // Behind a value: close what ends here.
      for (; nested > 0 && bytes[at] === ((kinds & 1) === 1 ? END_OF_OBJECT : END_OF_LIST); at += 1) {
        nested -= 1;
        kinds >>>= 1;
      }
      if (nested === 0) return at;
      if (bytes[at] !== COMMA) return ODD;
      at += 1;
      if ((kinds & 1) === 1 && (at = this.#nameEnd(at)) === ODD) return ODD;
    }
  }

  /** A whole number that is not negative, `ODD` for anything else. `end` is behind it. */
  integer(from: number): number {
    const { bytes } = this;
    let at = from;
    let value = 0;
    for (let byte = bytes[at] ?? 0; byte >= ZERO && byte <= NINE; byte = bytes[at] ?? 0) {
      value = value * 10 + (byte - ZERO);
      at += 1;
    }
    const digits = at - from;
    if (digits === 0 || digits > MOST_DIGITS || (digits > 1 && bytes[from] === ZERO)) return ODD;
    this.end = at;
    return isMoreOfNumber(bytes[at]) ? ODD : value;
  }

  /** Whether `null` stands there; whatever follows it. */
  isNull(at: number): boolean {
    return this.word(at) === NULL;
  }

  /** Whether `true` stands there; whatever follows it. */
  isTrue(at: number): boolean {
    return this.word(at) === TRUE;
  }

  /** Whether `false` stands there; whatever follows it. */
  isFalse(at: number): boolean {
    return this.word(at) === FALS && this.bytes[at + 4] === LOWER_E;
  }

  /** Behind the name of a field and its colon. */
  #nameEnd(from: number): number {
    if (this.bytes[from] !== QUOTE) return ODD;
    const at = this.stringEnd(from + 1);
    return at !== ODD && this.bytes[at + 1] === COLON ? at + 2 : ODD;
  }

  #scalarEnd(from: number, byte: number): number {
    if (byte === QUOTE) {
      const at = this.stringEnd(from + 1);
      return at === ODD ? ODD : at + 1;
    }
    if ((byte >= ZERO && byte <= NINE) || byte === MINUS) return this.#numberEnd(from);
    if (this.isTrue(from) || this.isNull(from)) return from + 4;
    return this.isFalse(from) ? from + 5 : ODD;
  }

  #numberEnd(from: number): number {
    const { bytes } = this;
    const first = bytes[from] === MINUS ? from + 1 : from;
    let at = first;
    for (let byte = bytes[at] ?? 0; byte >= ZERO && byte <= NINE; byte = bytes[at] ?? 0) at += 1;
    if (at === first || (bytes[first] === ZERO && at > first + 1)) return ODD;
    return isMoreOfNumber(bytes[at]) ? ODD : at;
  }

  #isHex(from: number): boolean {
    for (let at = from; at < from + 4; at += 1) if (HEX_DIGITS[this.bytes[at] ?? 0] !== 1) return false;
    return true;
  }
}

/** A fraction or an exponent. */
function isMoreOfNumber(byte: number | undefined): boolean {
  return byte === POINT || byte === LOWER_E || byte === UPPER_E;
}
