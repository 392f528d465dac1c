/** All of gold is unreachable while everything else keeps running. */
import { expect } from 'vitest';
import { GOLD } from '../../../src/contracts/storage/object-keys.ts';
import { untilHolds } from '../../support/until.ts';
import { crash, restart } from './crash.ts';
import type { GoldPlace } from '../../../src/config/places.ts';
import type { Pipeline } from './pipeline.ts';

interface Absence {
  /** Resolves when requests fail. */
  readonly begin: (pipeline: Pipeline) => Promise<void>;
  readonly end: (pipeline: Pipeline) => Promise<void>;
}

export const goldAway: Readonly<Record<GoldPlace['kind'], Absence>> = {
  postgres: {
    begin: pipeline => crash(pipeline, 'postgres'),
    end: pipeline => restart(pipeline, 'postgres'),
  },
  s3: {
    async begin({ s3Proxy }) {
      const before = s3Proxy.counts.answered;
      s3Proxy.behave({ kind: 'answer', status: 503, share: 1, below: GOLD });
      await untilHolds(() => expect(s3Proxy.counts.answered).toBeGreaterThan(before));
    },
    async end({ s3Proxy }) {
      s3Proxy.behave({ kind: 'pass' });
    },
  },
};
