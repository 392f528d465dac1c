/** Compares what was found with what was planted. */
import { groupAnomalies } from '../../src/core/usual/group.ts';
import type { AnomalyEvent } from '../../src/core/usual/group.ts';
import type { Anomaly } from '../../src/core/usual/anomaly.ts';
import { ANSWERS, STORY_KINDS } from './stories.ts';
import type { Story, StoryKind } from './stories.ts';
import type { Found } from './universe.ts';

export interface StoryOutcome {
  readonly kind: StoryKind;
  readonly planted: number;
  readonly found: number;
  /** Minutes from the beginning to the first mark, of those that were found, from short to long. */
  readonly minutes: readonly number[];
}

export interface Verdict {
  /** In the order of {@link STORY_KINDS}, of the kinds that were planted. */
  readonly stories: readonly StoryOutcome[];
  /** Events that are shown, each of many wikis as one. */
  readonly events: number;
  /** Those that no story explains. */
  readonly falseEvents: readonly AnomalyEvent[];
  readonly falseAWeek: number;
  /** Hours of a wiki, or of all together, that are called quiet although no producer was out. */
  readonly falseQuiet: readonly { readonly wiki: string | undefined; readonly hour: number }[];
  /** Stories that were not found. */
  readonly missed: readonly Story[];
}

const MINUTE = 60;
const HOUR = 3_600;
const WEEK = 7 * 24 * HOUR;
/** An hour is sealed so many seconds after its end. */
const LATENESS = 300;

export function judge({ from, to, stories, anomalies, quiet }: Found): Verdict {
  const events = groupAnomalies(anomalies);
  const explained = (anomaly: Anomaly): boolean =>
    stories.some(story => ['mark', 'event'].includes(ANSWERS[story.kind]) && tells(story, anomaly));
  const falseEvents = events.filter(event => !anomaliesOf(event).some(explained));
  const outages = stories.filter(({ kind }) => ANSWERS[kind] === 'quiet');
  const falseQuiet = quiet.flatMap(({ wiki, hours }) =>
    hours
      .filter(hour => !outages.some(story => story.from < hour + HOUR && story.to > hour))
      .map(hour => ({ wiki, hour })),
  );
  const noticed = (story: Story): number | undefined => {
    const answer = ANSWERS[story.kind];
    switch (answer) {
      case 'mark':
        return first(anomalies.filter(anomaly => tells(story, anomaly)).map(({ noticedAt }) => noticedAt));
      case 'event':
        return first(
          events
            .filter(({ kind }) => kind === 'many_wikis')
            .map(anomaliesOf)
            .filter(many => many.some(anomaly => tells(story, anomaly)))
            .map(many => Math.min(...many.map(({ noticedAt }) => noticedAt))),
        );
      case 'quiet':
        return first(
          quiet
            .filter(({ wiki }) => wiki === undefined)
            .flatMap(({ hours }) => hours)
            .filter(hour => story.from < hour + HOUR && story.to > hour)
            .map(hour => hour + HOUR + LATENESS),
        );
      case 'nothing':
        return undefined;
      default:
        return answer satisfies never;
    }
  };
  const judged = stories.map(story => ({ story, at: noticed(story) }));
  return {
    stories: STORY_KINDS.flatMap(kind => {
      const ours = judged.filter(({ story }) => story.kind === kind);
      if (ours.length === 0) return [];
      const minutes = ours
        .flatMap(({ story, at }) => (at === undefined ? [] : [(at - story.from) / MINUTE]))
        .sort((a, b) => a - b);
      return [{ kind, planted: ours.length, found: minutes.length, minutes }];
    }),
    events: events.length,
    falseEvents,
    falseAWeek: (falseEvents.length * WEEK) / (to - from),
    falseQuiet,
    missed: judged.flatMap(({ story, at }) =>
      at === undefined && ANSWERS[story.kind] !== 'nothing' ? [story] : [],
    ),
  };
}

/** Whether an anomaly is what a story tells. It may end a little later, and begin with the window that noticed it. */
function tells({ from, to, wikis, account }: Story, anomaly: Anomaly): boolean {
  return (
    wikis?.has(anomaly.wiki) === true &&
    account === anomaly.account &&
    anomaly.from < to &&
    anomaly.noticedAt > from &&
    anomaly.noticedAt <= to + HOUR
  );
}

function anomaliesOf(event: AnomalyEvent): readonly Anomaly[] {
  return event.kind === 'one_wiki' ? [event.anomaly] : event.anomalies;
}

function first(times: readonly number[]): number | undefined {
  return times.length === 0 ? undefined : Math.min(...times);
}
