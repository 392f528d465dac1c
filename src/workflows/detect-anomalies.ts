/** Looks at all wikis for something unusual, and records it in gold. Started by the Schedule of the same id. */
import { log, setCurrentDetails } from '@temporalio/workflow';
import type { DetectionResult, QuietHour } from '../contracts/temporal/detect-anomalies.ts';
import { readInput } from '../contracts/temporal/input.ts';
import { detecting } from './policies.ts';

export async function detectAnomalies(raw?: unknown): Promise<DetectionResult> {
  readInput('detectAnomalies', raw, {}, {});
  const detected = await detecting().detectAnomalies();
  const quiet = (detected.judged?.quiet ?? []).map(quietSentence);
  for (const sentence of quiet) log.warn(sentence);
  setCurrentDetails([sentenceOf(detected), ...quiet].join('\n\n'));
  return detected;
}

function sentenceOf({ lookedAt, begun, ended, lasting }: DetectionResult): string {
  if (lookedAt === null) return 'nothing new is known since the last look';
  return `looked at all wikis up to ${lookedAt}: ${begun} anomalies began, ${ended} ended, ${lasting} last`;
}

function quietSentence({ hour, all, wikis }: QuietHour): string {
  const names = `${wikis} ${wikis === 1 ? 'wiki' : 'wikis'}`;
  const whose = all ? (wikis === 0 ? 'all wikis together' : `all wikis together, and ${names}`) : names;
  return `${hour} was quiet: far fewer edits than usual in ${whose}, although no event is missing. GET /api/v1/hours/${hour} has the figures`;
}
