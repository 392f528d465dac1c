/** Gold learns from the log how far the stream was read: in order, once, and also what was committed while it was away. */
import { describe, expect, test } from 'vitest';
import { PipelineError } from '../../src/contracts/errors.ts';
import type { LogRecord } from '../../src/contracts/storage/log-record.ts';
import type { ReadName, StoredRead } from '../../src/contracts/storage/stored-read.ts';
import { ReadRecorder } from '../../src/ingest/read-recorder.ts';
import { untilHolds } from '../support/until.ts';

const iso = (minute: number): string => `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`;

/** A log to which a test appends, and a gold that can be away. */
class Rig {
  readonly records: LogRecord[] = [];
  readonly recorded: StoredRead[] = [];
  readonly warnings: string[] = [];
  readonly life = new AbortController();
  last: ReadName | undefined;
  failure: Error | undefined;
  /** Resolves once gold answers. */
  silence: Promise<void> | undefined;

  add(record: {
    kind: 'fence' | 'commit';
    readTo?: number;
    wikis?: readonly string[];
    key?: string;
    attempt?: string;
  }): void {
    const { kind, readTo, wikis, key, attempt = 'a' } = record;
    this.records.push({
      kind,
      sequence: this.records.length + 1,
      writer: { attempt, workflowId: 'w', runId: 'r' },
      parts: key === undefined ? [] : [{ key }],
      ...(readTo !== undefined && { readTo: iso(readTo) }),
      ...(wikis !== undefined && { wikis }),
    } as unknown as LogRecord);
  }

  recorder(): ReadRecorder {
    const { records } = this;
    const answer = async (): Promise<void> => {
      await this.silence;
      if (this.failure !== undefined) throw this.failure;
    };
    return new ReadRecorder({
      gold: {
        lastRead: async () => {
          await answer();
          return this.last;
        },
        recordReads: async reads => {
          await answer();
          this.recorded.push(...reads);
        },
      },
      log: {
        get tail() {
          const tail = records.at(-1);
          if (tail === undefined) throw new Error('an empty log');
          return tail;
        },
        async *backwards() {
          yield* records.toReversed();
        },
      },
      signal: this.life.signal,
      logger: { warn: message => void this.warnings.push(message) },
    });
  }
}

const away = (retryable: boolean): PipelineError =>
  new PipelineError('gold is away', {
    code: 'postgres_unavailable',
    op: 'write',
    subject: 'gold',
    retryable,
  });

function rig(): Rig {
  const made = new Rig();
  made.add({ kind: 'fence' });
  made.add({ kind: 'commit', readTo: 0 });
  made.add({ kind: 'commit', readTo: 5, key: 'one' });
  return made;
}
const FIRST = { attempt: 'a', sequence: 2, from: iso(0), to: iso(0), keys: [] };
const SECOND = { attempt: 'a', sequence: 3, from: iso(0), to: iso(5), keys: ['one'] };

describe('the recorder', () => {
  test('records what the log has, and then each commit, with parts or without', async () => {
    const made = rig();
    const recorder = made.recorder();
    await recorder.record();
    expect(made.recorded).toEqual([FIRST, SECOND]);
    made.add({ kind: 'commit', readTo: 9 });
    await recorder.record();
    await recorder.record();
    expect(made.recorded.slice(2)).toEqual([{ ...FIRST, sequence: 4, from: iso(5), to: iso(9) }]);
  });

  test('continues after the record that gold has, also in another epoch', async () => {
    const made = rig();
    made.last = { attempt: 'a', sequence: 3 };
    made.add({ kind: 'fence', readTo: 5, attempt: 'b' });
    made.add({ kind: 'commit', readTo: 7, attempt: 'b', wikis: ['enwiki'] });
    await made.recorder().record();
    expect(made.recorded).toEqual([
      { attempt: 'b', sequence: 5, from: iso(5), to: iso(7), wikis: ['enwiki'], keys: [] },
    ]);
  });

  test('records the whole log when gold has a record of another one', async () => {
    const made = rig();
    made.last = { attempt: 'lost', sequence: 3 };
    await made.recorder().record();
    expect(made.recorded).toEqual([FIRST, SECOND]);
  });

  test('says nothing of records of an earlier version, and begins after them', async () => {
    const made = new Rig();
    made.add({ kind: 'fence' });
    made.add({ kind: 'commit', key: 'old' });
    made.add({ kind: 'fence', attempt: 'b' });
    made.add({ kind: 'commit', attempt: 'b', readTo: 20, key: 'new' });
    await made.recorder().record();
    expect(made.recorded).toEqual([{ attempt: 'b', sequence: 4, from: iso(20), to: iso(20), keys: ['new'] }]);
  });

  test('does not keep reading waiting for a gold that is silent, and records everything when it is back', async () => {
    const made = rig();
    const recorder = made.recorder();
    let speak = (): void => undefined;
    made.silence = new Promise(resolve => (speak = resolve));
    void recorder.record();
    made.add({ kind: 'commit', readTo: 9 });
    await recorder.record();
    expect(made.recorded).toEqual([]);
    made.silence = undefined;
    speak();
    await untilHolds(async () => expect(made.recorded.map(({ sequence }) => sequence)).toEqual([2, 3, 4]));
  });

  test('tries again after the next commit when trying alone cannot help, and says so', async () => {
    const made = rig();
    const recorder = made.recorder();
    made.failure = away(false);
    await recorder.record();
    expect(made.warnings).toEqual([expect.stringContaining('gold is away')]);
    made.failure = undefined;
    made.add({ kind: 'commit', readTo: 9 });
    await recorder.record();
    expect(made.recorded.map(({ sequence }) => sequence)).toEqual([2, 3, 4]);
  });

  test('ends with its run, without a word', async () => {
    const made = rig();
    made.failure = away(true);
    const recording = made.recorder().record();
    made.life.abort();
    await recording;
    expect(made.warnings).toEqual([]);
  });
});
