/** The failure for a dump whose bytes cannot be read. */
import { PipelineError } from '../../contracts/errors.ts';
import { sourceProblems } from '../known-problems.ts';

/**
 * Not retryable: the download verifies size and version, so another try would get the same bytes.
 * @param subject URL or name of the file.
 */
export function unreadable(subject: string, why: string, hint?: string): PipelineError {
  return new PipelineError(`${subject}: ${why}`, {
    code: 'dump_unreadable',
    op: 'read dump',
    subject,
    retryable: false,
    hint: hint ?? sourceProblems.badDump.remedy,
  });
}
