/**
 * ⑤ Reads events of the stream from the bytes of their lines, several times as fast as the judge. It is sure or silent:
 * whatever is not written as Wikimedia writes it is left to the judge, and what it returns is what the judge returns
 * where any time in the future is accepted. test/recentchange/line-reader and test/model/fuzz-lines compare the two.
 */
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
const LOWER_P = 0x70;

const META = wordOf('meta');
const TYPE = wordOf('type');
const WIKI = wordOf('wiki');
const TIME = wordOf('time');
const STAM = wordOf('stam');
const LENG = wordOf('leng');
const NGTH = wordOf('ngth');
const REVI = wordOf('revi');
const SION = wordOf('sion');
const DOMA = wordOf('doma');
const MAIN = wordOf('main');
const TOPI = wordOf('topi');
const PART = wordOf('part');
const ITIO = wordOf('itio');
const TION = wordOf('tion');
const OFFS = wordOf('offs');
const FSET = wordOf('fset');
const CANA = wordOf('cana');
const NARY = wordOf('nary');
const LOWER_C = 0x63;
/** Names of three and two characters, with the quote behind them. */
const BOT = wordOf('bot"');
const OLD = wordOf('old"');
const NEW = wordOf('new"');
const ID = wordOf('id":');
const DT = wordOf('dt":');

/** Fields that were seen. The last of two with the same name counts, and only the judge knows that. */
const SEEN = {
  meta: 1,
  type: 2,
  wiki: 4,
  timestamp: 8,
  bot: 16,
  length: 32,
  revision: 64,
  id: 128,
  dt: 256,
  domain: 512,
  topic: 1024,
  partition: 2048,
  offset: 4096,
} as const;
const REQUIRED = SEEN.meta | SEEN.wiki | SEEN.timestamp;

/** What the fields of one line say. */
interface Fields {
  seen: number;
  type: string;
  wiki: string;
  timestamp: number;
  isBot: boolean;
  bytesChange: number;
  /** `ODD` where it is missing or null. */
  revision: number;
  sentAtMs: number;
  topic: string;
  partition: number;
  offset: number;
}

export class RecentChangeLines {
  readonly #countedTypes: ReadonlySet<string>;
  readonly #names = new NameCache();
  readonly #wikis = new NameCache(isWikiName);
  readonly #times = new SentTimes();
  readonly #fields: Fields = {
    seen: 0,
    type: '',
    wiki: '',
    timestamp: 0,
    isBot: false,
    bytesChange: 0,
    revision: 0,
    sentAtMs: 0,
    topic: '',
    partition: 0,
    offset: 0,
  };

  /** Of the pair that was read last; `ODD` where a side is missing or null. */
  #old = ODD;
  #new = ODD;

  constructor(countedTypes: ReadonlySet<string>) {
    this.#countedTypes = countedTypes;
  }

  /** The event of a line; undefined where the judge has to decide. `json.end` is then the end of the line. */
  read(json: JsonBytes, from: number, needsId: boolean): CountedEvent | undefined {
    const { bytes } = json;
    if (bytes[from] !== OBJECT) return undefined;
    const fields = this.#fields;
    fields.seen = 0;
    fields.isBot = false;
    fields.bytesChange = 0;
    let at = from;
    do {
      if (bytes[at + 1] !== QUOTE) return undefined;
      const name = at + 2;
      const nameEnd = json.plainEnd(name);
      if (nameEnd === ODD || bytes[nameEnd + 1] !== COLON) return undefined;
      at = this.#field(json, name, nameEnd - name);
    } while (at !== ODD && bytes[at] === COMMA);
    if (at === ODD || bytes[at] !== END_OF_OBJECT || bytes[at + 1] !== NEWLINE) return undefined;
    json.end = at + 1;
    return this.#event(needsId);
  }

  #event(needsId: boolean): CountedEvent | undefined {
    const { seen, type, wiki, timestamp, isBot, bytesChange, revision, sentAtMs } = this.#fields;
    if ((seen & REQUIRED) !== REQUIRED || (needsId && (seen & SEEN.id) === 0)) return undefined;
    const isEdit = (seen & SEEN.type) !== 0 && this.#countedTypes.has(type);
    if (isEdit && ((seen & SEEN.revision) === 0 || revision < 0)) return undefined;
    return {
      wiki,
      timestamp,
      sentAtMs: sentNear(timestamp * 1000, (seen & SEEN.dt) === 0 ? undefined : sentAtMs),
      origin: (seen & SEEN.topic) === 0 ? undefined : this.#origin(),
      edit: isEdit ? { revision, isBot, bytesChange } : undefined,
    };
  }

  #origin(): Origin {
    const { seen, topic, partition, offset } = this.#fields;
    const known = (seen & SEEN.offset) === 0 ? undefined : offset;
    return (seen & SEEN.partition) !== 0 && partition > 0
      ? { topic, partition, offset: known }
      : { topic, offset: known };
  }

  /** Reads one field of the event. @returns where its value ends, or `ODD` */
  #field(json: JsonBytes, name: number, length: number): number {
    const value = name + length + 2;
    const word = json.word(name);
    switch (length) {
      case 3:
        if (word === BOT) return this.#bot(json, value);
        break;
      case 4:
        if (word === META) return this.#meta(json, value);
        if (word === TYPE) return this.#type(json, value);
        if (word === WIKI) return this.#wiki(json, value);
        break;
      case 6:
        if (word === LENG && json.word(name + 2) === NGTH) return this.#length(json, value);
        break;
      case 8:
        if (word === REVI && json.word(name + 4) === SION) return this.#revision(json, value);
        break;
      case 9:
        if (word === TIME && json.word(name + 4) === STAM && json.bytes[name + 8] === LOWER_P)
          return this.#timestamp(json, value);
        break;
    }
    return json.valueEnd(value);
  }

  /** Whether a field comes for the first time. */
  #isFirst(field: number): boolean {
    const fields = this.#fields;
    if ((fields.seen & field) !== 0) return false;
    fields.seen |= field;
    return true;
  }

  #bot(json: JsonBytes, value: number): number {
    if (!this.#isFirst(SEEN.bot)) return ODD;
    this.#fields.isBot = json.isTrue(value);
    return json.valueEnd(value);
  }

  #type(json: JsonBytes, value: number): number {
    if (!this.#isFirst(SEEN.type) || json.bytes[value] !== QUOTE) return ODD;
    const end = json.plainEnd(value + 1);
    if (end === ODD) return ODD;
    const type = this.#names.textOf(json, value + 1, end);
    if (type === undefined) return ODD;
    this.#fields.type = type;
    return end + 1;
  }

  #wiki(json: JsonBytes, value: number): number {
    if (!this.#isFirst(SEEN.wiki) || json.bytes[value] !== QUOTE) return ODD;
    const end = json.plainEnd(value + 1);
    if (end === ODD) return ODD;
    const wiki = this.#wikis.textOf(json, value + 1, end);
    if (wiki === undefined) return ODD;
    this.#fields.wiki = wiki;
    return end + 1;
  }

  #timestamp(json: JsonBytes, value: number): number {
    if (!this.#isFirst(SEEN.timestamp)) return ODD;
    const timestamp = json.integer(value);
    if (timestamp < EARLIEST || timestamp > LATEST) return ODD;
    this.#fields.timestamp = timestamp;
    return json.end;
  }

  #length(json: JsonBytes, value: number): number {
    if (!this.#isFirst(SEEN.length)) return ODD;
    if (json.isNull(value)) {
      this.#fields.bytesChange = 0;
      return value + 4;
    }
    const end = this.#sides(json, value);
    // A side that is missing or null counts as 0.
    const before = Math.max(this.#old, 0);
    const after = Math.max(this.#new, 0);
    if (!isSize(before) || !isSize(after)) return ODD;
    this.#fields.bytesChange = after - before;
    return end;
  }

  #revision(json: JsonBytes, value: number): number {
    if (!this.#isFirst(SEEN.revision)) return ODD;
    const end = this.#sides(json, value);
    this.#fields.revision = this.#new;
    return end;
  }

  /** Reads `{"old":…,"new":…}`. @returns where it ends, or `ODD` */
  #sides(json: JsonBytes, value: number): number {
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

  #meta(json: JsonBytes, value: number): number {
    const { bytes } = json;
    if (!this.#isFirst(SEEN.meta) || bytes[value] !== OBJECT) return ODD;
    let at = value;
    do {
      if (bytes[at + 1] !== QUOTE) return ODD;
      const name = at + 2;
      const nameEnd = json.plainEnd(name);
      if (nameEnd === ODD || bytes[nameEnd + 1] !== COLON) return ODD;
      at = this.#metaField(json, name, nameEnd - name);
    } while (at !== ODD && bytes[at] === COMMA);
    return at !== ODD && bytes[at] === END_OF_OBJECT ? at + 1 : ODD;
  }

  /** Reads one field of `meta`. @returns where its value ends, or `ODD` */
  #metaField(json: JsonBytes, name: number, length: number): number {
    const value = name + length + 2;
    const word = json.word(name);
    switch (length) {
      case 2:
        if (word === ID) return this.#id(json, value);
        if (word === DT) return this.#sent(json, value);
        break;
      case 5:
        if (word === TOPI && json.bytes[name + 4] === LOWER_C) return this.#topic(json, value);
        break;
      case 6:
        if (word === DOMA && json.word(name + 2) === MAIN) return this.#domain(json, value);
        if (word === OFFS && json.word(name + 2) === FSET) return this.#offset(json, value);
        break;
      case 9:
        if (word === PART && json.word(name + 4) === ITIO && json.word(name + 5) === TION)
          return this.#partition(json, value);
        break;
    }
    return json.valueEnd(value);
  }

  #id(json: JsonBytes, value: number): number {
    if (!this.#isFirst(SEEN.id) || json.bytes[value] !== QUOTE) return ODD;
    const end = json.stringEnd(value + 1);
    return end === ODD || end === value + 1 ? ODD : end + 1;
  }

  #sent(json: JsonBytes, value: number): number {
    if (!this.#isFirst(SEEN.dt) || json.bytes[value] !== QUOTE) return ODD;
    const end = json.plainEnd(value + 1);
    if (end === ODD) return ODD;
    const sentAtMs = this.#times.read(json, value + 1, end);
    this.#fields.sentAtMs = sentAtMs;
    return Number.isNaN(sentAtMs) ? ODD : end + 1;
  }

  #domain(json: JsonBytes, value: number): number {
    if (!this.#isFirst(SEEN.domain) || json.bytes[value] !== QUOTE) return ODD;
    const end = json.plainEnd(value + 1);
    if (end === ODD) return ODD;
    const isCanary = end - value === 7 && json.word(value + 1) === CANA && json.word(value + 3) === NARY;
    return isCanary ? ODD : end + 1;
  }

  #topic(json: JsonBytes, value: number): number {
    if (!this.#isFirst(SEEN.topic) || json.bytes[value] !== QUOTE) return ODD;
    const end = json.plainEnd(value + 1);
    if (end === ODD) return ODD;
    const topic = this.#names.textOf(json, value + 1, end);
    if (topic === undefined) return ODD;
    this.#fields.topic = topic;
    return end + 1;
  }

  #partition(json: JsonBytes, value: number): number {
    if (!this.#isFirst(SEEN.partition)) return ODD;
    const partition = json.integer(value);
    if (partition === ODD) return ODD;
    this.#fields.partition = partition;
    return json.end;
  }

  #offset(json: JsonBytes, value: number): number {
    if (!this.#isFirst(SEEN.offset)) return ODD;
    const offset = json.integer(value);
    if (offset === ODD) return ODD;
    this.#fields.offset = offset;
    return json.end;
  }
}
