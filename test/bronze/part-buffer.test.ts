/** ③ The buffer between two flushes: nothing is lost or invented, hours are separate, and a flush is due exactly at its limits. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holdsMinute } from '../../src/core/minute-ranges.ts';
import { PartBuffer } from '../../src/bronze/part-buffer.ts';
import type { BufferedEvent, DeadLetter, FlushLimits } from '../../src/bronze/part-buffer.ts';

const TIME = Date.parse('2026-11-20T10:59:59Z') / 1000;
const NOW_MS = 1_000_000;
const NEVER: FlushLimits = { minLines: Infinity, maxAgeMs: Infinity, maxBytes: Infinity };

function event(changes: Partial<BufferedEvent> = {}): BufferedEvent {
  const timestamp = changes.timestamp ?? TIME;
  return {
    line: Buffer.from('{}'),
    id: 'id',
    timestamp,
    sentAtMs: timestamp * 1000,
    isEdit: false,
    ...changes,
  };
}

function letter(changes: Partial<DeadLetter> = {}): DeadLetter {
  return {
    reason: 'not_json',
    raw: 'x',
    eventId: '[]',
    receivedAt: '2026-11-20T11:00:00.000Z',
    identity: 'digest',
    sentAt: '2026-11-20T10:59:59.500Z',
    ...changes,
  };
}

describe('a new buffer', () => {
  test('is empty and never due', () => {
    const buffer = new PartBuffer();
    expect(buffer).toMatchObject({
      lines: 0,
      bytes: 0,
      isEmpty: true,
      storedToMs: 0,
      deadLetters: [],
      identities: [],
    });
    expect(buffer.hours()).toEqual([]);
    expect(buffer.deadLetterRanges).toEqual([]);
    const limits = { minLines: 1, maxAgeMs: 0, maxBytes: 1 };
    expect(buffer.due(limits, Number.MAX_SAFE_INTEGER)).toBeUndefined();
  });
});

describe('a flush is due', () => {
  test('by lines, exactly at the limit, including dead letters', () => {
    const buffer = new PartBuffer();
    const limits = { ...NEVER, minLines: 3 };
    buffer.add(event(), NOW_MS);
    buffer.addDeadLetter(letter(), NOW_MS);
    expect(buffer.due(limits, NOW_MS)).toBeUndefined();
    buffer.add(event(), NOW_MS);
    expect(buffer.due(limits, NOW_MS)).toBe('lines');
  });

  test('by bytes, exactly at the limit, including line ends', () => {
    const buffer = new PartBuffer();
    buffer.add(event({ line: Buffer.alloc(99) }), NOW_MS);
    expect(buffer.bytes).toBe(100);
    expect(buffer.due({ ...NEVER, maxBytes: 101 }, NOW_MS)).toBeUndefined();
    expect(buffer.due({ ...NEVER, maxBytes: 100 }, NOW_MS)).toBe('bytes');
  });

  test('by hours, each of which is an object, exactly at 500', () => {
    const buffer = new PartBuffer();
    const { timestamp } = event();
    for (let n = 0; n < 499; n += 1) buffer.add(event({ timestamp: timestamp - n * 3_600 }), NOW_MS);
    expect(buffer.due(NEVER, NOW_MS)).toBeUndefined();
    buffer.add(event({ timestamp: timestamp - 499 * 3_600 }), NOW_MS);
    expect(buffer.due(NEVER, NOW_MS)).toBe('hours');
  });

  test('by bytes of dead letters too, so that they cannot fill the memory', () => {
    const buffer = new PartBuffer();
    buffer.addDeadLetter(letter({ raw: 'x'.repeat(60), rawBase64: 'y'.repeat(80) }), NOW_MS);
    expect(buffer.due({ ...NEVER, maxBytes: 140 }, NOW_MS)).toBe('bytes');
  });

  test('by age since the first event, exactly at the limit; later events do not delay it', () => {
    const buffer = new PartBuffer();
    const limits = { ...NEVER, maxAgeMs: 300 };
    buffer.add(event(), NOW_MS);
    buffer.add(event(), NOW_MS + 299);
    expect(buffer.due(limits, NOW_MS + 299)).toBeUndefined();
    expect(buffer.due(limits, NOW_MS + 300)).toBe('age');
  });

  test.each(['canaries', 'duplicates', 'filtered'] as const)(
    'by age when it has only %s, so that the cursor advances',
    why => {
      const buffer = new PartBuffer();
      const limits = { minLines: 1, maxAgeMs: 300, maxBytes: 1 };
      buffer.skip(why, NOW_MS);
      expect(buffer.isEmpty).toBe(false);
      expect(buffer.skipped).toEqual({ canaries: 0, duplicates: 0, filtered: 0, [why]: 1 });
      expect(buffer.due(limits, NOW_MS + 299)).toBeUndefined();
      expect(buffer.due(limits, NOW_MS + 300)).toBe('age');
    },
  );

  test('not when the clock went back', () => {
    const buffer = new PartBuffer();
    buffer.add(event(), NOW_MS);
    expect(buffer.due({ ...NEVER, maxAgeMs: 300 }, NOW_MS - 1_000_000)).toBeUndefined();
  });
});

describe('hours', () => {
  test('are UTC hours of the event time, earliest first, with lines in order of arrival', () => {
    const buffer = new PartBuffer();
    const lines = { late: Buffer.from('late'), next: Buffer.from('next'), last: Buffer.from('last') };
    buffer.add(event({ line: lines.next, timestamp: TIME + 1 }), NOW_MS);
    buffer.add(event({ line: lines.last, timestamp: TIME }), NOW_MS);
    buffer.add(event({ line: lines.late, timestamp: TIME - 3_600, isEdit: true }), NOW_MS);
    buffer.add(event({ line: lines.late, timestamp: TIME - 1 }), NOW_MS);
    const hours = buffer.hours();
    expect(hours.map(({ hour }) => hour)).toEqual(['2026-11-20T09', '2026-11-20T10', '2026-11-20T11']);
    expect(hours.map(each => each.lines)).toEqual([[lines.late], [lines.last, lines.late], [lines.next]]);
    expect(hours[1]?.summary).toEqual({
      events: 2,
      edits: 0,
      bytes: 10,
      firstAt: TIME - 1,
      lastAt: TIME,
      sent: [[TIME - 59, TIME - 59]],
    });
  });
});

describe('any events', () => {
  const item = fc.record({
    kind: fc.constantFrom('event' as const, 'letter' as const, 'skip' as const),
    line: fc.uint8Array({ maxLength: 30 }),
    timestamp: fc.integer({ min: TIME - 7_300, max: TIME + 7_300 }),
    delayMs: fc.integer({ min: -100_000, max: 10_000_000 }),
    isEdit: fc.boolean(),
    why: fc.constantFrom('canaries' as const, 'duplicates' as const, 'filtered' as const),
  });

  test('are all there, no others are, and summaries equal a recount', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 60 }), all => {
        const buffer = new PartBuffer();
        const named = all.map((each, at) => ({
          ...each,
          id: `id${at}`,
          sentAtMs: each.timestamp * 1000 + each.delayMs,
        }));
        for (const { kind, line, id, timestamp, sentAtMs, isEdit, why } of named) {
          if (kind === 'event') buffer.add({ line, id, timestamp, sentAtMs, isEdit }, NOW_MS);
          else if (kind === 'letter')
            buffer.addDeadLetter(letter({ identity: id, sentAt: new Date(sentAtMs).toISOString() }), NOW_MS);
          else buffer.skip(why, NOW_MS);
        }
        const events = named.filter(({ kind }) => kind === 'event');
        const letters = named.filter(({ kind }) => kind === 'letter');
        const stored = named.filter(({ kind }) => kind !== 'skip');

        expect(buffer.lines).toBe(stored.length);
        expect(buffer.storedToMs).toBe(Math.max(0, ...stored.map(({ sentAtMs }) => sentAtMs)));
        expect(buffer.identities).toEqual(
          stored.map(({ id, sentAtMs }) => ({ identity: id, minute: Math.floor(sentAtMs / 60_000) * 60 })),
        );
        expect(buffer.deadLetters.map(({ identity }) => identity)).toEqual(letters.map(({ id }) => id));
        for (const { sentAtMs } of letters) {
          expect(holdsMinute(buffer.deadLetterRanges, Math.floor(sentAtMs / 60_000) * 60)).toBe(true);
        }
        const { canaries, duplicates, filtered } = buffer.skipped;
        expect(canaries + duplicates + filtered).toBe(named.length - stored.length);

        const hours = buffer.hours();
        expect(hours.map(({ hour }) => hour)).toEqual(
          [
            ...new Set(events.map(({ timestamp }) => new Date(timestamp * 1000).toISOString().slice(0, 13))),
          ].sort(),
        );
        for (const { hour, lines, summary } of hours) {
          const members = events.filter(({ timestamp }) =>
            new Date(timestamp * 1000).toISOString().startsWith(hour),
          );
          expect(lines).toEqual(members.map(({ line }) => line));
          const times = members.map(({ timestamp }) => timestamp);
          expect(summary).toMatchObject({
            events: members.length,
            edits: members.filter(({ isEdit }) => isEdit).length,
            bytes: members.reduce((sum, { line }) => sum + line.length + 1, 0),
            firstAt: Math.min(...times),
            lastAt: Math.max(...times),
          });
          for (const { sentAtMs } of members) {
            expect(holdsMinute(summary.sent, Math.floor(sentAtMs / 60_000) * 60)).toBe(true);
          }
        }
      }),
    );
  });
});
