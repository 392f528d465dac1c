/** Invalid flag values: what was expected, what came, and an example that works. */
import { PipelineError } from '../contracts/errors.ts';

export function badFlag(flag: string, expected: string, got: string, example: string): PipelineError {
  return new PipelineError(`${flag}: expected ${expected}, got ${got}. Example: ${example}`, {
    code: 'bad_configuration',
    op: 'read flags',
    subject: flag,
    retryable: false,
  });
}
