/** What an activity or a child workflow failed with. Workflows compare the type of a failure, never its message. */
import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure } from '@temporalio/common';

/** The first failure, inside those that Temporal wraps around it. */
export function rootCause(error: unknown): unknown {
  return error instanceof ActivityFailure || error instanceof ChildWorkflowFailure
    ? rootCause(error.cause)
    : error;
}

/** Whether the first failure has this type. */
export function isFailureOf(type: string, error: unknown): boolean {
  const cause = rootCause(error);
  return cause instanceof ApplicationFailure && cause.type === type;
}

/** The message of the first failure, for people. */
export function reasonOf(error: unknown): string {
  const cause = rootCause(error);
  return cause instanceof Error ? cause.message : String(cause);
}
