/** ⑤⑥ Adds one part to gold. Idempotent by its key. */
import type { TransformPartInput, TransformPartResult } from '../contracts/temporal/transform.ts';
import { applyPart } from '../transform/apply-part.ts';
import type { ApplyDeps } from '../transform/apply-part.ts';
import { runEngine } from './run-engine.ts';

export function transformPart({ key }: TransformPartInput, deps: ApplyDeps): Promise<TransformPartResult> {
  return runEngine(({ signal }) => applyPart(key, deps, signal));
}
