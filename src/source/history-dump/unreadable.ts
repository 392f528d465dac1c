/** A dump whose bytes make no sense. */
import { PipelineError } from '../../contracts/errors.ts';

/**
 * Not retryable: the download compares sizes and versions, so the same bytes would come again.
 * @param subject URL or name of the file.
 */
export function unreadable(subject: string, why: string, hint?: string): PipelineError {
  return new PipelineError(`${subject}: ${why}`, {
    code: 'dump_unreadable',
    op: 'read dump',
    subject,
    retryable: false,
    hint: hint ?? 'Read the file again; if that does not help, take another snapshot.',
  });
}
