/** Looks at all wikis for something unusual, and records it in gold. Started by the Schedule of the same id. */
import { setCurrentDetails } from '@temporalio/workflow';
import type { DetectedAnomalies } from '../contracts/temporal/detect-anomalies.ts';
import { readInput } from '../contracts/temporal/input.ts';
import { detecting } from './policies.ts';

export async function detectAnomalies(raw?: unknown): Promise<DetectedAnomalies> {
  readInput('detectAnomalies', raw, {}, {});
  const detected = await detecting().detectAnomalies();
  setCurrentDetails(sentenceOf(detected));
  return detected;
}

function sentenceOf({ lookedAt, begun, ended, lasting }: DetectedAnomalies): string {
  if (lookedAt === null) return 'nothing new is known since the last look';
  return `looked at all wikis up to ${lookedAt}: ${begun} anomalies began, ${ended} ended, ${lasting} last`;
}
