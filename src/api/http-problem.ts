/** An answer other than success that a route decides on: it becomes a problem document with this text. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly statusCode: number;

  /** @param detail what happened and what to do; clients read it */
  constructor(statusCode: number, detail: string) {
    super(detail);
    this.statusCode = statusCode;
  }
}
