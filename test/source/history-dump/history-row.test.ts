/** ② Rows of each layout become events; other rows are left out, and damaged ones reported. */
import { describe, expect, test } from 'vitest';
import { columnsFor } from '../../../src/source/history-dump/columns.ts';
import { countColumns, rowReader } from '../../../src/source/history-dump/history-row.ts';
import type { HistoryEvent, RowReading } from '../../../src/source/history-dump/history-row.ts';
import { row, sampleRows } from './fixtures.ts';
import type { RowFields } from './fixtures.ts';

const FROM = Date.UTC(2001, 0, 1);
const TO = Date.UTC(2027, 0, 1);

function read(bytes: Buffer, fromMs = FROM, toMs = TO): RowReading {
  return rowReader(columnsFor(countColumns(bytes), 'test'), fromMs, toMs)(bytes);
}

function eventOf(fields: RowFields): HistoryEvent {
  const reading = read(row(78, fields));
  if (reading.kind !== 'edit') throw new Error(JSON.stringify(reading));
  return reading.event;
}

describe('real rows of 70 columns', () => {
  test('an import, a bot’s edit and an event of a user', () => {
    expect(sampleRows().map(each => read(each))).toEqual([
      {
        kind: 'edit',
        event: {
          type: 'new',
          namespace: 0,
          title: 'VadoLuci',
          comment: '*',
          timestamp: Date.UTC(2001, 0, 15, 19, 27, 13) / 1000,
          user: 'Isboqa.henoc.ruf',
          bot: false,
          minor: false,
          length: { new: 26 },
          revision: { new: 207_963_602 },
          wiki: 'enwiki',
        },
      },
      {
        kind: 'edit',
        event: {
          type: 'edit',
          namespace: 0,
          title: 'Hgerzm Yoynhoz',
          comment:
            '/* faf */[[DG:IHJ/RG|Kikohet soqag]], toyhoqus: | qicaisuwelr    \t= [[Azpooc]]\n| → | qicaisuwelr    \t= Acfeipa\n|',
          timestamp: Date.UTC(2023, 0, 31, 21, 32, 7) / 1000,
          user: 'PonnhSev',
          bot: true,
          minor: false,
          length: { old: 5753, new: 5750 },
          revision: { old: 1_751_763_852, new: 2_486_587_636 },
          wiki: 'enwiki',
        },
      },
      { kind: 'other' },
    ]);
  });
});

describe('layouts', () => {
  test.each([70, 76, 78])('%i columns', count => {
    expect(read(row(count, { botBy: 'name,group', minor: 'true' }))).toEqual({
      kind: 'edit',
      event: {
        type: 'edit',
        namespace: 0,
        title: 'Main Page',
        comment: 'a comment',
        timestamp: Date.UTC(2026, 8, 30, 10, 20, 30) / 1000,
        user: 'Ann',
        bot: true,
        minor: true,
        length: { old: 503, new: 500 },
        revision: { old: 1000, new: 1001 },
        wiki: 'enwiki',
      },
    });
  });

  test.each([1, 69, 71, 77, 79])('%i columns are refused', count => {
    expect(() => columnsFor(count, 'some file')).toThrow(
      expect.objectContaining({
        code: 'dump_unreadable',
        message: `some file: its rows have ${count} columns; supported are 70, 76, 78`,
      }) as Error,
    );
  });
});

describe('what is kept', () => {
  test.each([
    { entity: 'page' },
    { entity: 'user' },
    { eventType: 'move' },
    { entity: 'revisions' },
    { eventType: 'created' },
  ])('not $entity $eventType', fields => {
    expect(read(row(78, fields))).toEqual({ kind: 'other' });
  });

  test('the range starts at fromMs and ends before toMs', () => {
    const at = Date.UTC(2026, 8, 30, 10, 20, 30);
    const edit = row(78);
    expect(read(edit, at, at + 1).kind).toBe('edit');
    expect(read(edit, at - 1, at).kind).toBe('other');
    expect(read(edit, at + 1, TO).kind).toBe('other');
    expect(read(edit, at - 999, at + 1000).kind).toBe('edit');
    expect(read(edit, at, at).kind).toBe('other');
  });
});

describe('fields', () => {
  test('the first edit of a page has no old side', () => {
    const firsts = ['', '0'].map(parent => eventOf({ parent, bytes: '26', diff: '26' }));
    for (const event of firsts) {
      expect(event).toMatchObject({ type: 'new', length: { new: 26 }, revision: { new: 1001 } });
      expect(event.length).not.toHaveProperty('old');
      expect(event.revision).not.toHaveProperty('old');
    }
  });

  test('without a difference an edit has no length, a new page has one', () => {
    expect(eventOf({ diff: '' })).not.toHaveProperty('length');
    expect(eventOf({ diff: '', parent: '0' }).length).toEqual({ new: 500 });
    expect(eventOf({ bytes: '' })).not.toHaveProperty('length');
  });

  test('a title is kept only where its full name is known', () => {
    expect(eventOf({ title: 'A_B_c' }).title).toBe('A B c');
    for (const namespace of ['1', '-1', '', 'x']) expect(eventOf({ namespace })).not.toHaveProperty('title');
    expect(eventOf({ namespace: '' })).not.toHaveProperty('namespace');
  });

  test('null columns are absent', () => {
    const event = eventOf({ comment: '', user: '', minor: '', title: '' });
    for (const name of ['comment', 'user', 'minor', 'title', 'meta', 'id', '$schema']) {
      expect(event).not.toHaveProperty(name);
    }
  });

  test('tab, newline and carriage return are unescaped, nothing else', () => {
    expect(eventOf({ comment: String.raw`a\tb\nc\rd\e\\f,\,` }).comment).toBe('a\tb\nc\rd\\e\\\\f,\\,');
    expect(eventOf({ user: 'Ünïcödé 🙂' }).user).toBe('Ünïcödé 🙂');
  });
});

describe('unusable rows', () => {
  test.each([
    [{ time: '' }, 'bad_timestamp'],
    [{ time: '2026-09-30' }, 'bad_timestamp'],
    [{ time: '2026-19-30 10:20:30.0' }, 'bad_timestamp'],
    [{ wiki: 'En Wiki' }, 'bad_wiki'],
    [{ revision: '' }, 'bad_revision'],
    [{ revision: '1e3' }, 'bad_revision'],
    [{ parent: 'x' }, 'bad_revision'],
    [{ bytes: '1.5' }, 'bad_length'],
    [{ diff: '99999999999' }, 'bad_length'],
  ] as const)('%j is %s', (fields, reason) => {
    expect(read(row(78, fields))).toEqual({ kind: 'unusable', reason });
  });

  test('a different number of columns, and invalid UTF-8', () => {
    const reader = rowReader(columnsFor(78, 'test'), FROM, TO);
    const more = Buffer.concat([row(78), Buffer.from('\tx')]);
    const fewer = row(78).subarray(0, row(78).lastIndexOf('\t'));
    for (const bytes of [more, fewer])
      expect(reader(bytes)).toEqual({ kind: 'unusable', reason: 'bad_columns' });
    const bytes = row(78, { comment: 'XX' });
    bytes[bytes.indexOf('XX')] = 0xff;
    expect(reader(bytes)).toEqual({ kind: 'unusable', reason: 'invalid_utf8' });
  });
});
