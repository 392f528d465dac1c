/** Errors of the Temporal server, told apart by gRPC status. The text of a message is never compared. */
import { WorkflowNotFoundError, isGrpcServiceError } from '@temporalio/client';

/** As gRPC numbers them. */
const INVALID_ARGUMENT = 3;
const DEADLINE_EXCEEDED = 4;
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const FAILED_PRECONDITION = 9;
const UNAVAILABLE = 14;

/** Someone else created the same thing first. */
export function isAlreadyExists(error: unknown): boolean {
  return hasStatus(error, ALREADY_EXISTS);
}

/** The server does not accept the request, for instance because of a search attribute that it does not know. */
export function isInvalidArgument(error: unknown): boolean {
  return hasStatus(error, INVALID_ARGUMENT) || hasStatus(causeOf(error), INVALID_ARGUMENT);
}

/** What was named does not exist. */
export function isNotFound(error: unknown): boolean {
  return hasStatus(error, NOT_FOUND);
}

/** The workflow task that was to take an update failed. The next one has not seen the update. */
export function isTaskFailed(error: unknown): boolean {
  return hasStatus(error, FAILED_PRECONDITION) || hasStatus(causeOf(error), FAILED_PRECONDITION);
}

/** The server is away, or too slow to answer. */
export function isAway(error: unknown): boolean {
  const away = [DEADLINE_EXCEEDED, UNAVAILABLE];
  return away.some(status => hasStatus(error, status) || hasStatus(causeOf(error), status));
}

/** The SDK wraps the errors of some requests, such as a start and an update. */
function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

function hasStatus(error: unknown, status: number): boolean {
  if (!isGrpcServiceError(error)) return false;
  const code: number = error.code;
  return code === status;
}

/**
 * No run of the workflow is open: it never started, or it has ended. The SDK throws this class for NOT_FOUND, except
 * when the namespace is what was not found.
 */
export function isNotRunning(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError;
}

/** For `catch`: undefined when there is no such run. @throws every other error */
export function absentRun(error: unknown): undefined {
  if (!isNotRunning(error)) throw error;
}

/** The first failure: the outer ones only say that a workflow and an activity failed. */
export function innermostCause(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? innermostCause(error.cause) : error;
}
