/**
 * Checks the rules of docs/decisions/001-commit-log.md and the invariants 1 to 4 whenever an object is created or removed,
 * by any writer. It has its own, simplest code to read objects.
 */
import { gunzipSync } from 'node:zlib';
import type { LogRecord, StoredEvents } from '../../src/contracts/storage/log-record.ts';
import type { DeadLetter } from '../../src/bronze/part-buffer.ts';
import type { ObjectStore } from '../../src/store/object-store.ts';

const LOG = /^bronze\/_log\/recentchange\/(\d{12})\.json$/;

interface Kept {
  readonly by: string;
  readonly body: Buffer;
}

/** A broken rule. */
export class Violation extends Error {}

export class Ledger {
  readonly #objects = new Map<string, Kept>();
  readonly #records: LogRecord[] = [];
  /** The record that names an object. */
  readonly #named = new Map<string, number>();
  /** Bytes of each visible event (as Latin-1), and the object that contains it. */
  readonly #visible = new Map<string, string>();

  /** A copy, from which another future can follow. */
  copy(): Ledger {
    const copy = new Ledger();
    for (const [key, kept] of this.#objects) copy.#objects.set(key, kept);
    for (const [key, sequence] of this.#named) copy.#named.set(key, sequence);
    for (const [event, key] of this.#visible) copy.#visible.set(event, key);
    copy.#records.push(...this.#records);
    return copy;
  }

  get records(): readonly LogRecord[] {
    return this.#records;
  }

  /** Keys and their writers. Together with what the writers know, they determine the future. */
  get objects(): string[] {
    return [...this.#objects].map(([key, { by }]) => `${key} ${by}`).sort();
  }

  writerOf(key: string): string {
    return this.#objects.get(key)?.by ?? 'nobody';
  }

  /** Whether an object exists and will never change or be removed. */
  isSettled(key: string): boolean {
    return this.#named.has(key) || (LOG.test(key) && this.#objects.has(key));
  }

  /** Sequence of the fence of an attempt; 0 while it has none. */
  fenceOf(writer: string): number {
    return (
      this.#records.find(({ kind, writer: by }) => kind === 'fence' && by.attempt === writer)?.sequence ?? 0
    );
  }

  created(writer: string, key: string, body: Uint8Array): void {
    holds(!this.#objects.has(key), `${key} was there before`);
    this.#objects.set(key, { by: writer, body: Buffer.from(body) });
    const digits = LOG.exec(key)?.[1];
    if (digits !== undefined) this.#logged(writer, Number(digits), body);
  }

  removed(writer: string, key: string): void {
    holds(!LOG.test(key), `${writer} removed the record ${key}`);
    holds(!this.#named.has(key), `${writer} removed ${key}, which record ${this.#named.get(key)} names`);
    this.#objects.delete(key);
  }

  #logged(writer: string, sequence: number, body: Uint8Array): void {
    const record = JSON.parse(Buffer.from(body).toString()) as LogRecord;
    const last = this.#records.at(-1);
    const epoch = this.#records.findLast(({ kind }) => kind === 'fence');
    holds(sequence === (last?.sequence ?? 0) + 1, `record ${sequence} leaves a hole`);
    holds(record.sequence === sequence, `record ${sequence} says that it is ${record.sequence}`);
    holds(record.writer.attempt === writer, `${writer} wrote as ${record.writer.attempt}`);
    goesOn(last, record);
    if (record.kind === 'fence') {
      holds(record.epoch === sequence, `fence ${sequence} is of epoch ${record.epoch}`);
      holds(record.previousEpoch === (epoch?.sequence ?? 0), `fence ${sequence} misses the fence before it`);
    } else {
      holds(
        epoch !== undefined && record.epoch === epoch.sequence,
        `record ${sequence} stands behind no fence`,
      );
      holds(epoch?.writer.attempt === writer, `${writer} was fenced, and wrote record ${sequence}`);
      for (const stored of [...record.parts, ...record.deadLetters]) this.#shown(writer, sequence, stored);
    }
    this.#records.push(record);
  }

  #shown(writer: string, sequence: number, { key, events }: StoredEvents): void {
    const object = this.#objects.get(key);
    if (object === undefined) throw new Violation(`record ${sequence} names ${key}, which is not there`);
    holds(object.by === writer, `record ${sequence} of ${writer} names ${key} of ${object.by}`);
    holds(!this.#named.has(key), `${key} is named twice`);
    this.#named.set(key, sequence);
    const found = eventsIn(key, object.body);
    holds(found.length === events, `${key} holds ${found.length} events, its record says ${events}`);
    for (const event of found) {
      const before = this.#visible.get(event);
      holds(before === undefined, `stored twice, in ${before} and ${key}: ${event}`);
      this.#visible.set(event, key);
    }
  }

  /** At the end, when every writer has stopped: every owed event must be stored, and no event that was not sent. */
  expectWhole(owed: readonly Buffer[], came: readonly Buffer[]): void {
    const lost = owed.map(event => event.toString('latin1')).filter(event => !this.#visible.has(event));
    holds(lost.length === 0, `lost: ${lost.join('; ')}`);
    const known = new Set(came.map(event => event.toString('latin1')));
    const strange = [...this.#visible.keys()].filter(event => !known.has(event));
    holds(strange.length === 0, `never delivered: ${strange.join('; ')}`);
    const left = [...this.#objects.keys()].filter(key => !LOG.test(key) && !this.#named.has(key));
    holds(left.length === 0, `nobody will ever name ${left.join(', ')}`);
  }

  /** The store must contain exactly the bytes that were seen to be stored. */
  async expectSame(store: ObjectStore): Promise<void> {
    const keys: string[] = [];
    for await (const page of store.list('')) keys.push(...page);
    holds(keys.join() === [...this.#objects.keys()].sort().join(), `the store holds ${keys.join(', ')}`);
    for (const [key, { body }] of this.#objects) {
      const object = await store.get(key);
      holds(object !== undefined && body.equals(object.body), `${key} has changed`);
    }
  }
}

function holds(isSo: boolean, otherwise: string): asserts isSo {
  if (!isSo) throw new Violation(otherwise);
}

/** No cursor in a record may move backwards. */
function goesOn(before: LogRecord | undefined, record: LogRecord): void {
  if (before === undefined) return;
  const { sequence, cursor, storedToMs } = record;
  if (before.readTo !== undefined)
    holds((record.readTo ?? '') >= before.readTo, `record ${sequence} takes back how far was read`);
  holds(storedToMs >= before.storedToMs, `record ${sequence} takes back what was stored to`);
  const { startMs } = before.cursor;
  holds(startMs === undefined || cursor.startMs === startMs, `record ${sequence} moves the start`);
  const positions = { ...cursor.topics, ...cursor.partitions };
  const old = { ...before.cursor.topics, ...before.cursor.partitions };
  for (const [topic, { timestampMs }] of Object.entries(old)) {
    const now = positions[topic]?.timestampMs ?? -1;
    holds(now >= timestampMs, `record ${sequence} moves the cursor of ${topic} back`);
  }
}

/** The bytes of the events in an object. */
function eventsIn(key: string, body: Uint8Array): string[] {
  const lines = gunzipSync(body).toString('latin1').split('\n').filter(Boolean);
  if (!key.startsWith('deadletter/')) return lines;
  return lines.map(line => {
    const { raw, rawBase64 } = JSON.parse(Buffer.from(line, 'latin1').toString('utf8')) as DeadLetter;
    return Buffer.from(rawBase64 ?? raw, rawBase64 === undefined ? 'utf8' : 'base64').toString('latin1');
  });
}
