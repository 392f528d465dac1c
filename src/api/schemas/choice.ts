/** A parameter that is one of a few words. */
import { Type } from 'typebox';
import type { TUnsafe } from 'typebox';
import { choice } from '../../contracts/kinds.ts';

export function Choice<const T extends string>(
  options: readonly T[],
  about: { readonly default: T; readonly description: string },
): TUnsafe<T> {
  const { expected } = choice(options);
  return Type.Unsafe<T>({
    type: 'string',
    enum: options,
    ...about,
    examples: [about.default],
    'x-expected': expected,
  });
}
