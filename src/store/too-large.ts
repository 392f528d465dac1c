/** What is far larger than anything we write was not written by us, and would fill the memory of its reader. */
import { PipelineError } from '../contracts/errors.ts';
import { grouped } from '../core/grouped.ts';
import { s3Problems } from './known-problems.ts';

/** Final: reading it again cannot help. */
export function tooLarge(key: string, bytes: number, maxBytes: number): PipelineError {
  const { shows, remedy } = s3Problems.tooLarge;
  return new PipelineError(shows({ key, bytes: grouped(bytes), most: grouped(maxBytes) }), {
    code: 'object_unreadable',
    op: 'get',
    subject: key,
    retryable: false,
    hint: remedy,
  });
}
