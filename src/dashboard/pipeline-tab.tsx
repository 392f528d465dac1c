/** What the pipeline does: for somebody who asks whether the data is complete, and how to make it so. */
import { useState } from 'preact/hooks';
import { startBackfill } from './api-client.ts';
import type { Gaps, Pipeline } from './api-client.ts';
import {
  formatAverage,
  formatCount,
  formatDuration,
  formatInterval,
  formatShare,
  formatWhen,
} from './format.ts';

export interface PipelineTabProps {
  /** Undefined until there is an answer. */
  readonly pipeline: Pipeline | undefined;
  /** Those of the range that is shown. */
  readonly gaps: Gaps;
  readonly wiki: string | undefined;
}

export function PipelineTab({ pipeline, gaps, wiki }: PipelineTabProps) {
  const [token, setToken] = useState('');
  if (pipeline === undefined) return <p class="aside">Loading…</p>;
  const { temporal, links, backfills = [] } = pipeline;
  return (
    <div class="pipeline">
      {!temporal.reachable && (
        <p class="wrong">
          {temporal.problem ?? 'Temporal does not answer.'} What runs is not known until it is back.
        </p>
      )}
      <h3>Ingest</h3>
      <Facts pipeline={pipeline} />
      {pipeline.ingest?.troubles.map(({ what, since }) => (
        <p class="wrong" key={what}>
          {what} (since {at(since, pipeline)})
        </p>
      ))}
      <h3>Running backfills</h3>
      {backfills.length === 0 ? (
        <p class="aside">None is running.</p>
      ) : (
        <ul>
          {backfills.map(run => (
            <BackfillRow key={run.workflowId} run={run} />
          ))}
        </ul>
      )}
      <h3>Gaps of the range</h3>
      {gaps.length === 0 ? (
        <p class="aside">None is known.</p>
      ) : (
        <>
          <label class="token">
            Token, to fill gaps from here
            <input
              type="password"
              autocomplete="off"
              value={token}
              onInput={event => setToken(event.currentTarget.value)}
            />
          </label>
          <ul>
            {gaps.map(gap => (
              <GapRow key={gap.id} gap={gap} wiki={wiki} token={token} />
            ))}
          </ul>
        </>
      )}
      <p class="links">
        {links.ingest !== undefined && <WebLink href={links.ingest}>Ingest in the Web UI</WebLink>}{' '}
        {links.workflows !== undefined && <WebLink href={links.workflows}>All runs in the Web UI</WebLink>}
      </p>
    </div>
  );
}

function Facts({ pipeline }: { pipeline: Pipeline }) {
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
        : `number ${formatCount(lastCommit.sequence)}, up to ${at(lastCommit.newest, pipeline)}`,
    ],
    ['Complete up to', watermark === undefined ? undefined : at(watermark, pipeline)],
    ['Open hours', openHours === undefined ? undefined : listed(openHours)],
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

function BackfillRow({ run }: { run: NonNullable<Pipeline['backfills']>[number] }) {
  const { workflowId, state, waitingFor, done = 0, total = 0, eta } = run;
  const share = formatShare(done, total);
  return (
    <li>
      <code>{workflowId}</code> {state ?? 'no worker answers'}
      {share !== undefined && (
        <>
          {' '}
          <progress max={total} value={done} aria-label={`Progress of ${workflowId}`} /> {share}
        </>
      )}
      {waitingFor !== undefined && <span class="aside"> waiting for {waitingFor}</span>}
      {eta !== undefined && (
        <span class="aside"> until about {formatWhen(Date.parse(eta) / 1000, Date.now() / 1000)}</span>
      )}
    </li>
  );
}

type Sent =
  | { readonly kind: 'no' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'started'; readonly id: string }
  | { readonly kind: 'refused'; readonly why: string };

interface GapProps {
  readonly gap: Gaps[number];
  readonly wiki: string | undefined;
  readonly token: string;
}

function GapRow({ gap, wiki, token }: GapProps) {
  const [sent, setSent] = useState<Sent>({ kind: 'no' });
  const { from, to, running, command } = gap.backfill;
  const fill = async (): Promise<void> => {
    setSent({ kind: 'sending' });
    try {
      const { id } = await startBackfill(
        { from, to, ...(wiki === undefined ? {} : { wikis: [wiki] }) },
        token,
      );
      setSent({ kind: 'started', id });
    } catch (error) {
      setSent({ kind: 'refused', why: error instanceof Error ? error.message : String(error) });
    }
  };
  const id = running ?? (sent.kind === 'started' ? sent.id : undefined);
  return (
    <li>
      {formatInterval(Date.parse(gap.from) / 1000, Date.parse(gap.to) / 1000)}{' '}
      {id === undefined ? (
        <>
          <button
            type="button"
            disabled={token === '' || sent.kind === 'sending'}
            onClick={() => void fill()}
          >
            Fill for {wiki ?? 'all wikis'}
          </button>{' '}
          <span class="aside">or run</span> <code>{command}</code>
        </>
      ) : (
        <span role="status">
          is being filled by <code>{id}</code>
        </span>
      )}
      {sent.kind === 'refused' && (
        <p class="wrong" role="alert">
          It was not started: {sent.why}.
        </p>
      )}
    </li>
  );
}

/** Only to a web address. */
function WebLink({ href, children }: { href: string; children: string }) {
  if (!/^https?:\/\//.test(href)) return null;
  return (
    <a href={href} rel="noopener noreferrer" target="_blank">
      {children}
    </a>
  );
}

/** More would not be read. */
const LISTED = 6;

function listed(hours: readonly string[]): string {
  if (hours.length === 0) return 'none';
  const first = hours.slice(0, LISTED).join(', ');
  return hours.length > LISTED ? `${first} and ${hours.length - LISTED} more` : first;
}

function at(instant: string, { now }: Pick<Pipeline, 'now'>): string {
  return formatWhen(Date.parse(instant) / 1000, Date.parse(now) / 1000);
}
