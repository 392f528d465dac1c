/**
 * ⑤ Reads events of the stream from the bytes of their lines, several times as fast as the judge. It is sure or silent:
 * whatever is not written as Wikimedia writes it is left to the judge, and what it returns is what the judge returns
 * where any time in the future is accepted. test/recentchange/line-reader and test/model/fuzz-lines compare the two.
 */
import { FieldNames, NO_FIELD } from '../core/field-names.ts';
import { ODD, wordOf } from '../core/json-bytes.ts';
import type { JsonBytes } from '../core/json-bytes.ts';
import type { CountedEvent } from '../core/line-reader.ts';
import { NameCache } from '../core/name-cache.ts';
import { sentNear } from '../core/reading.ts';
import type { Origin } from '../core/reading.ts';
import { isWikiName } from '../core/wiki-name.ts';
import { EARLIEST, LATEST, isSize } from './judge.ts';
import { SentTimes } from './sent-time.ts';

const NEWLINE = 10;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OBJECT = 0x7b;
const END_OF_OBJECT = 0x7d;

const CANA = wordOf('cana');
const NARY = wordOf('nary');
const OLD = wordOf('old"');
const NEW = wordOf('new"');

/** Numbers of the fields of an event that matter, and of those of its `meta`, as `FieldNames` gives them. */
const EVENT_FIELDS = ['meta', 'type', 'timestamp', 'bot', 'length', 'revision', 'wiki'];
const [META, TYPE, TIMESTAMP, BOT, LENGTH, REVISION, WIKI] = [1, 2, 3, 4, 5, 6, 7];
const META_FIELDS = ['id', 'domain', 'dt', 'topic', 'partition', 'offset'];
const [ID, DOMAIN, DT, TOPIC, PARTITION, OFFSET] = [1, 2, 3, 4, 5, 6];
const REQUIRED = (1 << META) | (1 << TIMESTAMP) | (1 << WIKI);

export class RecentChangeLines {
  readonly #countedTypes: ReadonlySet<string>;
  readonly #names = new FieldNames(EVENT_FIELDS);
  readonly #metaNames = new FieldNames(META_FIELDS);
  readonly #types = new NameCache();
  readonly #topics = new NameCache();
  readonly #wikis = new NameCache(isWikiName);
  readonly #times = new SentTimes();

  /** Fields of the line that is being read, and of its `meta`: bit n for the field with number n. */
  #seen = 0;
  #seenInMeta = 0;
  #type = '';
  #wiki = '';
  #timestamp = 0;
  #isBot = false;
  #bytesChange = 0;
  /** `ODD` where it is missing or null. */
  #revision = 0;
  #sentAtMs = 0;
  #topic = '';
  #partition = 0;
  #offset = 0;
  /** Of the pair that was read last; `ODD` where a side is missing or null. */
  #old = ODD;
  #new = ODD;

  constructor(countedTypes: ReadonlySet<string>) {
    this.#countedTypes = countedTypes;
  }

  /** As `LineReader` says. */
  read(json: JsonBytes, from: number, needsId: boolean): CountedEvent | undefined {
    const { bytes } = json;
    if (bytes[from] !== OBJECT) return undefined;
    this.#isBot = false;
    this.#bytesChange = 0;
    const names = this.#names;
    names.restart();
    let seen = 0;
    let at = from;
    do {
      const field = bytes[at + 1] === QUOTE ? names.read(json, at + 2) : ODD;
      if (field === ODD) return undefined;
      const { value } = names;
      if (field === NO_FIELD) at = valueEnd(json, value);
      else {
        // Of two fields with the same name the last one counts: the judge knows which that is.
        if ((seen & (1 << field)) !== 0) return undefined;
        seen |= 1 << field;
        at = this.#eventField(json, field, value);
      }
    } while (at !== ODD && bytes[at] === COMMA);
    if (at === ODD || bytes[at] !== END_OF_OBJECT || bytes[at + 1] !== NEWLINE) return undefined;
    json.end = at + 1;
    this.#seen = seen;
    return this.#event(needsId);
  }

  #event(needsId: boolean): CountedEvent | undefined {
    const seen = this.#seen;
    const inMeta = this.#seenInMeta;
    if ((seen & REQUIRED) !== REQUIRED || (needsId && (inMeta & (1 << ID)) === 0)) return undefined;
    const isEdit = (seen & (1 << TYPE)) !== 0 && this.#countedTypes.has(this.#type);
    if (isEdit && ((seen & (1 << REVISION)) === 0 || this.#revision < 0)) return undefined;
    return {
      wiki: this.#wiki,
      timestamp: this.#timestamp,
      sentAtMs: sentNear(this.#timestamp * 1000, (inMeta & (1 << DT)) === 0 ? undefined : this.#sentAtMs),
      origin: (inMeta & (1 << TOPIC)) === 0 ? undefined : this.#origin(inMeta),
      edit: isEdit
        ? { revision: this.#revision, isBot: this.#isBot, bytesChange: this.#bytesChange }
        : undefined,
    };
  }

  #origin(inMeta: number): Origin {
    const topic = this.#topic;
    const partition = this.#partition;
    const offset = (inMeta & (1 << OFFSET)) === 0 ? undefined : this.#offset;
    return (inMeta & (1 << PARTITION)) !== 0 && partition > 0
      ? { topic, partition, offset }
      : { topic, offset };
  }

  /** Reads one field of the event. @returns where its value ends, or `ODD` */
  #eventField(json: JsonBytes, field: number, value: number): number {
    switch (field) {
      case META:
        return this.#readMeta(json, value);
      case TYPE:
        return this.#readType(json, value);
      case TIMESTAMP:
        this.#timestamp = json.integer(value);
        return this.#timestamp < EARLIEST || this.#timestamp > LATEST ? ODD : json.end;
      case BOT:
        this.#isBot = json.isTrue(value);
        return json.valueEnd(value);
      case LENGTH:
        return this.#readLength(json, value);
      case REVISION: {
        const end = this.#readSides(json, value);
        this.#revision = this.#new;
        return end;
      }
      default:
        return this.#readWiki(json, value);
    }
  }

  #readType(json: JsonBytes, value: number): number {
    const end = json.bytes[value] === QUOTE ? json.plainEnd(value + 1) : ODD;
    const type = end === ODD ? undefined : this.#types.textOf(json, value + 1, end);
    if (type === undefined) return ODD;
    this.#type = type;
    return end + 1;
  }

  #readWiki(json: JsonBytes, value: number): number {
    const end = json.bytes[value] === QUOTE ? json.plainEnd(value + 1) : ODD;
    const wiki = end === ODD ? undefined : this.#wikis.textOf(json, value + 1, end);
    if (wiki === undefined) return ODD;
    this.#wiki = wiki;
    return end + 1;
  }

  #readLength(json: JsonBytes, value: number): number {
    if (json.isNull(value)) return value + 4;
    const end = this.#readSides(json, value);
    // A side that is missing or null counts as 0.
    const before = Math.max(this.#old, 0);
    const after = Math.max(this.#new, 0);
    if (!isSize(before) || !isSize(after)) return ODD;
    this.#bytesChange = after - before;
    return end;
  }

  /** Reads `{"old":…,"new":…}`. @returns where it ends, or `ODD` */
  #readSides(json: JsonBytes, value: number): number {
    const { bytes } = json;
    if (bytes[value] !== OBJECT) return ODD;
    let hasOld = false;
    let hasNew = false;
    this.#old = ODD;
    this.#new = ODD;
    let at = value;
    do {
      if (bytes[at + 1] !== QUOTE || bytes[at + 6] !== COLON) return ODD;
      const name = json.word(at + 2);
      const isNull = json.isNull(at + 7);
      const side = isNull ? ODD : json.integer(at + 7);
      if (side === ODD && !isNull) return ODD;
      if (name === NEW && !hasNew) {
        this.#new = side;
        hasNew = true;
      } else if (name === OLD && !hasOld) {
        this.#old = side;
        hasOld = true;
      } else return ODD;
      at = isNull ? at + 11 : json.end;
    } while (bytes[at] === COMMA);
    return bytes[at] === END_OF_OBJECT ? at + 1 : ODD;
  }

  #readMeta(json: JsonBytes, from: number): number {
    const { bytes } = json;
    if (bytes[from] !== OBJECT) return ODD;
    const names = this.#metaNames;
    names.restart();
    let seen = 0;
    let at = from;
    do {
      const field = bytes[at + 1] === QUOTE ? names.read(json, at + 2) : ODD;
      if (field === ODD) return ODD;
      const { value } = names;
      if (field === NO_FIELD) at = valueEnd(json, value);
      else {
        if ((seen & (1 << field)) !== 0) return ODD;
        seen |= 1 << field;
        at = this.#metaField(json, field, value);
      }
    } while (at !== ODD && bytes[at] === COMMA);
    this.#seenInMeta = seen;
    return at !== ODD && bytes[at] === END_OF_OBJECT ? at + 1 : ODD;
  }

  /** Reads one field of `meta`. @returns where its value ends, or `ODD` */
  #metaField(json: JsonBytes, field: number, value: number): number {
    if (field === PARTITION) {
      this.#partition = json.integer(value);
      return this.#partition === ODD ? ODD : json.end;
    }
    if (field === OFFSET) {
      this.#offset = json.integer(value);
      return this.#offset === ODD ? ODD : json.end;
    }
    // All others are texts, and those that are looked at have no escapes.
    if (json.bytes[value] !== QUOTE) return ODD;
    const first = value + 1;
    const end = field === ID ? json.stringEnd(first) : json.plainEnd(first);
    if (end === ODD) return ODD;
    switch (field) {
      case ID:
        return end === first ? ODD : end + 1;
      case DOMAIN:
        // Whatever is not an event is left to the judge.
        return end - first === 6 && json.word(first) === CANA && json.word(first + 2) === NARY
          ? ODD
          : end + 1;
      case DT:
        this.#sentAtMs = this.#times.read(json, first, end);
        return Number.isNaN(this.#sentAtMs) ? ODD : end + 1;
      default:
        return this.#readTopic(json, first, end);
    }
  }

  #readTopic(json: JsonBytes, first: number, end: number): number {
    const topic = this.#topics.textOf(json, first, end);
    if (topic === undefined) return ODD;
    this.#topic = topic;
    return end + 1;
  }
}

/** Behind the value of a field that does not matter; most of them are texts. */
function valueEnd(json: JsonBytes, value: number): number {
  if (json.bytes[value] !== QUOTE) return json.valueEnd(value);
  const end = json.stringEnd(value + 1);
  return end === ODD ? ODD : end + 1;
}
