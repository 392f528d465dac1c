/** One page of a wiki's recent changes. One activity makes one request, so the rate of the queue limits the requests. */
import { storeApiPage } from '../backfill/api-page.ts';
import type { ApiPageDeps } from '../backfill/api-page.ts';
import type { ApiPageInput, StepResult } from '../contracts/temporal/backfill.ts';
import { runEngine } from './run-engine.ts';

/** @throws ApplicationFailure `CursorRefused` when the API no longer accepts `position`: start the window again */
export async function fetchApiPage(input: ApiPageInput, deps: ApiPageDeps): Promise<StepResult> {
  return runEngine(({ signal }) => storeApiPage(input, deps, signal));
}
