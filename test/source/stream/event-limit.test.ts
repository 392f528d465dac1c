/** ① The size limit of one event: larger events are truncated, all others arrive whole, however they are chunked. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limitEvents } from '../../../src/source/stream/event-limit.ts';
import { cutAt } from '../../support/hostile-events.ts';

const MAX = 100;

/** The data of the events that pass the limit when a stream arrives in these pieces. */
function through(pieces: readonly Buffer[]): { data: string[]; bytes: number } {
  const kept = Buffer.concat(pieces.map(limitEvents(MAX)));
  return { data: dataIn(kept.toString('latin1')), bytes: kept.length };
}

/** Parses a whole stream in the simplest way. */
function dataIn(stream: string): string[] {
  const events: string[][] = [[]];
  for (const line of stream.split(/\r\n|\r|\n/)) {
    if (line === '') events.push([]);
    else if (line.startsWith('data:')) events.at(-1)?.push(line.replace(/^data: ?/, ''));
  }
  return events.filter(lines => lines.length > 0).map(lines => lines.join('\n'));
}

function bytewise(stream: string): Buffer[] {
  return Array.from(Buffer.from(stream), byte => Buffer.of(byte));
}

const ENDS = [
  ['LF', '\n'],
  ['CRLF', '\r\n'],
  ['CR', '\r'],
] as const;

describe.each(ENDS)('with line ends of %s', (_, end) => {
  const event = (data: string): string => `data: ${data}${end}${end}`;

  test('many small events arrive whole, in one piece', () => {
    const sent = Array.from({ length: 1_000 }, (_, n) => `event ${n}`);
    expect(through([Buffer.from(`${sent.map(event).join('')}:\n`)]).data).toEqual(sent);
  });

  test('many small events arrive whole, one event per piece', () => {
    const sent = Array.from({ length: 1_000 }, (_, n) => `event ${n}`);
    expect(through([...sent.map(data => Buffer.from(event(data))), Buffer.from(':\n')]).data).toEqual(sent);
  });

  test('many small events arrive whole, one line per piece', () => {
    const sent = Array.from({ length: 1_000 }, (_, n) => `event ${n}`);
    const pieces = sent.flatMap(data => [Buffer.from(`data: ${data}${end}`), Buffer.from(end)]);
    expect(through([...pieces, Buffer.from(':\n')]).data).toEqual(sent);
  });

  test('many small events arrive whole, one byte per piece', () => {
    const sent = Array.from({ length: 200 }, (_, n) => `event ${n}`);
    expect(through(bytewise(`${sent.map(event).join('')}:\n`)).data).toEqual(sent);
  });

  test('an event without end stops growing, and the next one is whole', () => {
    const endless = Array.from({ length: 1_000 }, () => Buffer.from('x'.repeat(10)));
    const { data, bytes } = through([
      Buffer.from('data: '),
      ...endless,
      Buffer.from(`${end}${end}${event('next')}:\n`),
    ]);
    expect(data).toHaveLength(2);
    expect(data[0]).toMatch(/^x{90,110}$/);
    expect(data[1]).toBe('next');
    expect(bytes).toBeLessThan(200);
  });

  test('an event of endless lines stops growing, and the next one is whole', () => {
    const endless = Array.from({ length: 1_000 }, () => Buffer.from(`data: 1${end}`));
    const { data, bytes } = through([...endless, Buffer.from(`${end}${event('next')}:\n`)]);
    expect(data).toHaveLength(2);
    expect(data[1]).toBe('next');
    expect(bytes).toBeLessThan(200);
  });
});

describe('any stream', () => {
  const end = fc.constantFrom('\n', '\r\n', '\r');
  const line = fc.oneof(
    { weight: 5, arbitrary: fc.stringMatching(/^[a-z ]{0,20}$/) },
    fc.stringMatching(/^[a-z]{300,400}$/),
  );
  const lines = fc.array(line, { minLength: 1, maxLength: 4 });
  const stream = fc.record({
    events: fc.array(lines, { maxLength: 12 }),
    end,
    cuts: fc.array(fc.nat(), { maxLength: 60 }),
  });

  test('has small events whole, large ones truncated, none lost', () => {
    fc.assert(
      fc.property(stream, ({ events, end, cuts }) => {
        const texts = events.map(data => `${data.map(each => `data: ${each}${end}`).join('')}${end}`);
        const pieces = [...cutAt(Buffer.from(texts.join('')), cuts), Buffer.from(':\n')];
        const largest = Math.max(...pieces.map(({ length }) => length));
        const { data } = through(pieces);
        expect(data).toHaveLength(events.length);
        for (const [at, got] of data.entries()) {
          const whole = events[at]?.join('\n') ?? '';
          const isSmall = (texts[at]?.length ?? 0) <= MAX;
          expect(isSmall ? got === whole : whole.startsWith(got)).toBe(true);
          expect(got.length).toBeLessThanOrEqual(MAX + largest);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('without events above the limit is unchanged, however it is chunked', () => {
    const small = fc.array(fc.stringMatching(/^[a-z]{0,20}$/), { minLength: 1, maxLength: 3 });
    const calm = fc.record({
      events: fc.array(small, { maxLength: 40 }),
      end,
      cuts: fc.array(fc.nat(), { maxLength: 300 }),
    });
    fc.assert(
      fc.property(calm, ({ events, end, cuts }) => {
        const text = events.map(data => `${data.map(each => `data: ${each}${end}`).join('')}${end}`).join('');
        const limit = limitEvents(MAX);
        const kept = cutAt(Buffer.from(text), cuts).map(limit);
        expect(Buffer.concat(kept).toString()).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('an event', () => {
  test('counts from its own start when the blank line before it is a piece of its own', () => {
    const sent = Array.from({ length: 50 }, (_, n) => `event ${n}`);
    const pieces = sent.flatMap(data => [Buffer.from(`data: ${data}`), Buffer.from('\n\n')]);
    expect(through([...pieces, Buffer.from(':\n')]).data).toEqual(sent);
  });

  test('arrives whole after one that is too long, whatever line ends follow it', () => {
    const tooLong = Buffer.from(`data: ${'x'.repeat(2 * MAX)}`);
    const rest = Buffer.from('xxx\n\ndata: first\n\ndata: second\r\rdata: third\r\n\r\n');
    const { data } = through([tooLong, rest]);
    expect(data.slice(1)).toEqual(['first', 'second', 'third']);
  });
});
