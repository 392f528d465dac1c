/** Invalid flag values: what was expected, what came, and an example that works. */
import { PipelineError } from '../contracts/errors.ts';
import type { Kind } from '../contracts/kinds.ts';
import { settingProblems } from './known-problems.ts';

export function badFlag(flag: string, expected: string, got: string, example: string): PipelineError {
  const { shows, remedy } = settingProblems.wrongFlag;
  return new PipelineError(`${shows({ flag, expected, got })}. ${remedy({ example })}`, {
    code: 'bad_configuration',
    op: 'read flags',
    subject: flag,
    retryable: false,
  });
}

/** The value of a flag. @throws PipelineError `bad_configuration` that names the flag */
export function readFlag<T>(kind: Kind<T>, flag: string, text: string, example: string): T {
  const value = kind.parse(text);
  if (value === undefined) throw badFlag(flag, kind.expected, JSON.stringify(text), example);
  return value;
}
