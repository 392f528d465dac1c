/** How ingest is doing, as names and values. What is not known is left out. */
import type { Answer, Pipeline } from './api-client.ts';
import { formatAverage, formatCount, formatDuration, formatWhen } from './format.ts';

interface Props {
  readonly pipeline: Pipeline;
  /** The latest hours that were rebuilt; undefined until they are known. */
  readonly rebuilt: Answer<'/api/v1/hours'>['hours'] | undefined;
}

export function IngestFacts({ pipeline, rebuilt }: Props) {
  const {
    ingest,
    lagSec,
    eventsPerSec,
    buffered,
    lastCommit,
    watermark,
    openHours,
    failedHours,
    deadLetters,
  } = pipeline;
  const sealed = rebuilt?.filter(hour => hour.sealed).map(({ hour }) => hour);
  const facts: readonly (readonly [name: string, value: string | undefined])[] = [
    ['State', ingest === undefined ? 'not known' : (ingest.stage ?? ingest.status)],
    ['Waiting for', ingest?.waitingFor],
    ['Lag', lagSec === undefined ? undefined : formatDuration(lagSec * 1000)],
    ['Rate', eventsPerSec === undefined ? undefined : `${formatAverage(eventsPerSec)} events a second`],
    ['Buffered', buffered === undefined ? undefined : `${formatCount(buffered)} events`],
    [
      'Last commit',
      lastCommit?.newest === undefined
        ? undefined
        : `number ${formatCount(lastCommit.sequence)}, up to ${whenOf(lastCommit.newest, pipeline)}`,
    ],
    ['Complete up to', watermark === undefined ? undefined : whenOf(watermark, pipeline)],
    ['Open hours', openHours === undefined ? undefined : listed(openHours)],
    ['Latest sealed hours', sealed === undefined ? undefined : listed(sealed)],
    ['Failed hours', failedHours === undefined || failedHours.length === 0 ? undefined : listed(failedHours)],
    ['Dead letters', deadLetters === undefined ? undefined : formatCount(deadLetters)],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) =>
        value === undefined ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

/** More would not be read. */
const LISTED = 6;

function listed(hours: readonly string[]): string {
  if (hours.length === 0) return 'none';
  const first = hours.slice(0, LISTED).join(', ');
  return hours.length > LISTED ? `${first} and ${hours.length - LISTED} more` : first;
}

/** By the clock of the server. */
export function whenOf(instant: string, { now }: Pick<Pipeline, 'now'>): string {
  return formatWhen(Date.parse(instant) / 1000, Date.parse(now) / 1000);
}
