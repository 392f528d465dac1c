/** ⑧ Requests of the parts of the page that say what is unusual, and why. */
import { read } from './api-client.ts';
import type { Operations, Schemas } from './api-types.ts';

export type Anomaly = Schemas['Anomaly'];
export type Explanation = Schemas['Explanation'];
export type AnomaliesQuery = Operations['GET /api/v1/anomalies']['query'];
export type ExplainQuery = Operations['GET /api/v1/explain']['query'];

export async function loadAnomalies(query: AnomaliesQuery, signal: AbortSignal): Promise<readonly Anomaly[]> {
  return (await read('/api/v1/anomalies', query, signal)).anomalies;
}

/** Reads the events of the range once more, which takes a second or two. */
export function loadExplanation(query: ExplainQuery, signal: AbortSignal): Promise<Explanation> {
  return read('/api/v1/explain', query, signal);
}
