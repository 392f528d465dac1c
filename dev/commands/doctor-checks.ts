/** What `doctor` checks in a clone besides production's checks. */
import type { Check } from '../../src/commands/doctor.ts';
import { findServer } from '../bootstrap/servers.mjs';

/** Whether the local stack's servers are installed already. */
export function cloneChecks(): Check[] {
  const found = (['temporal', 'versitygw'] as const).map(
    name => `${name} ${findServer(name, process.env) ?? 'will be installed at first start'}`,
  );
  return [{ name: 'servers', look: async () => found.join(', ') }];
}
