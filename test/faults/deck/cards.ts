/** The deck: the faults that can strike every pipeline, and those of the places where its gold is. */
import type { Fault } from '../support/fault.ts';
import type { GoldPlace } from '../../../src/config/places.ts';
import { placesOf } from '../support/form.ts';
import type { Form, GoldSetting } from '../support/form.ts';
import { bronzeFaults } from './bronze.ts';
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
  ...bronzeFaults,
  ...clockFaults,
];
const OF_GOLD: Readonly<Record<GoldPlace['kind'], readonly Fault[]>> = {
  postgres: postgresFaults,
  s3: goldInS3Faults,
};
/** Added in the long form. */
const LONG_OF_GOLD: Readonly<Record<GoldPlace['kind'], readonly Fault[]>> = {
  postgres: longPostgresFaults,
  s3: [],
};

export function deckFor(gold: GoldSetting, { isLong, only }: Pick<Form, 'isLong' | 'only'>): Fault[] {
  const places = placesOf(gold);
  const slow = isLong ? [...longNetworkFaults, ...places.flatMap(place => LONG_OF_GOLD[place])] : [];
  const deck = [...EVERYWHERE, ...places.flatMap(place => OF_GOLD[place]), ...slow];
  return deck.filter(({ name }) => name.includes(only));
}
