/** PG_DSN is wrong in a way that only a person can change. */
import { PipelineError } from '../../contracts/errors.ts';

/** @param problem continues “PG_DSN …”, and never contains the password */
export function badDsn(problem: string, hint: string): PipelineError {
  return new PipelineError(`PG_DSN ${problem}`, {
    code: 'bad_configuration',
    op: 'read PG_DSN',
    subject: 'PG_DSN',
    retryable: false,
    hint,
  });
}
