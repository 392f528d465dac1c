/**
 * Schedules too large to explore all of them: several writers and messages, repetitions, new connections, lost answers,
 * a store that is down, crashes. fast-check generates them, and shrinks one that breaks a rule.
 */
import * as fc from 'fast-check';
import type { ObjectStore } from '../../src/store/object-store.ts';
import { Scene } from './scene.ts';
import { Stream, TOPICS, message } from './topics.ts';
import type { Delivery, Message } from './topics.ts';
import type { Outcome } from './turns.ts';
import type { Attempt, Habits } from './writer.ts';

/** One writer runs for a while; then its next call has this outcome. */
interface Stretch {
  /** Index of the writer, which starts when it is first named. */
  readonly who: number;
  readonly calls: number;
  /** Which of its parallel calls is carried out first. */
  readonly lane: number;
  readonly end: Outcome;
}

export interface Script {
  readonly messages: readonly Message[];
  /** The stream is read from its present end, not from a given time. */
  readonly isLive: boolean;
  /** For each writer, then for the healer. */
  readonly habits: readonly Habits[];
  readonly stretches: readonly Stretch[];
}

const topic = fc.constantFrom(...TOPICS);
const kind = fc.oneof(
  { weight: 5, arbitrary: fc.constant('edit' as const) },
  fc.constantFrom('late' as const, 'bad wiki' as const, 'canary' as const),
);

/** Messages up to a minute out of order; several may share a millisecond. */
function messages(most: number): fc.Arbitrary<Message[]> {
  const draft = fc.record({
    topic,
    kind,
    gapMs: fc.oneof(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 100_000 })),
    lateMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 59_000 })),
    hasWrongId: fc.nat({ max: 9 }).map(n => n === 9),
  });
  return fc.array(draft, { minLength: 1, maxLength: most }).map(drafts => {
    let afterMs = 60_000;
    return drafts.map(({ topic, kind, gapMs, lateMs, hasWrongId }, n) => {
      afterMs += gapMs;
      return { ...message(n, afterMs - lateMs, kind, topic), hasWrongId };
    });
  });
}

const delivery: fc.Arbitrary<Delivery> = fc.oneof(
  { weight: 6, arbitrary: topic },
  { weight: 1, arbitrary: fc.constantFrom('again' as const, 'reconnect' as const) },
);
const habits: fc.Arbitrary<Habits> = fc.record({
  plan: fc.array(delivery, { maxLength: 30 }),
  flushLines: fc.integer({ min: 1, max: 5 }),
  memory: fc.constantFrom(0, 1, 3, 300_000),
});
const stretch: fc.Arbitrary<Stretch> = fc.record({
  who: fc.nat({ max: 3 }),
  calls: fc.nat({ max: 25 }),
  lane: fc.nat({ max: 7 }),
  end: fc.oneof(
    { weight: 4, arbitrary: fc.constant('answered' as const) },
    { weight: 3, arbitrary: fc.constant('lost' as const) },
    { weight: 2, arbitrary: fc.constant('died' as const) },
    { weight: 1, arbitrary: fc.constant('refused' as const) },
  ),
});

/** Scripts of four writers and a healer. */
export function scripts({ most = 14, stretches = 24 } = {}): fc.Arbitrary<Script> {
  return fc.record({
    messages: messages(most),
    isLive: fc.boolean(),
    habits: fc.array(habits, { minLength: 5, maxLength: 5 }),
    stretches: fc.array(stretch, { maxLength: stretches }),
  });
}

/** Counts that show whether scripts reach the interesting cases. */
export interface Played {
  readonly fenced: number;
  readonly killed: number;
  readonly records: number;
}

/** Plays a script on an empty store. Then a healthy writer runs alone, and after it every writer that is still alive. */
export async function play(script: Script, store: ObjectStore): Promise<Played> {
  const { messages, isLive, habits, stretches } = script;
  const stream = new Stream(messages, { isLive });
  const scene = new Scene(store);
  const attempts = habits.map((each, at): Attempt => ({ ...each, name: `w${at}`, stream }));
  const healer = attempts.pop();
  const begun = new Set<Attempt>();
  for (const { who, calls, lane, end } of stretches) {
    const writer = attempts[who];
    if (writer === undefined) continue;
    if (!begun.has(writer)) await scene.begin(writer);
    begun.add(writer);
    for (let left = calls; left >= 0; left -= 1) {
      const waiting = scene.of(writer.name);
      const call = waiting[lane % Math.max(1, waiting.length)];
      if (call === undefined) break;
      await scene.step(call, left === 0 ? end : 'answered');
    }
  }
  if (healer !== undefined) await scene.heal(healer);
  for (const { name } of begun) await scene.finish(name);
  // A writer that wakes up late is fenced, and removes what it left behind.
  scene.expectWhole(stream);
  await scene.expectSame();
  const endings = [...begun].map(({ name }) => scene.endingOf(name));
  return {
    fenced: endings.filter(ending => ending === 'fenced').length,
    killed: endings.filter(ending => ending === 'killed').length,
    records: scene.ledger.records.length,
  };
}
