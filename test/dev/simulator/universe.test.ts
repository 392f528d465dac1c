import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TOPICS } from '../../../dev/simulator/datacentres.ts';
import { History } from '../../../dev/simulator/history.ts';
import { FIRST_SECOND, Rhythm } from '../../../dev/simulator/rhythm.ts';
import { Universe, type UniverseOptions } from '../../../dev/simulator/universe.ts';

const AT = Date.parse('2026-11-20T10:00:00Z') / 1000;
const WEEK_MS = 7 * 86_400_000;
const NOW_MS = (AT + 86_400) * 1000;

function universe(options: Partial<UniverseOptions> = {}): Universe {
  return new Universe({ seed: 1, rate: 40, retentionMs: WEEK_MS, ...options });
}

function textsOf(of: Universe, second: number): string[] {
  return of.messagesOf(second).flatMap(messages => messages.map(message => of.render(message)));
}

const anySecond = fc.integer({ min: FIRST_SECOND, max: AT + 400 * 86_400 });
const anyRate = fc.constantFrom(0.02, 0.7, 3, 40, 400);

describe('the universe is pure', () => {
  it('gives the same second whatever was read before', () => {
    const used = universe();
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: AT, max: AT + 3000 }), { minLength: 1, maxLength: 12 }),
        seconds => {
          for (const second of seconds) expect(textsOf(used, second)).toEqual(textsOf(universe(), second));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('gives a different history for a different seed', () => {
    expect(textsOf(universe({ seed: 2 }), AT)).not.toEqual(textsOf(universe(), AT));
  });

  it('gives the same deeds from any position', () => {
    const anyPlace = fc.integer({ min: 0, max: 2 ** 40 });
    const used = new History(5);
    fc.assert(
      fc.property(anyPlace, seq => {
        expect(used.at(seq)).toEqual(new History(5).at(seq));
      }),
    );
  });

  it('does not change when the past or the future is cut off', () => {
    const whole = universe();
    const part = universe({ fromMs: AT * 1000, untilMs: (AT + 10) * 1000 });
    for (let second = AT - 2; second < AT + 12; second++) {
      const exists = second >= AT && second < AT + 10;
      expect(textsOf(part, second)).toEqual(exists ? textsOf(whole, second) : []);
    }
  });
});

describe('the rhythm', () => {
  it('never decreases, at any rate', () => {
    fc.assert(
      fc.property(anySecond, anyRate, fc.integer(), (second, rate, seed) => {
        const rhythm = new Rhythm(seed, rate);
        let before = rhythm.sentBefore(second - 1);
        // Across the end of at least one block of ten minutes.
        for (let s = second; s < second + 700; s++) {
          const now = rhythm.sentBefore(s);
          expect(now).toBeGreaterThanOrEqual(before);
          before = now;
        }
      }),
      { numRuns: 40 },
    );
  });

  it('has the requested rate over any day', () => {
    fc.assert(
      fc.property(anySecond, fc.constantFrom(1, 40, 400), (second, rate) => {
        const rhythm = new Rhythm(3, rate);
        const sent = rhythm.sentBefore(second + 86_400) - rhythm.sentBefore(second);
        expect(sent / 86_400 / rate).toBeGreaterThan(0.98);
        expect(sent / 86_400 / rate).toBeLessThan(1.02);
      }),
    );
  });

  it('is busier at 15:00 than at 03:00', () => {
    const rhythm = new Rhythm(1, 40);
    const hour = (h: number) =>
      rhythm.sentBefore(AT + (h - 10) * 3600 + 3600) - rhythm.sentBefore(AT + (h - 10) * 3600);
    expect(hour(15) / hour(3)).toBeGreaterThan(1.6);
  });
});

describe('a topic', () => {
  it('has consecutive offsets above 2^32, across switches and at any rate', () => {
    fc.assert(
      fc.property(
        anyRate,
        fc.array(fc.integer({ min: 0, max: 1999 }), { maxLength: 4 }),
        (rate, switches) => {
          const of = universe({ rate, switchesMs: switches.map(s => (AT + s) * 1000) });
          for (const [index, log] of of.logs.entries()) {
            let next = log.end(AT * 1000 - 1);
            expect(next).toBeGreaterThan(2 ** 32);
            for (let second = AT; second < AT + 2000; second++) {
              const messages = of.messagesOf(second)[index] ?? [];
              const right = messages.every(
                ({ offset, topic }, i) => offset === next + i && topic === TOPICS[index],
              );
              expect(right).toBe(true);
              next += messages.length;
            }
            expect(log.end((AT + 2000) * 1000 - 1)).toBe(next);
          }
        },
      ),
      { numRuns: 10 },
    );
  });

  it('reads from any offset the same messages as by second', () => {
    const of = universe({ rate: 5 });
    for (const [index, log] of of.logs.entries()) {
      const first = log.end(AT * 1000 - 1);
      const end = log.end((AT + 4000) * 1000 - 1);
      const texts: unknown[] = [];
      for (let offset = first; offset < end;) {
        const page = log.read(offset);
        expect(page[0]?.offset).toBe(offset);
        texts.push(...page.map(message => message.body()));
        offset += page.length;
      }
      const expected: string[] = [];
      for (let second = AT; second < AT + 4000; second++) {
        expected.push(...(of.messagesOf(second)[index] ?? []).map(message => of.render(message)));
      }
      expect(texts.slice(0, expected.length)).toEqual(expected);
      // Also in the middle of a second.
      expect(log.read(first + 3)[0]?.offset).toBe(first + 3);
    }
  });

  it('finds the first offset at or after a timestamp, like a linear search', () => {
    const of = universe({ switchesMs: [(AT + 30) * 1000] });
    const log = of.logs[0];
    const all: { offset: number; dtMs: number }[] = [];
    for (let second = AT - 5; second < AT + 1000; second++) all.push(...(of.messagesOf(second)[0] ?? []));
    fc.assert(
      fc.property(fc.integer({ min: AT * 1000, max: (AT + 40) * 1000 }), timestampMs => {
        const expected = all.find(message => message.dtMs >= timestampMs)?.offset;
        expect(log?.firstAtOrAfter(timestampMs, NOW_MS)).toBe(expected);
      }),
    );
    expect(log?.firstAtOrAfter(NOW_MS + 5000, NOW_MS)).toBeUndefined();
  });

  it('keeps messages within the retention, and starts there when asked for older ones', () => {
    const of = universe({ retentionMs: 3_600_000 });
    for (const log of of.logs) {
      const start = log.start(NOW_MS);
      expect(log.firstAtOrAfter(0, NOW_MS)).toBe(start);
      expect(log.read(start)[0]?.timestampMs).toBeGreaterThanOrEqual(NOW_MS - 3_600_000);
      expect(log.read(start - 1)[0]?.timestampMs).toBeLessThan(NOW_MS - 3_600_000);
    }
  });

  it('gets a canary every quarter of an hour, in both datacentres', () => {
    const of = universe({ rate: 1 });
    const canaries: [number, number] = [0, 0];
    let withoutId = 0;
    for (let second = AT; second < AT + 86_400; second++) {
      for (const messages of of.messagesOf(second)) {
        for (const message of messages) {
          if (message.kind !== 'canary') continue;
          canaries[message.topic === TOPICS[0] ? 0 : 1]++;
          const event = JSON.parse(of.render(message)) as { meta: { domain: string; id?: string } };
          expect(Object.keys(event)).toEqual(['$schema', 'meta']);
          expect(event.meta.domain).toBe('canary');
          if (event.meta.id === undefined) withoutId++;
        }
      }
    }
    expect(canaries).toEqual([96, 96]);
    expect(withoutId).toBeGreaterThan(20);
    expect(withoutId).toBeLessThan(120);
  });

  it('is quiet while the other is active, and takes over at a switch', () => {
    const of = universe({ switchesMs: [(AT + 10_000) * 1000] });
    const count = (from: number) => {
      const changes: [number, number] = [0, 0];
      for (let second = from; second < from + 10_000; second++) {
        for (const { topic } of of.changesOf(second)) changes[topic === TOPICS[0] ? 0 : 1]++;
      }
      return changes;
    };
    const [busy, quiet] = count(AT);
    expect(busy).toBeGreaterThan(200_000);
    expect(quiet).toBeGreaterThan(2);
    expect(quiet).toBeLessThan(30);
    const [after, taken] = count(AT + 10_000);
    expect(after).toBeLessThan(30);
    expect(taken).toBeGreaterThan(200_000);
    expect(of.activeTopic((AT + 9999) * 1000)).toBe(TOPICS[0]);
    expect(of.activeTopic((AT + 10_000) * 1000)).toBe(TOPICS[1]);
  });
});
