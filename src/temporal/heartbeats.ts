/** What the activities of a run said of themselves last. Their workers may be of another version, so nothing is trusted. */
import { defaultPayloadConverter } from '@temporalio/common';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { isObject } from '../core/json.ts';
import type { Json } from '../core/json.ts';

export type PendingActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** Details of the last heartbeat; undefined before the first one, and when they are not a JSON object. */
export function heartbeatOf(pending: PendingActivity | undefined): Json | undefined {
  const payload = pending?.heartbeatDetails?.payloads?.[0];
  if (payload === undefined) return undefined;
  try {
    const value: unknown = defaultPayloadConverter.fromPayload(payload);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
