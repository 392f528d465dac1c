/** An answer other than success that a route decides on: it becomes a problem document with this text. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly statusCode: number;
  /** Undefined: trying again does not help, or it is not known when. */
  readonly retryAfterSec: number | undefined;

  /** @param detail what happened and what to do; clients read it */
  constructor(statusCode: number, detail: string, options: { readonly retryAfterSec?: number } = {}) {
    super(detail);
    this.statusCode = statusCode;
    this.retryAfterSec = options.retryAfterSec;
  }
}
