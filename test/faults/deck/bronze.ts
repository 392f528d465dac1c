/** What other programs do to the bucket. */
import { expect } from 'vitest';
import { hourPrefix } from '../../../src/contracts/storage/object-keys.ts';
import { addPart } from '../../../src/contracts/temporal/messages.ts';
import { transformHourId } from '../../../src/contracts/temporal/names.ts';
import type { Fault } from '../support/fault.ts';
import { tailOf, untilCommitted } from '../support/movement.ts';

export const bronzeFaults: readonly Fault[] = [
  {
    // An older project names its parts by 32 hex digits; these look like a sequence of ours.
    name: 'bronze: a part of another program, with events of ours',
    async strike({ world, foreign }, { random }) {
      const [part] = (await untilCommitted(world, await tailOf(world))).parts;
      if (part === undefined) throw new Error('a commit with events has no part');
      const stored = await world.store.get(part.key);
      const digits = Array.from({ length: 20 }, () => random.below(16).toString(16)).join('');
      const key = `${hourPrefix(part.hour)}part-000000000001${digits}.ndjson.gz`;
      const body = stored?.body ?? new Uint8Array();
      await world.store.putIfAbsent(key, body, { contentType: 'application/gzip' });
      foreign.push(key);
      // Even where somebody asks for it. The hour may have ended just then.
      const hour = world.client.workflow.getHandle(transformHourId(part.hour));
      await hour.signal(addPart, [key]).catch(() => undefined);
      await untilCommitted(world, await tailOf(world));
      expect(await world.gold.unapplied([key])).toEqual([key]);
    },
  },
];
