/** Makes the plan of a backfill, which takes requests to its sources. */
import { Context } from '@temporalio/activity';
import { makePlan } from '../backfill/plan.ts';
import type { PlanDeps } from '../backfill/plan.ts';
import type { BackfillPlan, PlanInput } from '../contracts/temporal/backfill.ts';
import { runEngine } from './run-engine.ts';

export interface PlanBackfillDeps extends PlanDeps {
  /** Whether a run may set the search attributes of backfills. */
  readonly areBackfillsIndexed: boolean;
}

/** @throws ApplicationFailure `InvalidInput` for an unknown wiki, or a range that its source does not have */
export async function planBackfill(
  input: PlanInput,
  { areBackfillsIndexed: isIndexed, ...deps }: PlanBackfillDeps,
): Promise<BackfillPlan> {
  const { log } = Context.current();
  const warn = (message: string): void => log.warn(message);
  return runEngine(async ({ signal }) => ({
    ...(await makePlan(input, deps, { signal, warn })),
    ...(isIndexed && { isIndexed }),
  }));
}
