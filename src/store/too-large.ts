/** What is far larger than anything we write was not written by us, and would fill the memory of its reader. */
import { PipelineError } from '../contracts/errors.ts';

/** Final: reading it again cannot help. */
export function tooLarge(key: string, bytes: number, maxBytes: number): PipelineError {
  const n = (count: number): string => count.toLocaleString('en-US');
  return new PipelineError(`${key} has ${n(bytes)} bytes: no more than ${n(maxBytes)} are read`, {
    code: 'object_unreadable',
    op: 'get',
    subject: key,
    retryable: false,
    hint: 'Nothing that wikigauge writes there is as large. Find out who wrote it, and move it away.',
  });
}
