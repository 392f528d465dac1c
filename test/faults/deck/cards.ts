/** Which faults are in the deck: those that every pipeline knows, and those of the place where its gold is. */
import type { Fault } from '../support/fault.ts';
import type { Form, GoldKind } from '../support/form.ts';
import { clockFaults } from './clock.ts';
import { goldInS3Faults } from './gold-in-s3.ts';
import { longPostgresFaults, postgresFaults } from './postgres.ts';
import { serverFaults } from './server.ts';
import { longNetworkFaults, networkFaults, streamFaults } from './stream.ts';
import { workerFaults } from './worker.ts';
import { workflowFaults } from './workflow.ts';

const EVERYWHERE = [
  ...workerFaults,
  ...workflowFaults,
  ...serverFaults,
  ...streamFaults,
  ...networkFaults,
  ...clockFaults,
];
const OF_GOLD: Readonly<Record<GoldKind, readonly Fault[]>> = {
  postgres: postgresFaults,
  s3: goldInS3Faults,
};
/** Beside them in the long form. */
const LONG: Readonly<Record<GoldKind, readonly Fault[]>> = {
  postgres: [...longNetworkFaults, ...longPostgresFaults],
  s3: longNetworkFaults,
};

export function deckFor(gold: GoldKind, { isLong, only }: Pick<Form, 'isLong' | 'only'>): Fault[] {
  const deck = [...EVERYWHERE, ...OF_GOLD[gold], ...(isLong ? LONG[gold] : [])];
  return deck.filter(({ name }) => name.includes(only));
}
