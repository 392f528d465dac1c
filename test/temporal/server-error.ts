/** Errors as the gRPC client of Temporal throws them. */

/** Status codes of gRPC that the tests use. */
export const STATUS = {
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  UNAVAILABLE: 14,
};

/** An error with a gRPC status; `details` is free text. */
export function serverError(code: number, details: string): Error {
  return Object.assign(new Error(`${code}: ${details}`), { code, details, metadata: {} });
}
