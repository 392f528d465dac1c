/** What a failure leaves behind: logs and data, and how to repeat the run. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { FAILED } from './form.ts';
import type { GoldKind } from './form.ts';

/** Has the suite's folder kept, and says how to repeat the run. For `onTestFailed`. */
export function keepFolder(gold: GoldKind): void {
  const { seed, rounds } = inject('form');
  writeFileSync(join(inject('folder'), FAILED), '');
  console.log(
    `faults: to repeat this, npm run test:faults -- --gold ${gold} --seed ${seed} --rounds ${rounds}`,
  );
}
