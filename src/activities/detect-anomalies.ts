/**
 * Looks at all wikis for something unusual, and at sealed hours for silence. Idempotent: what was found before has the same
 * id, and an hour is judged once.
 */
import type {
  DetectedAnomalies,
  DetectionResult,
  JudgedHours,
} from '../contracts/temporal/detect-anomalies.ts';
import { runEngine } from './run-engine.ts';

export interface DetectorDeps {
  readonly detector: { detect(nowMs: number, stopSignal: AbortSignal): Promise<DetectedAnomalies> };
  readonly judgeHours: (nowMs: number, stopSignal: AbortSignal) => Promise<JudgedHours>;
}

export function detectAnomalies({ detector, judgeHours }: DetectorDeps): Promise<DetectionResult> {
  return runEngine(async ({ signal }) => {
    const detected = await detector.detect(Date.now(), signal);
    return { ...detected, judged: await judgeHours(Date.now(), signal) };
  });
}
