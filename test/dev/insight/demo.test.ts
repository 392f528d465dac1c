/** What the demo shows: its stories are marked within five minutes, although it has only read three hours before. */
import { beforeAll, describe, expect, test } from 'vitest';
import { Stories, STORY_EVERY } from '../../../dev/simulator/stories.ts';
import type { Story } from '../../../dev/simulator/stories.ts';
import { Universe } from '../../../dev/simulator/universe.ts';
import { ACCOUNT_KINDS } from '../../../src/core/usual/anomaly.ts';
import type { Anomaly } from '../../../src/core/usual/anomaly.ts';
import { next } from '../../../src/core/usual/detect.ts';
import type { DetectorState, Subject } from '../../../src/core/usual/detect.ts';
import { PastHours } from '../../../src/core/usual/past-hours.ts';
import { LOOK_SECONDS, lookAt } from '../../../src/core/usual/readings.ts';
import { Usual } from '../../../src/core/usual/usual.ts';
import type { Window } from '../../../src/core/usual/usual.ts';

const [SEED, RATE] = [1, 25];
const HOUR = 3_600;
const START = Date.parse('2026-11-20T07:20:00Z') / 1000;
const FIRST_LOOK = START + 3 * HOUR;
const END = FIRST_LOOK + 2 * HOUR;
const STORIES = new Stories(SEED, RATE, START);

/** Edits of each wiki and kind of account, by five minutes from START on. */
function countEdits(): ReadonlyMap<string, Map<string, number[]>> {
  const universe = new Universe({ seed: SEED, rate: RATE, retentionMs: 1, storiesFromMs: START * 1000 });
  const counts = new Map<string, Map<string, number[]>>();
  for (let second = START; second < END; second++) {
    for (const { deed, timestamp } of universe.changesIn(second)) {
      if (deed.type !== 'edit' || timestamp < START) continue;
      const account = deed.bot ? 'bot' : 'human';
      const ofWiki = counts.get(deed.wiki.db) ?? new Map<string, number[]>();
      const edits = ofWiki.get(account) ?? Array.from({ length: (END - START) / LOOK_SECONDS }, () => 0);
      const slot = Math.floor((timestamp - START) / LOOK_SECONDS);
      edits[slot] = (edits[slot] ?? 0) + 1;
      counts.set(deed.wiki.db, ofWiki.set(account, edits));
    }
  }
  return counts;
}

/** The anomalies of one wiki, as a worker finds them in the demo. */
function watch(subject: Subject, edits: readonly number[]): readonly Anomaly[] {
  const sum = ({ from, to }: Window): number =>
    edits
      .slice((from - START) / LOOK_SECONDS, (to - START) / LOOK_SECONDS)
      .reduce((total, count) => total + count, 0);
  const found = new Map<string, Anomaly>();
  let state: DetectorState = { kind: 'usual' };
  for (let at = FIRST_LOOK; at <= END; at += LOOK_SECONDS) {
    const hours: { start: number; value: number; knownMinutes: number }[] = [];
    for (let start = Math.floor(START / HOUR) * HOUR; start + HOUR <= at - 600; start += HOUR) {
      const from = Math.max(start, START);
      const value = sum({ from, to: start + HOUR });
      hours.push({ start, value, knownMinutes: (start + HOUR - from) / 60 });
    }
    const usual = new Usual(new PastHours(hours), [], 'last_hours');
    const { state: after, effects } = next(state, lookAt(usual, at, sum), subject);
    state = after;
    for (const { anomaly } of effects) found.set(anomaly.id, anomaly);
  }
  return [...found.values()];
}

describe('in the demo', () => {
  let anomalies: readonly Anomaly[] = [];
  const stories: Story[] = [];

  beforeAll(() => {
    for (const [wiki, ofWiki] of countEdits())
      for (const account of ACCOUNT_KINDS)
        anomalies = [...anomalies, ...watch({ wiki, account }, ofWiki.get(account) ?? [])];
    for (let second = START; second < END; second += STORY_EVERY) {
      const story = STORIES.at(second + 60);
      if (story !== undefined) stories.push(story);
    }
  }, 240_000);

  const tells = (
    { kind, wikis, from, to }: Story,
    { wiki, account, from: begun, noticedAt }: Anomaly,
  ): boolean =>
    wikis.some(({ db }) => db === wiki) &&
    (account === 'bot') === (kind === 'bot run') &&
    begun < to &&
    noticedAt > from;

  test('nearly every story is marked within five minutes', () => {
    const watched = stories.filter(({ from, to }) => from >= FIRST_LOOK && to < END);
    const marked = watched.filter(story =>
      anomalies.some(anomaly => tells(story, anomaly) && anomaly.noticedAt <= story.from + STORY_EVERY),
    );
    expect(watched.length).toBeGreaterThan(20);
    expect(marked.length).toBeGreaterThanOrEqual(watched.length - 2);
  });

  test('nothing else is marked', () => {
    expect(anomalies.filter(anomaly => !stories.some(story => tells(story, anomaly)))).toEqual([]);
  });
});
