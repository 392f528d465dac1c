/** Looks at all wikis for something unusual. Idempotent: what was found before has the same id. */
import type { DetectedAnomalies } from '../contracts/temporal/detect-anomalies.ts';
import { runEngine } from './run-engine.ts';

export interface DetectorDeps {
  readonly detector: { detect(nowMs: number, stopSignal: AbortSignal): Promise<DetectedAnomalies> };
}

export function detectAnomalies({ detector }: DetectorDeps): Promise<DetectedAnomalies> {
  return runEngine(({ signal }) => detector.detect(Date.now(), signal));
}
