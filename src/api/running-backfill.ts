/** A backfill that runs, as the API answers it. */
import { isObject } from '../core/json.ts';
import type { Json } from '../core/json.ts';
import type { BackfillReading } from '../temporal/running-backfills.ts';
import { amountIn, countIn, instantIn, textIn } from './answer-fields.ts';
import type { BackfillProgress, BackfillWindow, RunningBackfill } from './schemas/backfill-progress.ts';

export function runningBackfill({ workflowId, progress }: BackfillReading): RunningBackfill {
  return { workflowId, ...progressIn(progress) };
}

export function progressIn(progress: BackfillReading['progress']): BackfillProgress {
  const answer: Json = isObject(progress) ? progress : {};
  const state = textIn(answer, 'state');
  const waitingFor = textIn(answer, 'waitingFor');
  const from = instantIn(answer, 'from');
  const to = instantIn(answer, 'to');
  const done = amountIn(answer, 'done');
  const total = amountIn(answer, 'total');
  const eta = instantIn(answer, 'eta');
  const rows = countIn(answer, 'rows');
  const toRebuild = countIn(answer, 'toRebuild');
  const { running } = answer;
  return {
    ...(state !== undefined && { state }),
    ...(waitingFor !== undefined && { waitingFor }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(done !== undefined && { done }),
    ...(total !== undefined && { total }),
    ...(eta !== undefined && { eta }),
    ...(rows !== undefined && { rows }),
    ...(toRebuild !== undefined && { toRebuild }),
    ...(Array.isArray(running) && { running: running.flatMap(windowIn) }),
  };
}

function windowIn(value: unknown): BackfillWindow[] {
  if (!isObject(value)) return [];
  const source = textIn(value, 'source');
  const from = instantIn(value, 'from');
  const to = instantIn(value, 'to');
  if (source === undefined || from === undefined || to === undefined) return [];
  const wiki = textIn(value, 'wiki');
  const share = amountIn(value, 'share');
  return [
    {
      source,
      ...(wiki !== undefined && { wiki }),
      from,
      to,
      ...(share !== undefined && { share: Math.min(1, share) }),
    },
  ];
}
