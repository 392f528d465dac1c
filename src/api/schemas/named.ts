/**
 * Objects that have a name: the description of the API has each of them once, with an example, and everything else refers
 * to it (`plugins/named-schemas.ts`). Routes see whole schemas. `all.ts` lists them.
 */
import { Type } from 'typebox';
import type { Static, TObject, TProperties } from 'typebox';

/** The keyword with the name. */
export const NAME = 'x-name';

/** An object with a name, without other fields than these. */
export interface Named<P extends TProperties = TProperties> extends TObject<P> {
  readonly [NAME]: string;
  readonly examples: readonly [Static<TObject<P>>, ...Static<TObject<P>>[]];
}

/** @param name unique in the description */
export function named<P extends TProperties>(
  name: string,
  properties: P,
  about: { readonly description: string; readonly examples: NoInfer<Named<P>['examples']> },
): Named<P> {
  const { examples } = about;
  const schema = Type.Object(properties, { additionalProperties: false, ...about });
  return Object.assign(schema, { [NAME]: name, examples } as const);
}
