/** Creates what gold needs where it is missing, for example after the schema was dropped. */
import type { GoldWriter } from '../gold/gold-store.ts';
import { runEngine } from './run-engine.ts';

export function prepareGold({ gold }: { readonly gold: Pick<GoldWriter, 'prepare'> }): Promise<void> {
  return runEngine(() => gold.prepare());
}
