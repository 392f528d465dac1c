/** Makes the plan of a backfill, which takes requests to its sources. */
import { Context } from '@temporalio/activity';
import { makePlan } from '../backfill/plan.ts';
import type { PlanDeps } from '../backfill/plan.ts';
import type { BackfillPlan, PlanInput } from '../contracts/temporal/backfill.ts';
import { runEngine } from './run-engine.ts';

/** @throws ApplicationFailure `InvalidInput` for an unknown wiki, or a range that its source does not have */
export async function planBackfill(input: PlanInput, deps: PlanDeps): Promise<BackfillPlan> {
  const { log } = Context.current();
  return runEngine(({ signal }) => makePlan(input, deps, { signal, warn: message => log.warn(message) }));
}
