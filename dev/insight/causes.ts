/** Whether explanations name the cause of stories: from the events of the simulated stream, as they lie in bronze. */
import type { Cause } from '../../src/contracts/explanation.ts';
import { causeOf } from '../../src/insight/explain/cause.ts';
import { RangeFold } from '../../src/insight/explain/range-fold.ts';
import { readDetails } from '../../src/recentchange/details.ts';
import { recentChange } from '../../src/recentchange/definition.ts';
import { Stories, STORY_EVERY, STORY_KINDS } from '../simulator/stories.ts';
import type { Story, StoryKind } from '../simulator/stories.ts';
import { Universe } from '../simulator/universe.ts';

/** The cause that an explanation should name. */
const CAUSES: Readonly<Record<StoryKind, Cause['kind']>> = {
  'bot run': 'bot_run',
  'edit war': 'edit_war',
  news: 'news_burst',
  'spam wave': 'spam_wave',
};

export interface NamedCauses {
  readonly kind: StoryKind;
  /** Wikis in which such a story happened. */
  readonly planted: number;
  /** In how many of them the explanation names its cause. */
  readonly named: number;
}

const HOUR = 3_600;
/** As in the demo. */
const RATE = 25;
const START = Date.UTC(2026, 10, 20) / 1000;

type Event = Parameters<RangeFold['add']>;

/** @param hours how many hours of stories; there are twelve in each */
export function nameCauses(seed: number, hours: number): readonly NamedCauses[] {
  const universe = new Universe({ seed, rate: RATE, retentionMs: 1, storiesFromMs: START * 1000 });
  const stories = new Stories(seed, RATE, START);
  const sums = new Map(STORY_KINDS.map(kind => [kind, { planted: 0, named: 0 }]));
  for (let hour = START; hour < START + hours * HOUR; hour += HOUR) {
    const events = eventsOf(universe, hour);
    for (let from = hour; from < hour + HOUR; from += STORY_EVERY) {
      const story = stories.at(from + STORY_EVERY / 2);
      const sum = story && sums.get(story.kind);
      if (story === undefined || sum === undefined) continue;
      for (const { db } of story.wikis) {
        sum.planted += 1;
        if (causeIn(events, db, from, story) === CAUSES[story.kind]) sum.named += 1;
      }
    }
  }
  return [...sums].map(([kind, sum]) => ({ kind, ...sum }));
}

/** The usable events of an hour with their texts, of which those of a bucket are explained. */
function eventsOf(universe: Universe, hour: number): readonly Event[] {
  const { judge } = recentChange();
  const events: Event[] = [];
  for (let second = hour; second < hour + HOUR; second++) {
    for (const change of universe.changesIn(second)) {
      const text = universe.render(change);
      const reading = judge(text, { nowMs: Infinity });
      if (reading.kind === 'event') events.push([reading, text]);
    }
  }
  return events;
}

/** What is said of the five minutes of a story, with what the rest of the hour says is usual. */
function causeIn(events: readonly Event[], wiki: string, from: number, { kind }: Story): Cause['kind'] {
  const to = from + STORY_EVERY;
  const isBot = kind === 'bot run';
  const fold = new RangeFold({ wiki, from, to }, readDetails);
  let rest = 0;
  for (const [event, text] of events) {
    fold.add(event, text);
    const isInside = event.timestamp >= from && event.timestamp < to;
    if (event.wiki === wiki && !isInside && event.edit?.isBot === isBot) rest += 1;
  }
  const expected = (rest * STORY_EVERY) / (HOUR - STORY_EVERY);
  // The detector explains what is beyond the usual of one kind of account.
  const usual = isBot ? { human: Infinity, bot: expected } : { human: expected, bot: Infinity };
  return causeOf(fold.facts(HOUR - STORY_EVERY), usual).kind;
}
