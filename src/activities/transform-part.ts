/** ⑤⑥ Adds one part to gold. Idempotent by its key. */
import type {
  PartProgress,
  TransformPartInput,
  TransformPartResult,
} from '../contracts/temporal/transform.ts';
import { isoMs } from '../core/time.ts';
import { applyPart } from '../transform/apply-part.ts';
import type { ApplyDeps } from '../transform/apply-part.ts';
import { runEngine } from './run-engine.ts';

export function transformPart({ key }: TransformPartInput, deps: ApplyDeps): Promise<TransformPartResult> {
  return runEngine(({ signal, note }) => {
    const onWait = (waitingFor: PartProgress['waitingFor']): void => {
      const progress: PartProgress = { waitingFor, since: isoMs(Date.now()) };
      note(progress);
    };
    return applyPart(key, deps, signal, onWait);
  });
}
