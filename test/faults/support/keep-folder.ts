/** After a failure: keeps logs and data, and prints how to repeat the run. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { FAILED } from './form.ts';
import type { GoldSetting } from './form.ts';

/** For `onTestFailed`. */
export function keepFolder(gold: GoldSetting): void {
  const { seed, rounds } = inject('form');
  writeFileSync(join(inject('folder'), FAILED), '');
  console.log(
    `faults: to repeat this, run: npm run test:faults -- --gold ${gold === 'postgres,s3' ? 'together' : gold} --seed ${seed} --rounds ${rounds}`,
  );
}
