/**
 * What the pipeline does: for somebody who asks whether the data is complete, and how to make it so. All of it is asked for
 * only while the tab is open.
 */
import { useState } from 'preact/hooks';
import { loadPipeline } from './api-client.ts';
import type { Gaps, Pipeline } from './api-client.ts';
import { BackfillForm } from './backfill-form.tsx';
import { loadEnded, loadHours } from './backfill-requests.ts';
import type { EndedRun } from './backfill-requests.ts';
import { GapRows } from './gap-rows.tsx';
import { IngestFacts, whenOf } from './ingest-facts.tsx';
import { RunningBackfills } from './running-backfills.tsx';
import type { Span } from './series.ts';
import { useFeed } from './use-feed.ts';
import { useToken } from './use-token.ts';
import { RunLink, WebLink } from './web-link.tsx';

export interface PipelineTabProps {
  /** Those of the range that is shown. */
  readonly gaps: Gaps;
  readonly wiki: string | undefined;
  /** The range that is shown; undefined while there is no chart. */
  readonly span: Span | undefined;
}

const PIPELINE = {
  load: loadPipeline,
  intervalMs: (_query: 'all', { backfills = [] }: Pipeline) => (backfills.length > 0 ? 2_000 : 10_000),
  carriesOver: () => false,
};
const HOURS = { load: loadHours, intervalMs: () => 60_000, carriesOver: () => false };
const ENDED = { load: loadEnded, intervalMs: () => 60_000, carriesOver: () => false };
/** A day of rebuilt hours has the latest sealed ones in it. */
const LATEST_HOURS = { limit: 24 };
const LATEST_RUNS = { limit: 5 };

export function PipelineTab({ gaps, wiki, span }: PipelineTabProps) {
  const [token, setToken] = useToken();
  const [denied, setDenied] = useState<string>();
  const feed = useFeed('all', PIPELINE);
  const hours = useFeed(LATEST_HOURS, HOURS);
  const ended = useFeed(LATEST_RUNS, ENDED);
  const { state } = feed;
  const pipeline = state.kind === 'idle' ? undefined : state.answer?.value;
  if (pipeline === undefined) {
    return <p class="aside">{state.kind === 'failing' ? `${state.failure.message}.` : 'Loading…'}</p>;
  }
  const changed = (): void => {
    for (const asked of [feed, ended]) asked.retry();
  };
  const { temporal, links, backfills = [] } = pipeline;
  const runs = ended.state.kind === 'idle' ? undefined : ended.state.answer?.value.runs;
  return (
    <div class="pipeline">
      {!temporal.reachable && (
        <p class="wrong">
          {temporal.problem ?? 'Temporal does not answer.'} What runs is not known until it is back.
        </p>
      )}
      <h3>Ingest</h3>
      <IngestFacts
        pipeline={pipeline}
        rebuilt={hours.state.kind === 'idle' ? undefined : hours.state.answer?.value.hours}
      />
      {pipeline.ingest?.troubles.map(({ what, since }) => (
        <p class="wrong" key={what}>
          {what} (since {whenOf(since, pipeline)})
        </p>
      ))}
      <p class="links">
        {links.ingest !== undefined && <WebLink href={links.ingest}>Ingest in the Web UI</WebLink>}{' '}
        {links.workflows !== undefined && <WebLink href={links.workflows}>All runs in the Web UI</WebLink>}
      </p>
      <TokenField
        token={token}
        problem={denied}
        keep={text => {
          setToken(text);
          setDenied(undefined);
        }}
      />
      <h3>Running backfills</h3>
      <RunningBackfills runs={backfills} webUi={links.workflows} token={token} changed={changed} />
      {runs !== undefined && runs.length > 0 && (
        <>
          <h3>Backfills that have ended</h3>
          <ul>
            {runs.map(run => (
              <EndedRow key={run.id} run={run} pipeline={pipeline} />
            ))}
          </ul>
        </>
      )}
      <h3>Gaps of the range</h3>
      <GapRows gaps={gaps} wiki={wiki} token={token} started={changed} />
      <h3>New backfill</h3>
      <BackfillForm
        key={`${wiki} ${span === undefined}`}
        wiki={wiki}
        span={span}
        token={token}
        denied={setDenied}
        started={changed}
      />
    </div>
  );
}

interface TokenProps {
  readonly token: string;
  readonly problem: string | undefined;
  readonly keep: (token: string) => void;
}

function TokenField({ token, problem, keep }: TokenProps) {
  return (
    <div class="token">
      <label>
        Token, to change something from here
        <input
          type="password"
          autocomplete="off"
          value={token}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? 'token-note' : 'token-problem token-note'}
          onInput={event => keep(event.currentTarget.value)}
        />
      </label>
      {problem !== undefined && (
        <p class="wrong" role="alert" id="token-problem">
          {problem}
        </p>
      )}
      <p class="aside" id="token-note">
        The value of ADMIN_TOKEN. This tab forgets it when it is closed.
      </p>
    </div>
  );
}

function EndedRow({ run, pipeline }: { run: EndedRun; pipeline: Pipeline }) {
  const { id, status, endedAt, source, wikis } = run;
  return (
    <li>
      <RunLink id={id} webUi={pipeline.links.workflows} /> {status}
      <span class="aside">
        {endedAt !== undefined && `, ${whenOf(endedAt, pipeline)}`}
        {source !== undefined && `, source ${source}`}
        {wikis !== undefined && `, ${wikis.join(', ')}`}
      </span>
    </li>
  );
}
