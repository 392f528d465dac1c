/** The plan of a backfill: an activity, because making it takes requests. */
import { makePlan } from '../backfill/plan.ts';
import type { PlanDeps } from '../backfill/plan.ts';
import type { BackfillPlan, PlanInput } from '../contracts/temporal/backfill.ts';
import { runEngine } from './run-engine.ts';

/** @throws ApplicationFailure `InvalidInput` for an unknown wiki, or a range outside what the source keeps */
export async function planBackfill(input: PlanInput, deps: PlanDeps): Promise<BackfillPlan> {
  return runEngine(({ cancellationSignal: signal, log }) =>
    makePlan(input, deps, { signal, warn: message => log.warn(message) }),
  );
}
