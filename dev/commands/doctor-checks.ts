/** The checks that `doctor` adds in a clone. */
import type { Check } from '../../src/commands/doctor.ts';
import { findServer } from '../bootstrap/servers.mjs';

/** Whether the servers of the local stack are installed. */
export function cloneChecks(): Check[] {
  const found = (['temporal', 'versitygw'] as const).map(
    name => `${name} ${findServer(name, process.env) ?? '(installed at first start)'}`,
  );
  return [{ name: 'servers', look: async () => found.join(', ') }];
}
