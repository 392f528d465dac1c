/** The backfills that run, with their progress, and what to do with each. */
import { useState } from 'preact/hooks';
import type { Pipeline } from './api-client.ts';
import { controlBackfill } from './backfill-requests.ts';
import type { Control } from './backfill-requests.ts';
import { formatCount, formatShare, formatWhen } from './format.ts';
import { refusalOf } from './refusal.ts';
import { RunLink } from './web-link.tsx';

type Run = NonNullable<Pipeline['backfills']>[number];

interface Props {
  readonly runs: readonly Run[];
  /** The list of runs in the Web UI of Temporal, if its address is known. */
  readonly webUi: string | undefined;
  readonly token: string;
  readonly changed: () => void;
}

export function RunningBackfills({ runs, webUi, token, changed }: Props) {
  if (runs.length === 0) return <p class="aside">None is running.</p>;
  return (
    <ul>
      {runs.map(run => (
        <Row key={run.workflowId} run={run} webUi={webUi} token={token} changed={changed} />
      ))}
    </ul>
  );
}

type Sent =
  | { readonly kind: 'no' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'done'; readonly state: string }
  | { readonly kind: 'refused'; readonly why: string };

const CONTROL_NAMES: Readonly<Record<Control, string>> = {
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel',
};

interface RowProps extends Omit<Props, 'runs'> {
  readonly run: Run;
}

function Row({ run, webUi, token, changed }: RowProps) {
  const [sent, setSent] = useState<Sent>({ kind: 'no' });
  const { workflowId, state, waitingFor, done = 0, total = 0, eta, rows } = run;
  const share = formatShare(done, total);
  const control = async (wanted: Control): Promise<void> => {
    setSent({ kind: 'sending' });
    try {
      setSent({ kind: 'done', state: (await controlBackfill(workflowId, wanted, token)).state });
      changed();
    } catch (error) {
      const { fields, other } = refusalOf(error, []);
      setSent({ kind: 'refused', why: fields['token'] ?? other ?? '' });
    }
  };
  const controls: readonly Control[] = [state === 'paused' ? 'resume' : 'pause', 'cancel'];
  return (
    <li>
      <RunLink id={workflowId} webUi={webUi} /> {state ?? 'no worker answers'}
      {share !== undefined && (
        <>
          {' '}
          <progress max={total} value={done} aria-label={`Progress of ${workflowId}`} /> {share}
        </>
      )}
      {rows !== undefined && <span class="aside"> {formatCount(rows)} rows stored</span>}
      {waitingFor !== undefined && <span class="aside"> waiting for {waitingFor}</span>}
      {eta !== undefined && (
        <span class="aside"> until about {formatWhen(Date.parse(eta) / 1000, Date.now() / 1000)}</span>
      )}{' '}
      {controls.map(wanted => (
        <button
          type="button"
          class="small"
          key={wanted}
          aria-label={`${CONTROL_NAMES[wanted]} ${workflowId}`}
          disabled={token === '' || sent.kind === 'sending'}
          onClick={() => void control(wanted)}
        >
          {CONTROL_NAMES[wanted]}
        </button>
      ))}
      <span role="status" class="aside">
        {sent.kind === 'done' && ` It is ${sent.state}.`}
      </span>
      {sent.kind === 'refused' && (
        <p class="wrong" role="alert">
          Nothing was changed: {sent.why}
        </p>
      )}
    </li>
  );
}
