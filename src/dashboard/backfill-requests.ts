/** ⑧ The requests of the Pipeline tab: what changes something needs the token. Loaded with the tab. */
import { read, send } from './api-client.ts';
import type { Answer } from './api-client.ts';
import type { Operations, Schemas } from './api-types.ts';

export type BackfillInput = Schemas['BackfillInput'];
export type EndedRun = Schemas['BackfillRun'];
export type Control = 'pause' | 'resume' | 'cancel';

type Started = Operations['POST /api/v1/backfills']['answer'];
type Controlled = Schemas['ControlledBackfill'];

/** @throws ApiProblem without the right token, and for wrong input with the field that it names */
export function startBackfill(input: BackfillInput, token: string): Promise<Started> {
  return send('/api/v1/backfills', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...bearer(token) },
    body: JSON.stringify(input),
  });
}

/** @throws ApiProblem without the right token, and for a run that has ended */
export function controlBackfill(id: string, control: Control, token: string): Promise<Controlled> {
  return send(`/api/v1/backfills/${encodeURIComponent(id)}/${control}`, {
    method: 'POST',
    headers: bearer(token),
  });
}

/** The latest to end, first. */
export function loadEnded(
  query: { readonly limit: number },
  signal: AbortSignal,
): Promise<Answer<'/api/v1/backfills/runs'>> {
  return read('/api/v1/backfills/runs', { status: 'ended', ...query }, signal);
}

/** The latest hours that were rebuilt, first. */
export function loadHours(
  query: { readonly limit: number },
  signal: AbortSignal,
): Promise<Answer<'/api/v1/hours'>> {
  return read('/api/v1/hours', query, signal);
}

function bearer(token: string): { readonly authorization: string } {
  return { authorization: `Bearer ${token}` };
}
